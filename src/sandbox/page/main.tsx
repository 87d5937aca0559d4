import { StrictMode } from 'react';
import { createRoot } from '../../ui/root.js';
import { App } from './app.js';
import { LanguageProvider } from './language.js';
import '../../ui/tokens.css';
import '../../ui/base.css';
import '../../ui/parts.css';
import '../../ui/body/tones.css';
import './styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <App />
    </LanguageProvider>
  </StrictMode>,
);
