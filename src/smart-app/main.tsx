import { StrictMode } from 'react';
import { createRoot } from '../ui/root.js';
import { App } from './components/app.js';
import './style.css';

const root = document.getElementById('app');
if (root !== null) {
  // What could be read before gives way to the app.
  root.replaceChildren();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
