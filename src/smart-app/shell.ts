import en from './strings/en.json' with { type: 'json' };
import fr from './strings/fr.json' with { type: 'json' };
import { escaped, type Shell } from '../ui/build.js';

const strings = { en, fr };

/** What the app says before any script has come: that it connects, or that it reads the chart. */
export function shellOf(language: keyof typeof strings, page: string): Shell {
  const words = strings[language];
  const said = page.startsWith('launch') ? words['app.launching'] : words['app.loading'];
  return {
    title: words['app.title'],
    markup: `<main class="page"><p role="status">${escaped(said)}</p></main>`,
  };
}
