/**
 * Civil-date arithmetic on epoch days (whole days since 1970-01-01), after FHIR R4 `date`, `dateTime`, `instant`.
 *
 * A dateTime counts on the day that its author wrote, in its own offset: "within 3 months" is meant in calendar
 * days of the clinic, and converting to the server's zone would move a late-evening visit to the next day.
 */

/** Inclusive epoch days between which the moment certainly lies: a full date has `from` = `to`. */
export interface DaySpan {
  readonly from: number;
  readonly to: number;
}

export type CalendarUnit = 'd' | 'wk' | 'mo' | 'a';

const millisecondsPerDay = 86_400_000;
const firstYear = 1800;
const lastYear = 2200;

const pattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T([01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?$/;

/** `month` counts from 0 and may run over: Date.UTC knows no time zone and normalises the year. */
const dayOf = (year: number, month: number, day: number): number =>
  Date.UTC(year, month, day) / millisecondsPerDay;

/**
 * The days of a FHIR date, dateTime or instant, whole or partial; undefined for anything else: another type, a
 * day that does not exist (2026-02-30), a year outside 1800–2200 (placeholders such as 0001 and 9999).
 */
export function daySpan(value: unknown): DaySpan | undefined {
  const parts = typeof value === 'string' ? pattern.exec(value) : null;
  if (parts === null) return undefined;
  const year = Number(parts[1]);
  if (year < firstYear || year > lastYear) return undefined;
  if (parts[2] === undefined) return { from: dayOf(year, 0, 1), to: dayOf(year + 1, 0, 0) };
  const month = Number(parts[2]) - 1;
  if (month < 0 || month > 11) return undefined;
  const first = dayOf(year, month, 1);
  const last = first + daysIn(year, month) - 1;
  if (parts[3] === undefined) return { from: first, to: last };
  const day = first + Number(parts[3]) - 1;
  return day < first || day > last ? undefined : { from: day, to: day };
}

const monthLengths: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 1 && isLeap ? 29 : (monthLengths[month] ?? 0);
}

/** Epoch day of a full date or dateTime; undefined when it is partial or not a date. */
export function epochDay(iso: string): number | undefined {
  const span = daySpan(iso);
  return span?.from === span?.to ? span?.from : undefined;
}

/** `YYYY-MM-DD` of an epoch day. */
export function toIsoDay(day: number): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

/**
 * The day `amount` calendar units later (earlier when negative). As in FHIRPath, a day that the month lacks
 * becomes its last day (31 January + 1 month = 28 or 29 February) and a fraction of a unit is dropped.
 */
export function addCalendar(day: number, amount: number, unit: CalendarUnit): number {
  const whole = Math.trunc(amount);
  if (unit === 'd') return day + whole;
  if (unit === 'wk') return day + 7 * whole;
  const date = new Date(day * millisecondsPerDay);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + (unit === 'mo' ? whole : 12 * whole);
  return Math.min(dayOf(year, month, date.getUTCDate()), dayOf(year, month + 1, 0));
}

/** Largest n such that `from` plus n units is not after `to`. */
function completed(from: number, to: number, unit: CalendarUnit): number {
  if (unit === 'd') return to - from;
  if (unit === 'wk') return Math.floor((to - from) / 7);
  const start = new Date(from * millisecondsPerDay);
  const end = new Date(to * millisecondsPerDay);
  const years = end.getUTCFullYear() - start.getUTCFullYear();
  const units = unit === 'a' ? years : 12 * years + end.getUTCMonth() - start.getUTCMonth();
  return addCalendar(from, units, unit) > to ? units - 1 : units;
}

/**
 * Whole calendar units completed between two moments, as the least and the most that partial dates allow.
 * Negative when `to` lies before `from`.
 */
export function elapsed(
  from: DaySpan,
  to: DaySpan,
  unit: CalendarUnit,
): { readonly min: number; readonly max: number } {
  return { min: completed(from.to, to.from, unit), max: completed(from.from, to.to, unit) };
}

/**
 * Certainly after today, so implausible for something done. One day of tolerance: the clinic's calendar may be
 * a day ahead of the server's.
 */
export function isFuture(span: DaySpan, today: number): boolean {
  return span.from > today + 1;
}

/**
 * Whether what was done in `span` was done on `oldest` (an epoch day, itself within) or later. Undefined when a
 * partial date straddles that day, or when the date is in the future (see `isFuture`).
 */
export function isSince(span: DaySpan, today: number, oldest: number): boolean | undefined {
  if (isFuture(span, today)) return undefined;
  if (span.from >= oldest) return true;
  return span.to < oldest ? false : undefined;
}

/**
 * Order for sorting, newest first: by the last possible day, then by the first one (of two spans with the same
 * end, the more precise is first). Equal spans compare as 0: callers break that tie with an own stable key.
 */
export function newestFirst(left: DaySpan, right: DaySpan): number {
  return right.to - left.to || right.from - left.from;
}
