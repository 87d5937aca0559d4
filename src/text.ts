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
