import { wordsIn, type Spoken } from '../knowledge/catalogues.js';
import type { Language } from '../knowledge/types.js';
import { escaped, type Shell } from '../ui/build.js';

/** What the app says before any script has come: that it connects, or that it reads the chart. */
export function shellOf(spoken: Spoken, language: Language, page: string): Shell {
  const say = wordsIn(spoken, 'app', language);
  const said = say(page.startsWith('launch') ? 'app.launching' : 'app.loading');
  return {
    title: say('app.title'),
    markup: `<main class="page"><p role="status">${escaped(said)}</p></main>`,
    noScript: say('app.noScript'),
  };
}
