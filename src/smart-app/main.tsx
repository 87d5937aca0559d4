import { StrictMode } from 'react';
import { createRoot } from '../ui/root.js';
import { App } from './components/app.js';
import { browserLanguage } from './load.js';
import { appIn } from './speech.js';
import './style.css';

const root = document.getElementById('app');
if (root !== null) {
  const speech = await appIn(browserLanguage());
  // What could be read before gives way to the app.
  root.replaceChildren();
  createRoot(root).render(
    <StrictMode>
      <App speech={speech} />
    </StrictMode>,
  );
}
