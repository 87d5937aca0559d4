import { placeholdersOf, wordsOf } from '../placeholders.js';
import { completeLanguages, isComplete } from '../../text.js';
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
 * A text is an ICU message in each language, speaks only of what exists, and of the same in all languages.
 * @param known names of inputs and settings
 */
export function textProblems(
  source: Source,
  path: Path,
  text: Text,
  known: ReadonlySet<string>,
): readonly KnowledgeProblem[] {
  return [
    ...messageProblems(source, path, text),
    ...Object.entries(text).flatMap(([language, content]) => {
      const here = [...path, language];
      const unknown = placesIn(content).filter(
        (name) => !known.has(name) && !subjectPlaceholders.includes(name),
      );
      // A CDS client shows Markdown, and some show HTML as HTML.
      const tag = /<\/?[a-z][^>]*>/i.exec(content);
      return [
        ...unknown.map((name) =>
          source.problem('TEXT_INVALID', here, 'the name of an input or setting', `{${name}}`),
        ),
        ...(tag === null ? [] : [source.problem('TEXT_INVALID', here, 'no HTML', tag[0])]),
      ];
    }),
  ];
}

/** A text is an ICU message in each language, with the same places in all of them. */
export function messageProblems(source: Source, path: Path, text: Text): readonly KnowledgeProblem[] {
  const problems: KnowledgeProblem[] = [];
  const found = new Map<string, string>();
  for (const [language, content] of Object.entries(text)) {
    try {
      found.set(language, list(placeholdersOf(content)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const here = [...path, language];
      problems.push(source.problem('TEXT_INVALID', here, 'an ICU message', `${show(content)} (${why})`));
    }
  }
  const complete = completeLanguages.flatMap((language) => found.get(language) ?? []);
  const [first, ...others] = complete;
  if (first === undefined) return problems;
  const expected = 'the same placeholders in both languages';
  if (others.some((names) => names !== first))
    problems.push(source.problem('TEXT_INVALID', path, expected, complete.join(' / ')));
  for (const [language, names] of found) {
    if (names !== first && !isComplete(language))
      problems.push(
        source.problem(
          'TEXT_INVALID',
          [...path, language],
          `the placeholders of the English: ${first}`,
          names,
        ),
      );
  }
  return problems;
}

/** What is no ICU message is told by `messageProblems`. */
function placesIn(message: string): readonly string[] {
  try {
    return placeholdersOf(message);
  } catch {
    return [];
  }
}

/** The words of a summary alone must already fit; what the placeholders become is cut when the card is made. */
export function summaryProblems(source: Source, path: Path, text: Text): readonly KnowledgeProblem[] {
  return Object.entries(text).flatMap(([language, content]) => {
    const characters = lengthOf(content);
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

/** What is no ICU message is told by `messageProblems`. */
function lengthOf(message: string): number {
  try {
    return wordsOf(message);
  } catch {
    return 0;
  }
}
