import { frozenMap } from './freeze.js';
import { defaultLanguage, isComplete } from '../text.js';
import type { Pattern } from '../words/elements.js';
import { compilePattern } from '../words/pattern.js';
import { sayWith, type CatalogueName, type Say } from '../words/say.js';
import type { Language, SpokenLanguage } from './types.js';

/** Key → ICU pattern. */
type Patterns = Readonly<Record<string, string>>;

/** Language → name of the catalogue → its words. */
export type Catalogues = ReadonlyMap<Language, ReadonlyMap<string, Patterns>>;

/** The languages and what is said in them; part of the knowledge. */
export interface Spoken {
  readonly catalogues: Catalogues;
  readonly languages: readonly SpokenLanguage[];
}

/** Of which language and which page a file of words is: `languages/<code>/<name>.yaml`. */
export function placeOfCatalogue(file: string): { readonly language: Language; readonly name: string } {
  const [, language = '', name = ''] = /^languages\/([^/]+)\/([^/]+)\.yaml$/.exec(file) ?? [];
  return { language, name };
}

/** What is empty in a further language is still to be translated. */
function filledIn(patterns: Patterns): Patterns {
  return Object.fromEntries(Object.entries(patterns).filter(([, pattern]) => pattern !== ''));
}

/** The words of all files, by language. */
export function cataloguesOf(
  artifacts: readonly { readonly source: { readonly file: string }; readonly value: Patterns }[],
): Catalogues {
  const byLanguage = new Map<Language, Map<string, Patterns>>();
  for (const { source, value } of artifacts) {
    const { language, name } = placeOfCatalogue(source.file);
    const said = isComplete(language) ? value : filledIn(value);
    byLanguage.set(language, (byLanguage.get(language) ?? new Map<string, Patterns>()).set(name, said));
  }
  return frozenMap([...byLanguage].map(([language, named]) => [language, frozenMap(named)] as const));
}

/**
 * The words of a page or report in one language; what it lacks is said in English. Patterns are compiled when they are
 * first said. Throws RangeError for a key that English lacks, which the check of the artifacts refuses.
 */
export function wordsIn<Name extends CatalogueName>(
  { catalogues, languages }: Spoken,
  name: Name,
  language: Language,
): Say<Name> {
  const compiled = new Map<string, Pattern>();
  const find = (key: string): Pattern => {
    const speaker = [language, defaultLanguage].find(
      (each) => patternIn(catalogues, each, name, key) !== undefined,
    );
    const pattern = speaker === undefined ? undefined : patternIn(catalogues, speaker, name, key);
    if (pattern === undefined) throw new RangeError(`no words for ${name} ${key}`);
    // English words count as English does.
    return compilePattern(pattern, languages.find(({ code }) => code === speaker)?.locale ?? defaultLanguage);
  };
  return sayWith<Name>((key) => {
    const known = compiled.get(key) ?? find(key);
    compiled.set(key, known);
    return known;
  });
}

function patternIn(
  catalogues: Catalogues,
  language: Language,
  name: string,
  key: string,
): string | undefined {
  const patterns = catalogues.get(language)?.get(name);
  return patterns !== undefined && Object.hasOwn(patterns, key) ? patterns[key] : undefined;
}

/** All words of a page in one language, those that it lacks in English: key → ICU pattern. */
export function wordsOf(catalogues: Catalogues, name: CatalogueName, language: Language): Patterns {
  return { ...catalogues.get(defaultLanguage)?.get(name), ...catalogues.get(language)?.get(name) };
}

/** What each further language has not translated yet: `language`, catalogue and keys. */
export function missingWords({ catalogues, languages }: Spoken): readonly {
  readonly language: Language;
  readonly name: string;
  readonly keys: readonly string[];
}[] {
  const english = catalogues.get(defaultLanguage) ?? new Map<string, Patterns>();
  return languages.flatMap(({ code: language }) =>
    [...english].flatMap(([name, patterns]) => {
      const keys = Object.keys(patterns).filter(
        (key) => patterns[key] !== '' && patternIn(catalogues, language, name, key) === undefined,
      );
      return keys.length === 0 ? [] : [{ language, name, keys }];
    }),
  );
}
