import type { Fact } from '../chart/chart.js';
import { daySpan } from '../chart/dates.js';
import { text } from '../chart/element.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Outcome } from '../rules/evaluate.js';
import { keysInWords } from './values.js';
import type { Wording } from './wording.js';

/** What a card says of guards: what could not be checked, which entries could not be read, what is too old to count. */
export function guardLines(
  outcomes: readonly Outcome[],
  knowledge: Knowledge,
  wording: Wording,
): readonly string[] {
  const unread = unique(outcomes.flatMap(({ unread, inWordsOnly = [] }) => [...unread, ...inWordsOnly]));
  const entryKeys = new Set(outcomes.flatMap((outcome) => outcome.entryKeys));
  const unchecked = unique(outcomes.flatMap((outcome) => outcome.unchecked)).filter(
    (key) => !entryKeys.has(key),
  );
  const outdated = unique(outcomes.flatMap((outcome) => outcome.outdated)).filter(
    (fact) => !unread.includes(fact),
  );
  return [
    ...(unchecked.length === 0
      ? []
      : [
          wording.phrase('unchecked-line', {
            keys: wording.list(keysInWords(unchecked, wording)),
          }),
        ]),
    ...entriesLine(
      'unread-line',
      unread.filter((fact) => !isPlain(fact)),
      wording,
    ),
    ...entriesLine('unplaced-line', unread.filter(isPlain), wording),
    ...(outdated.length === 0
      ? []
      : [wording.phrase('outdated-line', { acts: wording.list(named(outdated, actInWords, wording)) })]),
  ];
}

/** Its code and its day are known: what is open is where it lies, or what it is for. */
const isPlain = (fact: Fact): boolean => fact.sets.size > 0 && fact.when().end !== undefined;

function entriesLine(phrase: string, entries: readonly Fact[], wording: Wording): readonly string[] {
  return entries.length === 0
    ? []
    : [wording.phrase(phrase, { entries: wording.list(named(entries, entryInWords, wording)) })];
}

const mostNamed = 3;

function named(
  facts: readonly Fact[],
  words: (fact: Fact, wording: Wording) => string,
  wording: Wording,
): readonly string[] {
  return unique(facts.map((fact) => words(fact, wording))).slice(0, mostNamed);
}

const unique = <Each>(all: readonly Each[]): readonly Each[] => [...new Set(all)];

function entryInWords(fact: Fact, wording: Wording): string {
  return wording.phrase('unread-entry', { name: wording.nameOf(fact), date: dateOf(fact, wording) });
}

function actInWords(fact: Fact, wording: Wording): string {
  const phrase = fact.state === 'ordered' ? 'outdated-request' : 'outdated-act';
  return wording.phrase(phrase, { name: wording.nameOf(fact), date: dateOf(fact, wording) });
}

function dateOf(fact: Fact, wording: Wording): string {
  const { start, end } = fact.when();
  const span = daySpan(text(fact.resource['authoredOn'])) ?? end ?? start;
  return span === undefined ? wording.phrase('undated') : wording.day(span);
}
