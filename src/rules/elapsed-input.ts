import type { Fact } from '../chart/chart.js';
import { elapsed, type DaySpan } from '../chart/dates.js';
import type { ElapsedInput } from '../knowledge/types.js';
import { absent, bounded, known, resting, unknown, type Possibility, type Value } from './value.js';

/**
 * Whole calendar units from one dated input to another, or to today.
 * Hours are exact where both sides have a time of day, else 24 for each day.
 */
export function elapsedValue(
  { from, to, unit }: ElapsedInput,
  today: number,
  valueOf: (name: string) => Value,
): Value {
  const start = valueOf(from);
  const end = to === undefined ? known([today]) : valueOf(to);
  const facts = (): readonly Fact[] => [...start.facts, ...end.facts];
  const first = spanOf(start.possible[0]);
  const last = spanOf(end.possible[0]);
  const missing = [...start.missing, ...end.missing];
  if (first === undefined || last === undefined) {
    const isAbsent = start.absent !== undefined || end.absent !== undefined;
    return isAbsent ? absent('number', missing, facts) : unknown(missing, facts);
  }
  if (unit !== 'h') {
    const { min, max } = elapsed(first, last, unit);
    return resting([bounded(min, max)], missing, facts);
  }
  // What could not be had may be later in the same day.
  const exact = missing.length > 0 ? undefined : hoursBetween(momentOf(start.facts), momentOf(end.facts));
  const { min, max } = elapsed(first, last, 'd');
  return resting([exact ?? bounded(24 * min, 24 * max)], missing, facts);
}

function spanOf(possibility: Possibility | undefined): DaySpan | undefined {
  if (typeof possibility === 'number') return { from: possibility, to: possibility };
  return typeof possibility === 'object' ? { from: possibility.min, to: possibility.max } : undefined;
}

const millisecondsPerHour = 3_600_000;

function hoursBetween(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : (to - from) / millisecondsPerHour;
}

/** The time of day of the newest facts; undefined where one of them may be later in the same day. */
function momentOf(facts: readonly Fact[]): number | undefined {
  const [newest] = facts;
  const day = newest?.when().end;
  if (newest === undefined || day === undefined) return undefined;
  const sameDay = facts.filter((fact) => fact.when().open || fact.when().end?.to === day.to);
  // What is planned over some time may take place at its beginning, of which only the day is read.
  const told = sameDay.every(
    (fact) => fact.when().instant() !== undefined && !(fact.type === 'ServiceRequest' && lasts(fact)),
  );
  return told ? newest.when().instant() : undefined;
}

const lasts = ({ resource }: Fact): boolean => resource['occurrencePeriod'] !== undefined;
