import type { Language, SpokenLanguage } from '../knowledge/types.js';
import { defaultLanguage } from '../text.js';
import { compileElements, type Elements, type Pattern } from '../words/elements.js';
import { sayWith, type CatalogueName, type KeyIn, type Say } from '../words/say.js';

/** Words as the build sends them: what has no place is text, the rest is parsed already. */
export type SentWords = Readonly<Record<string, string | Elements>>;

/** What the build of a page puts into it: which languages there are, and the words of one when it is asked for. */
export interface Built<Name extends CatalogueName> {
  readonly name: Name;
  readonly languages: readonly SpokenLanguage[];
  readonly words: ReadonlyMap<Language, () => Promise<SentWords>>;
}

/** A language with its words. */
export interface Speech<Name extends CatalogueName> {
  readonly spoken: SpokenLanguage;
  readonly say: Say<Name>;
  /** The key of a code that comes from elsewhere: `keyOf('state.', code)`; undefined where there are no words for it. */
  readonly keyOf: <Prefix extends string>(prefix: Prefix, code: string) => KeyUnder<Name, Prefix> | undefined;
}

type KeyUnder<Name extends CatalogueName, Prefix extends string> = Extract<KeyIn<Name>, `${Prefix}${string}`>;

/** The first language that is there, of tags in order of preference (`de-AT`); English when none of them is. */
export function firstSpoken(
  tags: readonly (string | undefined)[],
  languages: readonly SpokenLanguage[],
): Language {
  for (const tag of tags) {
    const asked = tag?.toLowerCase().split(/[-_]/)[0];
    const found = languages.find(({ code }) => code === asked);
    if (found !== undefined) return found.code;
  }
  return defaultLanguage;
}

/**
 * Fetches the words of a language; of one whose words cannot be had, those of English.
 * @throws TypeError where the words of English cannot be fetched either
 */
export async function speechIn<Name extends CatalogueName>(
  built: Built<Name>,
  language: Language,
): Promise<Speech<Name>> {
  const { languages, words } = built;
  const spoken = languages.find(({ code }) => code === language);
  const load = words.get(language);
  if (spoken === undefined || load === undefined) throw new TypeError(`${language} is not spoken`);
  try {
    return speechOf(spoken, await load());
  } catch (error) {
    if (language === defaultLanguage) throw error;
    return speechIn(built, defaultLanguage);
  }
}

function speechOf<Name extends CatalogueName>(spoken: SpokenLanguage, words: SentWords): Speech<Name> {
  return {
    spoken,
    say: sayWith<Name>(patternsOf(words, spoken.locale)),
    keyOf: <Prefix extends string>(prefix: Prefix, code: string) => {
      const isKey = (key: string): key is KeyUnder<Name, Prefix> => Object.hasOwn(words, key);
      const key: string = `${prefix}${code}`;
      return isKey(key) ? key : undefined;
    },
  };
}

function patternsOf(words: SentWords, locale: string): (key: string) => Pattern {
  const compiled = new Map<string, Pattern>();
  const compile = (key: string): Pattern => {
    const sent = words[key];
    const pattern = typeof sent === 'string' ? () => sent : compileElements(sent ?? [], locale);
    // The build lets no other kinds through, and has words for all keys.
    if (pattern === undefined) throw new RangeError(`${key} cannot be said`);
    return pattern;
  };
  return (key) => {
    const known = compiled.get(key) ?? compile(key);
    compiled.set(key, known);
    return known;
  };
}
