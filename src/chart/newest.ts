import type { Fact } from './chart.js';
import { newestFirst, type DaySpan } from './dates.js';
import { memo } from '../memo.js';

/**
 * Which of several facts is the newest. Dates are partial and times of day often lacking, so «newer» is a partial order, and the
 * newest is a set: every fact that no other one is certainly later than. Nothing here looks at ids or at the order in which
 * resources came.
 */

/** The days that a fact may last have held on; undefined where nothing dates it. A drug without an end is held today. */
function lastHeld(fact: Fact): DaySpan | undefined {
  const { end, open } = fact.when();
  return end ?? (open ? stillHeld : undefined);
}

const stillHeld: DaySpan = { from: Number.MAX_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };
const undated: DaySpan = { from: Number.MIN_SAFE_INTEGER, to: Number.MIN_SAFE_INTEGER };

/** Whether a fact gives a full day, so that its time of day orders it among those of that day. */
const isOneDay = ({ from, to }: DaySpan): boolean => from === to;

/** Whether `a` is later than `b` in every reading of their dates: of days that do not overlap, else by the time of one day. */
export function isCertainlyLater(a: Fact, b: Fact): boolean {
  const left = lastHeld(a);
  const right = lastHeld(b);
  if (left === undefined || right === undefined) return false;
  if (left.from > right.to) return true;
  if (left.from !== right.from || !isOneDay(left) || !isOneDay(right)) return false;
  const [time, other] = [a.when().instant(), b.when().instant()];
  return time !== undefined && other !== undefined && time > other;
}

/** Facts seen so far, of which one may be certainly later than a fact at hand. */
export interface Seen {
  add(fact: Fact): void;
  /** Whether one of them is certainly later, as `isCertainlyLater` says of two. */
  isBehind(fact: Fact): boolean;
}

/** Facts seen, kept as what decides: the latest day that one of them certainly held on, and of each day the latest time. */
export function seen(facts: readonly Fact[] = []): Seen {
  let latestDay = Number.NEGATIVE_INFINITY;
  const latestTimes = new Map<number, number>();
  const add = (fact: Fact): void => {
    const held = lastHeld(fact);
    if (held === undefined) return;
    latestDay = Math.max(latestDay, held.from);
    const time = isOneDay(held) ? fact.when().instant() : undefined;
    if (time === undefined) return;
    latestTimes.set(held.from, Math.max(time, latestTimes.get(held.from) ?? time));
  };
  facts.forEach(add);
  return {
    add,
    isBehind: (fact) => {
      const held = lastHeld(fact);
      if (held === undefined) return false;
      if (latestDay > held.to) return true;
      const latest = isOneDay(held) ? latestTimes.get(held.from) : undefined;
      const time = latest === undefined ? undefined : fact.when().instant();
      return latest !== undefined && time !== undefined && latest > time;
    },
  };
}

/** Those that no other one is certainly later than. */
export function possiblyNewest<Each>(all: readonly Each[], factOf: (each: Each) => Fact): readonly Each[] {
  if (all.length < 2) return all;
  const facts = seen(all.map(factOf));
  return all.filter((each) => !facts.isBehind(factOf(each)));
}

/**
 * For showing: newest first, an exact date before one that only may be as late, undated ones last. Facts of one moment are put in
 * the order of their content.
 */
export const newestOnTop = sorted((a, b) => inTime(a, b) || byContent(a, b));

/** For reading: the same without an order among facts of one moment, which costs the comparison of all that they say. */
export const latestFirst = sorted(inTime);

/** Sorts a list once, whoever asks. */
function sorted(order: (a: Fact, b: Fact) => number): (facts: readonly Fact[]) => readonly Fact[] {
  const inOrder = memo((facts: readonly Fact[]): readonly Fact[] => {
    const isInOrder = facts.every((fact, index) => {
      const next = facts[index + 1];
      return next === undefined || inTime(fact, next) < 0;
    });
    return isInOrder ? facts : [...facts].sort(order);
  });
  return (facts) => (facts.length < 2 ? facts : inOrder(facts));
}

function inTime(a: Fact, b: Fact): number {
  const byDay = newestFirst(lastHeld(a) ?? undated, lastHeld(b) ?? undated);
  if (byDay !== 0) return byDay;
  const [time, other] = [a.when().instant(), b.when().instant()];
  return (other ?? Number.MIN_SAFE_INTEGER) - (time ?? Number.MIN_SAFE_INTEGER);
}

const names: ReadonlySet<string> = new Set(['id', 'reference', 'fullUrl', 'meta', 'identifier', 'versionId']);

const contentIn = memo((resource: object): string =>
  JSON.stringify(resource, (key, value: unknown) => (names.has(key) ? undefined : value)),
);

/** What a resource says, without what it is called: the same text whatever ids a server has given. */
export const contentOf = ({ resource }: Fact): string => contentIn(resource);

/** A fixed order of facts that their dates leave open: by what they say; of two that say the same, either may stand first. */
export function byContent(a: Fact, b: Fact): number {
  const [one, other] = [contentOf(a), contentOf(b)];
  if (one === other) return a.reference < b.reference ? -1 : 1;
  return one < other ? -1 : 1;
}
