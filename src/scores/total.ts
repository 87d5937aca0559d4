import type { Score, ScoreFlag } from '../knowledge/types.js';
import { classesOf, reachableTotals } from './reachable.js';

/** The answers of one item that are still possible. */
export interface OpenItem {
  readonly item: string;
  /** Codes; empty while nothing is known of the item. */
  readonly answers: readonly string[];
  /** Their points; every answer's while nothing is known. */
  readonly points: readonly number[];
  readonly from?: 'answer' | 'fact' | 'derived';
}

/** What its items say of a score. */
export interface Total {
  /** Totals that can still occur; empty for a grade, which adds nothing up. */
  readonly reachable: readonly number[];
  readonly possibleClasses: readonly string[];
  /** Only when each item has one answer. */
  readonly total?: number;
  /** Only when every reachable total shares it. */
  readonly class?: string;
  /** Items about which nothing is known. */
  readonly missing: readonly string[];
}

/** What of a score it takes to add it up. */
type Added = Pick<Score, 'grade' | 'classes'> & {
  readonly items: readonly { readonly id: string; readonly answers: readonly { readonly code: string }[] }[];
};

/**
 * Adds up a score with gaps, for the service and for the form in the SMART app. Pure.
 * @param items those of the score, in its order
 */
export function totalOf(score: Added, items: readonly OpenItem[]): Total {
  const reachable = score.grade === true ? [] : reachableTotals(items.map(({ points }) => points));
  const possibleClasses =
    score.grade === true
      ? score.items.flatMap(({ answers }, index) => {
          const possible = items[index]?.answers ?? [];
          return possible.length > 0 ? possible : answers.map(({ code }) => code);
        })
      : classesOf(score.classes, reachable).map(({ code }) => code);
  const [total] = items.every(({ answers }) => answers.length === 1) ? reachable : [];
  const [only] = possibleClasses.length === 1 ? possibleClasses : [];
  return {
    reachable,
    possibleClasses,
    ...(total !== undefined && { total }),
    ...(only !== undefined && { class: only }),
    missing: items.filter(({ answers }) => answers.length === 0).map(({ item }) => item),
  };
}

/** Whether the answers meet what a flag names of them; what it asks of the chart (`if`, `impossibleTotal`) is not looked at. */
export function isMetByAnswers(flag: ScoreFlag, items: readonly OpenItem[]): boolean {
  const itemOf = (id: string): OpenItem | undefined => items.find(({ item }) => item === id);
  const isMissing = ({ item, answers }: OpenItem): boolean =>
    answers.length === 0 && (flag.missing === true || flag.missing === item);
  return (
    (flag.answers === undefined ||
      items.some(({ item, answers }) =>
        answers.some((answer) => flag.answers?.includes(`${item}-${answer}`)),
      )) &&
    (flag.several === undefined || (itemOf(flag.several)?.answers.length ?? 0) > 1) &&
    (flag.open === undefined || itemOf(flag.open)?.answers.length !== 1) &&
    (flag.derived === undefined || itemOf(flag.derived)?.from === 'derived') &&
    (flag.missing === undefined || items.some(isMissing))
  );
}
