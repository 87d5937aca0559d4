import { StrictMode } from 'react';
import { createRoot } from '../../ui/root.js';
import { App } from './app.js';
import { firstSpeech, LanguageProvider } from './language.js';
import '../../ui/tokens.css';
import '../../ui/base.css';
import '../../ui/parts.css';
import '../../ui/body/tones.css';
import './styles.css';
import './drawer.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
const first = await firstSpeech();
// What could be read before gives way to the page itself.
root.replaceChildren();
createRoot(root).render(
  <StrictMode>
    <LanguageProvider first={first}>
      <App />
    </LanguageProvider>
  </StrictMode>,
);
