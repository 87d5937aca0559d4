import type { Fact } from './chart.js';
import { newestFirst, type DaySpan } from './dates.js';

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

/** Those that no other one is certainly later than. */
export function possiblyNewest<Each>(all: readonly Each[], factOf: (each: Each) => Fact): readonly Each[] {
  if (all.length < 2) return all;
  return all.filter((one) => !all.some((other) => isCertainlyLater(factOf(other), factOf(one))));
}

/**
 * For showing: newest first, an exact date before one that only may be as late, undated ones last. Facts of one moment are put in
 * the order of their content.
 */
export function newestOnTop(facts: readonly Fact[]): readonly Fact[] {
  const isInOrder = facts.every((fact, index) => {
    const next = facts[index + 1];
    return next === undefined || inTime(fact, next) < 0;
  });
  return isInOrder ? facts : [...facts].sort((a, b) => inTime(a, b) || byContent(a, b));
}

function inTime(a: Fact, b: Fact): number {
  const byDay = newestFirst(lastHeld(a) ?? undated, lastHeld(b) ?? undated);
  if (byDay !== 0) return byDay;
  const [time, other] = [a.when().instant(), b.when().instant()];
  return (other ?? Number.MIN_SAFE_INTEGER) - (time ?? Number.MIN_SAFE_INTEGER);
}

const contents = new WeakMap<object, string>();
const names: ReadonlySet<string> = new Set(['id', 'reference', 'fullUrl', 'meta', 'identifier', 'versionId']);

/** What a resource says, without what it is called: the same text whatever ids a server has given. */
export function contentOf({ resource }: Fact): string {
  let content = contents.get(resource);
  if (content === undefined) {
    content = JSON.stringify(resource, (key, value: unknown) => (names.has(key) ? undefined : value));
    contents.set(resource, content);
  }
  return content;
}

/** A fixed order of facts that their dates leave open: by what they say; of two that say the same, either may stand first. */
export function byContent(a: Fact, b: Fact): number {
  const [one, other] = [contentOf(a), contentOf(b)];
  if (one === other) return a.reference < b.reference ? -1 : 1;
  return one < other ? -1 : 1;
}
