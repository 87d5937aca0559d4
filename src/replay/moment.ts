import { daySpan } from '../chart/dates.js';

/** When something happened: the civil day that its author wrote and, where a time was given, the instant. */
export interface Moment {
  /** Epoch day in the author's own offset. */
  readonly day: number;
  /** Milliseconds since the epoch; undefined where no time of day was given. */
  readonly instant?: number;
  /** As it was written. */
  readonly text: string;
}

/**
 * A FHIR date, dateTime or instant; undefined for anything else. A partial date (year, month) is its last day: only
 * then is it certain that it has come.
 */
export function momentOf(value: unknown): Moment | undefined {
  const span = daySpan(value);
  if (span === undefined || typeof value !== 'string') return undefined;
  const instant = value.includes('T') ? Date.parse(value) : Number.NaN;
  return { day: span.to, text: value, ...(!Number.isNaN(instant) && { instant }) };
}

/** Whether a moment is given to the day: a month or a year is not a moment at which somebody could have been asked. */
export function isExact(moment: Moment): boolean {
  return moment.text.length >= 10;
}

/**
 * Whether a fact was known strictly before a moment: by the instants where both have one, else by the days. A moment
 * without a time is the start of its day; a fact without one counts from the next day.
 */
export function isBefore(fact: Moment, moment: Moment): boolean {
  return fact.instant !== undefined && moment.instant !== undefined
    ? fact.instant < moment.instant
    : fact.day < moment.day;
}

/** The later of two moments; where only one of them has a time of day, that without is the later of one day. */
export function laterOf(one: Moment | undefined, other: Moment | undefined): Moment | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.instant !== undefined && other.instant !== undefined)
    return other.instant > one.instant ? other : one;
  if (one.day !== other.day) return other.day > one.day ? other : one;
  return one.instant === undefined ? one : other;
}

/** Order in time; moments of one day of which one has no time: that one first, as it is the start of the day. */
export function inTime(one: Moment, other: Moment): number {
  if (one.instant !== undefined && other.instant !== undefined) return one.instant - other.instant;
  return one.day - other.day || (one.instant === undefined ? 0 : 1) - (other.instant === undefined ? 0 : 1);
}
