import type { Language } from '../knowledge/types.js';
import type { Findings, Names } from './findings.js';
import type { CardCounts } from './tally.js';
import { ignored } from './tally.js';
import { textIn } from '../text.js';
import type { PlainKeyIn, Say } from '../words/say.js';

/** Words that have no place. */
export type WordKey = PlainKeyIn<'report'>;

/** What a section of the report is made from. */
export interface Page {
  readonly findings: Findings;
  readonly language: Language;
  readonly say: Say<'report'>;
  readonly number: (value: number | undefined) => string;
}

/** A rule, service or reason as its readers know it. */
export function nameOf({ findings, language }: Page, kind: keyof Names, id: string): string {
  return textIn(findings.names[kind].get(id), language) ?? id;
}

/** A share in hundredths. */
export function percent({ number, say }: Page, share: number): string {
  return say('percent', { share: number(Math.round(share * 1000) / 10) });
}

/** A column of figures about cards. */
export interface Column {
  readonly key: WordKey;
  readonly of: (counts: CardCounts) => number;
}

const always: readonly Column[] = [
  { key: 'accepted', of: ({ accepted }) => accepted },
  { key: 'declined', of: ({ declined }) => declined },
  { key: 'ignored', of: ignored },
];

/** First time and repeated apart; what no card of the period has is left out. */
export function shownColumns({ findings: { tally } }: Page): readonly Column[] {
  const { all } = tally;
  return [
    { key: 'first', of: ({ first }) => first },
    { key: 'again', of: ({ again }) => again },
    ...(all.firstOrAgain === 0
      ? []
      : [{ key: 'firstOrAgain' as const, of: ({ firstOrAgain }: CardCounts) => firstOrAgain }]),
    ...(all.shadow === 0 ? [] : [{ key: 'shadow' as const, of: ({ shadow }: CardCounts) => shadow }]),
  ];
}

/** What was shown, and what clinicians did with it. */
export const cardColumns = (page: Page): readonly Column[] => [...shownColumns(page), ...always];

/** What clinicians did, as the parts of a bar. */
export const answerParts = (
  { say }: Page,
  name: string,
  counts: CardCounts,
): readonly { readonly name: string; readonly part: string; readonly count: number }[] =>
  always.map(({ key, of }) => ({ name, part: say(key), count: of(counts) }));

export const answerNames = ({ say }: Page): readonly string[] => always.map(({ key }) => say(key));
