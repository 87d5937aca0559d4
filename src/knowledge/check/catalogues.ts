import { completeLanguages, defaultLanguage, isComplete } from '../../text.js';
import { compileElements } from '../../words/elements.js';
import { elementsOf } from '../../words/pattern.js';
import { places } from '../../words/places.js';
import { placeOfCatalogue } from '../catalogues.js';
import { placeholdersOf } from '../placeholders.js';
import type { KnowledgeProblem } from '../problem.js';
import type { Source } from '../read/artifact-file.js';
import { show } from '../read/source.js';
import type { Artifacts, CheckContext } from './context.js';

const asked: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = places;

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'no place' : names.map((name) => `{${name}}`).join(' ');

/**
 * English and French have words for everything that code says; every language has them for nothing else, as ICU patterns
 * that a browser without their library can fill in, with the same places.
 */
export function checkCatalogues(context: CheckContext, { catalogues, languages }: Artifacts): void {
  const spoken = new Set(languages.map(({ value }) => value.code));
  for (const { source, value } of catalogues) {
    const { language, name } = placeOfCatalogue(source.file);
    if (!spoken.has(language))
      context.report(source.problem('FILE_MISSING', [], 'language.yaml beside it', 'none that can be used'));
    const keys = asked[name];
    if (keys === undefined) {
      const known = `words for one of ${Object.keys(asked).join(', ')}`;
      context.report(source.problem('FILE_UNKNOWN', [], known, source.file));
      continue;
    }
    const given = Object.entries(value).filter(
      ([key, pattern]) => pattern !== '' || isComplete(language) || keys[key] === undefined,
    );
    for (const [key, pattern] of given)
      patternProblems(source, key, pattern, keys[key]).forEach(context.report);
    if (!isComplete(language)) continue;
    for (const key of Object.keys(keys).filter((each) => !Object.hasOwn(value, each)))
      context.report(source.problem('TEXT_INVALID', [], `words for ${key}`, 'none'));
  }
  checkFiles(
    context,
    catalogues.map(({ source }) => source),
  );
}

/** A folder without any words of pages (in tests of the loader) needs none. */
function checkFiles(context: CheckContext, sources: readonly Source[]): void {
  const [first] = sources;
  if (first === undefined) return;
  const there = new Set(sources.map(({ file }) => file));
  for (const language of completeLanguages)
    for (const name of Object.keys(asked)) {
      const file = `languages/${language}/${name}.yaml`;
      if (!there.has(file)) context.report(first.problem('FILE_MISSING', [], `${file} beside it`, 'none'));
    }
}

function patternProblems(
  source: Source,
  key: string,
  pattern: string,
  expected: readonly string[] | undefined,
): readonly KnowledgeProblem[] {
  if (expected === undefined)
    return [source.problemAtKey('NAME_UNKNOWN', [key], `a key of the catalogue in ${defaultLanguage}`, key)];
  try {
    const found = [...placeholdersOf(pattern)].sort();
    const isSame = listed(found) === listed(expected);
    const isSimple = compileElements(elementsOf(pattern), defaultLanguage) !== undefined;
    return [
      ...(isSame ? [] : [source.problem('TEXT_INVALID', [key], listed(expected), listed(found))]),
      ...(isSimple
        ? []
        : [source.problem('TEXT_INVALID', [key], 'words, places, choices and plurals', show(pattern))]),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [source.problem('TEXT_INVALID', [key], 'an ICU message', `${show(pattern)} (${why})`)];
  }
}
