import type { Fact } from '../chart/chart.js';
import { daySpan } from '../chart/dates.js';
import { text } from '../chart/element.js';
import { isDated } from '../knowledge/dated.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Input } from '../knowledge/types.js';
import type { Value } from '../rules/value.js';
import { asWritten, inWords, isWrittenIn } from './values.js';
import type { Wording } from './wording.js';

const mostFacts = 3;

/** What is said around a fact, and need not be said again in it. */
interface Around {
  readonly title: string;
  /** The input is about the bone lesions: where one is says more than that it is a metastasis. */
  readonly isLesion: boolean;
  readonly value: string | undefined;
  readonly unit: string | undefined;
  /** The value, where it is one number. */
  readonly number: number | undefined;
}

/**
 * What an input rests on: `28 mL/min (3 Oct 2026)`, `20 Apr 2026 — zoledronic acid`, `none documented`. Nothing is said
 * twice in one line: a fact that is called like the input gives its value and date alone.
 */
export function factsInWords(
  input: Input,
  value: Value,
  title: string,
  knowledge: Knowledge,
  wording: Wording,
): string | undefined {
  const words = valueInWords(input, value, knowledge, wording);
  const [only] = value.possible;
  if (value.facts.length === 0) {
    if (value.possible.length === 1 && only === false) return wording.phrase('none-documented');
    if (only !== undefined) return words;
    // Of what would have a day, nothing was found in lists that were read.
    const isNone = input.kind === 'selected' && isDated(input) && value.absent === undefined;
    return wording.phrase(isNone ? 'none-documented' : 'not-documented');
  }
  const around = {
    title,
    isLesion: input.kind === 'lesions',
    value: words,
    unit: 'unit' in input ? input.unit : undefined,
    number: typeof only === 'number' && value.possible.length === 1 ? only : undefined,
  };
  const [fact, ...others] = value.facts;
  const isDirect =
    input.kind === 'selected' && ['number', 'boolean', 'answer'].includes(input.read) && others.length === 0;
  if (fact !== undefined && isDirect && answerOf(fact, wording) !== undefined) {
    return wording.phrase('dated', { said: resultOf(fact, around, wording), date: dateOf(fact, wording) });
  }
  const isDate = isDated(input);
  const named = isDate && words !== undefined ? namesAt(words, value.facts, around, wording) : undefined;
  // «Date of the Frankel grade: 19 Nov 2026» says of what.
  if (named?.every((name) => essence(title).includes(essence(name)))) return words;
  const listed = named && list(named, wording);
  const facts =
    listed ??
    list(
      value.facts.map((each) => factInWords(each, around, wording)),
      wording,
    );
  if (words !== undefined && fact !== undefined && facts === dateOf(fact, wording))
    return typeof only === 'boolean' ? facts : wording.phrase('dated', { said: words, date: facts });
  return words === undefined || (typeof only === 'boolean' && listed === undefined)
    ? facts
    : wording.phrase('value-from', { value: words, facts });
}

function valueInWords(
  input: Input,
  value: Value,
  knowledge: Knowledge,
  wording: Wording,
): string | undefined {
  const [only, ...others] = value.possible;
  // A text of an artifact says «{personAge} years» itself; a line of evidence has no words around it.
  if (input.kind === 'person' && typeof only === 'number' && others.length === 0)
    return wording.quantity(only, 'a');
  const words = inWords(input, value, knowledge, wording);
  return words === undefined ? undefined : String(words);
}

/** A result under its own title: the value, and as it was written where that is another unit. */
function resultOf(fact: Fact, { value, unit, number }: Around, wording: Wording): string {
  const written = answerOf(fact, wording) ?? '';
  if (value === undefined) return written;
  // A coded answer in the words of the artifact is the answer; its display would say the same again.
  const isNumber = asWritten(fact, wording) !== undefined;
  const isRead = isSame(value, written) || isWrittenIn(unit, number, fact);
  return !isNumber || isRead ? value : `${value} [${written}]`;
}

/** Of several doses, those of the date that the input is about. */
function namesAt(
  date: string,
  facts: readonly Fact[],
  around: Around,
  wording: Wording,
): readonly string[] | undefined {
  const meant = facts.filter((fact) => {
    const { start, end } = fact.when();
    return [start, end].some((span) => span !== undefined && wording.day(span) === date);
  });
  const names = [...new Set(meant.map((fact) => nameOf(fact, around, wording)))];
  return names.length === 0 || meant.some(({ draft }) => draft) ? undefined : names;
}

function list(said: readonly string[], wording: Wording): string {
  const different = [...new Set(said)];
  const shown = different.slice(0, mostFacts);
  const more = different.length - shown.length;
  return (
    shown.reduce((sofar, next) => wording.phrase('facts-joined', { sofar, next })) +
    (more > 0 ? wording.phrase('and-more', { count: more }) : '')
  );
}

/** `Creatinine clearance 28 mL/min (3 Oct 2026)`, without what its line says already. */
function factInWords(fact: Fact, around: Around, wording: Wording): string {
  const name = nameOf(fact, around, wording);
  const answer = answerOf(fact, wording);
  const date = dateOf(fact, wording);
  const isAnswerSaid = answer === undefined || (around.value !== undefined && isSame(answer, around.value));
  const isNumber = asWritten(fact, wording) !== undefined;
  const isNameSaid =
    isSame(name, around.title) || (answer !== undefined && !isNumber && overlap(answer, name));
  if (isNameSaid) return isAnswerSaid ? date : wording.phrase('dated', { said: answer, date });
  const hasValue = isNumber ? 'yes' : 'coded';
  return wording.phrase('fact', {
    name,
    value: answer ?? '',
    hasValue: isAnswerSaid ? 'no' : hasValue,
    date,
  });
}

/** Where a metastasis or compression is tells it from the others of its name. */
function nameOf(fact: Fact, { title, isLesion }: Around, wording: Wording): string {
  const name = wording.nameOf(fact);
  const site = fact.type === 'Condition' ? wording.placeOf(fact) : undefined;
  if (site === undefined || isSame(site, title)) return name;
  // «Femur» opens a line in lower case here, «T10» stays as it is.
  const inLine = site.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
  return isLesion || isSame(name, title) ? inLine : wording.phrase('named-at', { name, site: inLine });
}

function answerOf(fact: Fact, wording: Wording): string | undefined {
  return asWritten(fact, wording) ?? wording.answerOf(fact);
}

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{Mn}/gu, '');

/** The letters and figures of a text without its case, plurals, spaces and the escapes of Markdown. */
const essence = (text: string): string =>
  (/[^ -~]/.test(text) ? withoutAccents(text) : text)
    .replaceAll('&lt;', '<')
    .replace(/[\s\\]+/g, '')
    .toLowerCase();

const singular = (text: string): string => text.replace(/(?<=[a-zà-ÿ]{3})s\b/gi, '');

const isSame = (one: string, other: string): boolean =>
  one === other || essence(singular(one)) === essence(singular(other));

/** «ASA class» and «ASA class 3» have a word in common: the answer alone is enough. */
function overlap(answer: string, name: string): boolean {
  const words = essenceOfWords(answer);
  return essenceOfWords(name).some((word) => word.length > 2 && words.includes(word));
}

const essenceOfWords = (text: string): readonly string[] =>
  singular(text)
    .split(/[\s’']+/)
    .map(essence);

function dateOf(fact: Fact, wording: Wording): string {
  const { end, start, open } = fact.when();
  // An order that is still open has no day on which it was carried out; the day on which it was written dates it.
  const span = end ?? start ?? daySpan(text(fact.resource['authoredOn']));
  if (fact.draft) return wording.phrase('in-this-request');
  if (span === undefined) return wording.phrase('undated');
  return open ? wording.phrase('since', { date: wording.day(span) }) : wording.day(span);
}
