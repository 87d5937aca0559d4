import { noCards, noOutcomes, type CardCounts, type OutcomeCounts, type Tally } from './tally.js';
import type { Week } from './weeks.js';

/**
 * What a reviewer should look at: as the alerts of `deploy/prometheus-rules.yaml`, over the last whole weeks of a period.
 * Shares are between 0 and 1; `before` is that of the four weeks before.
 */
export type Drift =
  | { readonly kind: 'fell-silent'; readonly rule: string; readonly before: number }
  | {
      readonly kind: 'more-often' | 'less-often' | 'undecided';
      readonly rule: string;
      readonly now: number;
      readonly before: number;
    }
  | { readonly kind: 'declined'; readonly rule: string; readonly now: number };

const weeksBefore = 4;
const silentWeeks = 2;
/** Weeks that are needed to see any of it but declines. */
export const weeksNeeded = weeksBefore + silentWeeks;
/** Fewer may come or fail to come by chance. */
const leastFires = 10;
const leastAnswers = 50;
const leastFeedback = 10;
const factor = 2;
const jump = 0.2;
const mostDeclined = 0.8;

const answers = ({ fires, unknown, silent, failed }: OutcomeCounts): number =>
  fires + unknown + silent + failed;

const share = (part: number, of: number): number => (of === 0 ? 0 : part / of);

function sum(counts: readonly OutcomeCounts[]): OutcomeCounts {
  const total = noOutcomes();
  for (const { fires, unknown, silent, failed } of counts) {
    total.fires += fires;
    total.unknown += unknown;
    total.silent += silent;
    total.failed += failed;
  }
  return total;
}

/** How one rule has changed: at most one of these, the gravest first. */
function drifted(rule: string, weekly: readonly OutcomeCounts[]): readonly Drift[] {
  const last = weekly.at(-1) ?? noOutcomes();
  const before = sum(weekly.slice(-1 - weeksBefore, -1));
  const quiet = weekly.slice(-silentWeeks);
  const spoke = weekly.slice(-silentWeeks - weeksBefore, -silentWeeks);
  if (
    spoke.length === weeksBefore &&
    spoke.every(({ fires }) => fires > 0) &&
    quiet.every(({ fires }) => fires === 0) &&
    answers(last) > 0
  )
    return [{ kind: 'fell-silent', rule, before: sum(spoke).fires / weeksBefore }];
  if (answers(last) === 0 || answers(before) === 0) return [];
  const now = share(last.fires, answers(last));
  const then = share(before.fires, answers(before));
  if (now > factor * then && last.fires >= leastFires)
    return [{ kind: 'more-often', rule, now, before: then }];
  if (now * factor < then && then * answers(last) >= leastFires)
    return [{ kind: 'less-often', rule, now, before: then }];
  const undecided = share(last.unknown, answers(last));
  const undecidedBefore = share(before.unknown, answers(before));
  return undecided > undecidedBefore + jump && answers(last) >= leastAnswers
    ? [{ kind: 'undecided', rule, now: undecided, before: undecidedBefore }]
    : [];
}

function declinedOften(rule: string, weekly: readonly CardCounts[]): readonly Drift[] {
  const declined = weekly.reduce((total, counts) => total + counts.declined, 0);
  const judged = weekly.reduce((total, counts) => total + counts.declined + counts.accepted, 0);
  const now = share(declined, judged);
  return judged >= leastFeedback && now > mostDeclined ? [{ kind: 'declined', rule, now }] : [];
}

/** What has drifted at the end of a period, by rule. Weeks that the period cuts are left out. */
export function driftOf(tally: Tally, weeks: readonly Week[]): readonly Drift[] {
  const whole = weeks.filter((week) => week.whole).map(({ name }) => name);
  return [...tally.rules]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([rule, counts]) => {
      const weekly = <Value>(value: (week: string) => Value): readonly Value[] => whole.map(value);
      const outcomes = weekly((week) => counts.weeks.get(week)?.outcomes ?? noOutcomes());
      const cards = weekly((week) => counts.weeks.get(week)?.cards ?? noCards()).slice(-weeksBefore);
      return [...(whole.length < weeksNeeded ? [] : drifted(rule, outcomes)), ...declinedOften(rule, cards)];
    });
}
