import { wordsIn, type Spoken } from '../../knowledge/catalogues.js';
import type { Language } from '../../knowledge/types.js';
import { escaped, type Shell } from '../../ui/build.js';
import { allScenarios, scenarioAddress, toldIn } from './scenarios.js';

/** What stands on the first page before any script has come: what this is, and what can be tried. */
export function shellOf(spoken: Spoken, language: Language): Shell {
  const say = wordsIn(spoken, 'sandbox', language);
  const tiles = allScenarios.map((scenario) => {
    const { title, told } = toldIn(scenario, language);
    return `<li><a class="tile" href="${scenarioAddress(scenario)}"><span class="tile-hook">${scenario.hook}</span><strong>${escaped(title)}</strong><span>${escaped(told)}</span></a></li>`;
  });
  const markup = `<div class="frame"><header class="top"><p class="brand">${escaped(say('title'))} <span>${escaped(say('notReal'))}</span></p></header><main class="home"><h1>${escaped(say('what'))}</h1><p class="lead">${escaped(say('lead'))}</p><h2>${escaped(say('tryIt'))}</h2><ul class="tiles plain">${tiles.join('')}</ul></main></div>`;
  return { title: say('title'), markup };
}
