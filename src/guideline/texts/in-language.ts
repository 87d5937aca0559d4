import type { Language } from '../../knowledge/types.js';
import { english } from './en.js';
import { french } from './fr.js';
import type { Texts } from './texts.js';

const texts: Readonly<Record<Language, Texts>> = { en: english, fr: french };

/** The fixed words in one language. */
export function textsIn(language: Language): Texts {
  return texts[language] ?? english;
}
