import type { Text } from '../knowledge/types.js';
import { driftOf, type Drift } from './drift.js';
import { ignored, shown, type CardCounts, type Tally } from './tally.js';
import { weeksOf, type Week } from './weeks.js';

/** How rules, services and reasons are called; what the knowledge no longer has is called by its id. */
export interface Names {
  readonly rules: ReadonlyMap<string, Text>;
  readonly services: ReadonlyMap<string, Text>;
  readonly reasons: ReadonlyMap<string, Text>;
}

/** What the store of a running service tells of a period. */
export interface Findings {
  /** From the first moment on and before the second. */
  readonly from: Date;
  readonly to: Date;
  /** Only of this client. */
  readonly client: string | undefined;
  readonly tally: Tally;
  readonly weeks: readonly Week[];
  readonly drift: readonly Drift[];
  /** Feedback on cards that the store does not have. */
  readonly unmatchedFeedback: number;
  /** When the first and the last call was recorded that is still kept. */
  readonly kept: { readonly first: Date; readonly last: Date } | undefined;
  readonly names: Names;
}

/** What follows from the counts. */
export const concluded = (counted: Omit<Findings, 'weeks' | 'drift'>): Findings => {
  const weeks = weeksOf(counted.from, counted.to);
  return { ...counted, weeks, drift: driftOf(counted.tally, weeks) };
};

/** Nothing was recorded in the period. */
export const isEmpty = ({ tally }: Findings): boolean => tally.calls === 0 && tally.rules.size === 0;

const cardsJson = (counts: CardCounts) => ({
  shown: shown(counts),
  firstTime: counts.first,
  repeated: counts.again,
  ...(counts.firstOrAgain > 0 && { firstTimeOrRepeated: counts.firstOrAgain }),
  accepted: counts.accepted,
  declined: counts.declined,
  reasons: counts.reasons,
  ignored: ignored(counts),
  shadow: counts.shadow,
  folded: counts.folded,
  shortened: counts.shortened,
  withheld: counts.withheld,
  unchecked: counts.unchecked,
});

const sorted = <Value, Out>(
  map: ReadonlyMap<string, Value>,
  to: (value: Value) => Out,
): Readonly<Record<string, Out>> =>
  Object.fromEntries(
    [...map].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, value]) => [key, to(value)]),
  );

/** `report.json`. No patient, user or card is in it. */
export function reportJson({ from, to, client, tally, weeks, drift, unmatchedFeedback, kept }: Findings) {
  const callsAndCards = ({ calls, cards }: { readonly calls: number; readonly cards: CardCounts }) => ({
    calls,
    ...cardsJson(cards),
  });
  return {
    period: { from: from.toISOString(), to: to.toISOString() },
    ...(client !== undefined && { client }),
    ...(kept !== undefined && {
      kept: { first: kept.first.toISOString(), last: kept.last.toISOString() },
    }),
    calls: tally.calls,
    refusedCalls: tally.refused,
    lostRecords: tally.lost,
    cards: cardsJson(tally.all),
    unmatchedFeedback,
    clients: sorted(tally.clients, callsAndCards),
    services: sorted(tally.services, callsAndCards),
    weeks: Object.fromEntries(
      weeks.map(({ name, whole }) => {
        const week = tally.weeks.get(name);
        return [name, { whole, ...(week !== undefined && callsAndCards(week)) }];
      }),
    ),
    rules: sorted(tally.rules, ({ cards, outcomes, weeks: weekly }) => ({
      ...cardsJson(cards),
      outcomes,
      weeks: sorted(weekly, (week) => ({ ...cardsJson(week.cards), outcomes: week.outcomes })),
    })),
    drift,
  };
}
