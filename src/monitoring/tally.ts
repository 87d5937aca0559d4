import type { AuditRecord, CardHistory } from '../feedback/types.js';
import { isoWeek } from './weeks.js';

/** What became of cards. */
export interface CardCounts {
  /** Shown, and not said of the patient before. */
  first: number;
  /** Shown, and said before. */
  again: number;
  /** Shown before it was kept whether they had been said before. */
  firstOrAgain: number;
  /** Would have been shown to a client that only tries the service out. */
  shadow: number;
  accepted: number;
  declined: number;
  /** Declined, by own code of the reason; '' where none was given. */
  readonly reasons: Record<string, number>;
  /** Said in another card; in one line, as it had been said; kept away, as it had been declined. */
  folded: number;
  shortened: number;
  withheld: number;
  /** Of those shown, or of those that would have been: a guard could not be read. */
  unchecked: number;
}

/** How often a rule gave which outcome. */
export interface OutcomeCounts {
  fires: number;
  unknown: number;
  silent: number;
  failed: number;
}

interface RuleTally {
  readonly cards: CardCounts;
  readonly outcomes: OutcomeCounts;
  readonly weeks: Map<string, { readonly cards: CardCounts; readonly outcomes: OutcomeCounts }>;
}

/** Counts of a period. */
export interface Tally {
  readonly all: CardCounts;
  readonly rules: Map<string, RuleTally>;
  readonly services: Map<string, { calls: number; readonly cards: CardCounts }>;
  /** By issuer; '' is a caller without a token. */
  readonly clients: Map<string, { calls: number; readonly cards: CardCounts }>;
  readonly weeks: Map<string, { calls: number; readonly cards: CardCounts }>;
  calls: number;
  /** Calls that were answered with an error. */
  refused: number;
  /** Calls of which no record was kept; that their number is not known counts as one. */
  lost: number;
}

export const noCards = (): CardCounts => ({
  first: 0,
  again: 0,
  firstOrAgain: 0,
  shadow: 0,
  accepted: 0,
  declined: 0,
  reasons: {},
  folded: 0,
  shortened: 0,
  withheld: 0,
  unchecked: 0,
});

export const noOutcomes = (): OutcomeCounts => ({ fires: 0, unknown: 0, silent: 0, failed: 0 });

export const emptyTally = (): Tally => ({
  all: noCards(),
  rules: new Map(),
  services: new Map(),
  clients: new Map(),
  weeks: new Map(),
  calls: 0,
  refused: 0,
  lost: 0,
});

const entry = <Value>(map: Map<string, Value>, key: string, make: () => Value): Value => {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
};

const ruleIn = (tally: Tally, rule: string): RuleTally =>
  entry(tally.rules, rule, () => ({ cards: noCards(), outcomes: noOutcomes(), weeks: new Map() }));

const weekIn = (tally: Tally, rule: string, week: string) =>
  entry(ruleIn(tally, rule).weeks, week, () => ({ cards: noCards(), outcomes: noOutcomes() }));

const callsAndCards = () => ({ calls: 0, cards: noCards() });

/** What is no reason of ours may be what somebody typed in. */
const otherReason = 'other';

function count(counts: CardCounts, card: CardHistory, reasons: ReadonlySet<string>): void {
  switch (card.state) {
    case 'folded':
      counts.folded++;
      return;
    case 'repeated':
      counts.shortened++;
      return;
    case 'declined':
      counts.withheld++;
      return;
    case 'shown':
  }
  if (card.unchecked.length > 0) counts.unchecked++;
  if (card.shadow) {
    counts.shadow++;
    return;
  }
  if (card.saidBefore === undefined) counts.firstOrAgain++;
  else if (card.saidBefore) counts.again++;
  else counts.first++;
  const { feedback } = card;
  if (feedback === undefined) return;
  if (feedback.outcome === 'accepted') counts.accepted++;
  else {
    counts.declined++;
    const { reason } = feedback;
    const known = reason === '' || reasons.has(reason) ? reason : otherReason;
    counts.reasons[known] = (counts.reasons[known] ?? 0) + 1;
  }
}

/** Counts a card with what became of it. */
export function countCard(tally: Tally, card: CardHistory, reasons: ReadonlySet<string>): void {
  const week = isoWeek(card.issuedAt);
  for (const counts of [
    tally.all,
    ruleIn(tally, card.rule).cards,
    weekIn(tally, card.rule, week).cards,
    entry(tally.services, card.service, callsAndCards).cards,
    entry(tally.clients, card.client, callsAndCards).cards,
    entry(tally.weeks, week, callsAndCards).cards,
  ])
    count(counts, card, reasons);
}

const isOutcome = (text: string): text is keyof OutcomeCounts =>
  text === 'fires' || text === 'unknown' || text === 'silent' || text === 'failed';

const leastFault = 400;

/** Counts a call of a hook with what each rule answered, and what the audit has lost. */
export function countCall(tally: Tally, record: AuditRecord): void {
  if (record.kind === 'lost') tally.lost += Math.max(1, record.times);
  if (record.kind !== 'call' || record.endpoint !== 'hook') return;
  const week = isoWeek(record.time);
  tally.calls += record.times;
  entry(tally.services, record.service, callsAndCards).calls += record.times;
  entry(tally.clients, record.issuer ?? '', callsAndCards).calls += record.times;
  entry(tally.weeks, week, callsAndCards).calls += record.times;
  if (record.status >= leastFault) tally.refused += record.times;
  for (const [rule, outcome] of Object.entries(record.outcomes)) {
    if (!isOutcome(outcome)) continue;
    ruleIn(tally, rule).outcomes[outcome]++;
    weekIn(tally, rule, week).outcomes[outcome]++;
  }
}

/** Cards that were shown to clinicians. */
export const shown = ({ first, again, firstOrAgain }: CardCounts): number => first + again + firstOrAgain;

/** Shown, and no feedback came. */
export const ignored = (counts: CardCounts): number => shown(counts) - counts.accepted - counts.declined;
