import en from './texts/en.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };
import { escaped, type Shell } from '../../ui/build.js';
import type { Language } from './language.js';
import { allScenarios, scenarioAddress } from './scenarios.js';

const texts = { en, fr };

/** What stands on the first page before any script has come: what this is, and what can be tried. */
export function shellOf(language: Language): Shell {
  const words = texts[language];
  const tiles = allScenarios.map((scenario) => {
    const { title, told } = scenario[language];
    return `<li><a class="tile" href="${scenarioAddress(scenario)}"><span class="tile-hook">${scenario.hook}</span><strong>${escaped(title)}</strong><span>${escaped(told)}</span></a></li>`;
  });
  const markup = `<div class="frame"><header class="top"><p class="brand">${escaped(words.title)} <span>${escaped(words.notReal)}</span></p></header><main class="home"><h1>${escaped(words.what)}</h1><p class="lead">${escaped(words.lead)}</p><h2>${escaped(words.tryIt)}</h2><ul class="tiles plain">${tiles.join('')}</ul></main></div>`;
  return { title: words.title, markup };
}
