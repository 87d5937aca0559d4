import '../../ui/tokens.css';
import '../../ui/base.css';
import '../../ui/parts.css';
import './guideline.css';
import { enliven } from './live.js';
import { addSliders } from './sliders.js';

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-live]')) {
  addSliders(form);
  enliven(form);
}
