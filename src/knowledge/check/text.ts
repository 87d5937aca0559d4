import { placeholdersOf, wordsOf } from '../placeholders.js';
import { completeLanguages } from '../../text.js';
import type { Text } from '../types.js';
import type { KnowledgeProblem } from '../problem.js';
import { show } from '../read/source.js';
import type { Path, Source } from '../read/artifact-file.js';

/** What a text may speak of besides inputs and settings: the subject at hand. */
const subjectPlaceholders: readonly string[] = [
  'lesion',
  'order',
  'missing',
  'missingCount',
  // «unread» where an entry that may be what is looked for cannot be read, else «read».
  'entries',
  'entry',
  'level',
];

/** A hook answer's summary must stay under this length (CDS Hooks 2.0, card attributes). */
const summaryLimit = 140;

const list = (names: Iterable<string>): string => {
  const written = [...names].sort().map((name) => `{${name}}`);
  return written.length === 0 ? 'no placeholder' : written.join(' ');
};

/**
 * A text is an ICU message in each language, speaks only of what exists, and of the same in both languages.
 * @param known names of inputs and settings
 */
export function textProblems(
  source: Source,
  path: Path,
  text: Text,
  known: ReadonlySet<string>,
): readonly KnowledgeProblem[] {
  const problems: KnowledgeProblem[] = [];
  const found: (readonly string[])[] = [];
  for (const language of completeLanguages) {
    const here = [...path, language];
    try {
      const names = placeholdersOf(text[language]);
      found.push(names);
      for (const name of names) {
        if (known.has(name) || subjectPlaceholders.includes(name)) continue;
        problems.push(source.problem('TEXT_INVALID', here, 'the name of an input or setting', `{${name}}`));
      }
      // A CDS client shows Markdown, and some show HTML as HTML.
      const tag = /<\/?[a-z][^>]*>/i.exec(text[language]);
      if (tag) problems.push(source.problem('TEXT_INVALID', here, 'no HTML', tag[0]));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push(
        source.problem('TEXT_INVALID', here, 'an ICU message', `${show(text[language])} (${why})`),
      );
    }
  }
  const [first, ...others] = found;
  if (first && others.some((names) => list(names) !== list(first)))
    problems.push(
      source.problem(
        'TEXT_INVALID',
        path,
        'the same placeholders in both languages',
        found.map(list).join(' / '),
      ),
    );
  return problems;
}

/** The words of a summary alone must already fit; what the placeholders become is cut when the card is made. */
export function summaryProblems(source: Source, path: Path, text: Text): readonly KnowledgeProblem[] {
  return completeLanguages.flatMap((language) => {
    const characters = lengthOf(text[language]);
    return characters < summaryLimit
      ? []
      : [
          source.problem(
            'TEXT_INVALID',
            [...path, language],
            `fewer than ${summaryLimit} characters`,
            `${characters} characters`,
          ),
        ];
  });
}

/** What is no ICU message is told by `textProblems`. */
function lengthOf(message: string): number {
  try {
    return wordsOf(message);
  } catch {
    return 0;
  }
}
