import { IntlMessageFormat } from 'intl-messageformat';
import { languages } from './types.js';
import type { Language, Text } from './types.js';
import type { KnowledgeProblem } from './problem.js';
import { show } from './source.js';
import type { Path, Source } from './source.js';

/** What a text may speak of besides inputs and settings: the subject at hand. */
export const subjectPlaceholders: readonly string[] = ['lesion', 'order', 'today', 'missing', 'missingCount'];

/** A hook answer's summary must stay under this length (CDS Hooks 2.0, card attributes). */
const summaryLimit = 140;

/** `TYPE.literal` of the ICU parser, which is no dependency of ours. */
const isLiteral = ({ type }: { readonly type: number }): boolean => type === 0;

type Elements = ReturnType<IntlMessageFormat['getAst']>;

function collectNames(elements: Elements, into: Set<string>): Set<string> {
  for (const element of elements) {
    if ('options' in element) {
      into.add(element.value);
      for (const option of Object.values(element.options)) collectNames(option.value, into);
    } else if ('children' in element) collectNames(element.children, into);
    else if ('value' in element && !isLiteral(element)) into.add(element.value);
  }
  return into;
}

/** Placeholders of an ICU message; throws the parser's error. Markup is text: `< 30 mL/min` is no tag. */
export function placeholdersOf(message: string, language: Language): ReadonlySet<string> {
  const format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
  return collectNames(format.getAst(), new Set());
}

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
  const found: ReadonlySet<string>[] = [];
  for (const language of languages) {
    const here = [...path, language];
    try {
      const names = placeholdersOf(text[language], language);
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
  return languages.flatMap((language) => {
    const words = text[language].replace(/\{[^{}]*\}/g, '');
    return words.length < summaryLimit
      ? []
      : [
          source.problem(
            'TEXT_INVALID',
            [...path, language],
            `fewer than ${summaryLimit} characters`,
            `${words.length} characters`,
          ),
        ];
  });
}
