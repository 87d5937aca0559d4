import type { Language, Text } from './knowledge/types.js';

/** The language in which nothing is missing: what another one lacks is said in it. */
export const defaultLanguage = 'en';

/** The languages that stand beside each other in each artifact: a text that lacks one of them is refused. */
export const completeLanguages = ['en', 'fr'] as const;

/** Whether a language stands in the artifacts themselves, and not in files of its own. */
export function isComplete(language: Language): boolean {
  return completeLanguages.some((each) => each === language);
}

/** A text in this language; in English where it has not been translated. */
export function textIn(text: Text, language: Language): string;
export function textIn(text: Text | undefined, language: Language): string | undefined;
export function textIn(text: Text | undefined, language: Language): string | undefined {
  return text?.[language] ?? text?.[defaultLanguage];
}

/** A text that is made anew in each language: English, French and those of the further ones that it is wanted in. */
export function inEach(languages: Iterable<Language>, make: (language: Language) => string): Text {
  const further = [...new Set(languages)].filter((language) => !isComplete(language));
  return {
    en: make('en'),
    fr: make('fr'),
    ...Object.fromEntries(further.map((language) => [language, make(language)])),
  };
}

/** A text that is made of others, in each language that one of them is said in. */
export function madeOf(
  parts: readonly Text[],
  make: (said: (part: Text) => string, language: Language) => string,
): Text {
  return inEach(parts.flatMap(Object.keys), (language) => make((part) => textIn(part, language), language));
}
