/** An interval in milliseconds since 1970 UTC; `end` is exclusive, open ends are infinite. */
export interface DateRange {
  readonly start: number;
  readonly end: number;
}

/** The prefixes of FHIR R4 search 3.1.1.4.5 except `ap`, whose meaning is left to each server. */
export type DatePrefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb';

const datePattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

const minute = 60_000;

function offsetMilliseconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const size = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -size : size) * minute;
}

/**
 * The interval that a FHIR date, dateTime or instant stands for: a year is a whole year, a minute a whole minute.
 * Without a time zone UTC is taken. Nothing when the text is not a date of the calendar.
 */
export function dateRange(text: string): DateRange | undefined {
  const match = datePattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minutes, seconds, fraction, zone] = match;
  const at = (y: number, m: number, d: number): number => new Date(0).setUTCFullYear(y, m, d);
  const y = Number(year);
  if (month === undefined) return { start: at(y, 0, 1), end: at(y + 1, 0, 1) };
  const m = Number(month) - 1;
  if (m < 0 || m > 11) return undefined;
  if (day === undefined) return { start: at(y, m, 1), end: at(y, m + 1, 1) };
  const d = Number(day);
  const midnight = at(y, m, d);
  if (d < 1 || new Date(midnight).getUTCDate() !== d) return undefined;
  if (hour === undefined) return { start: midnight, end: at(y, m, d + 1) };
  if (Number(hour) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 60) return undefined;
  const whole = Number(hour) * 60 * minute + Number(minutes) * minute + Number(seconds ?? 0) * 1000;
  const milliseconds = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const start = midnight + whole + milliseconds - offsetMilliseconds(zone);
  if (seconds === undefined) return { start, end: start + minute };
  return { start, end: start + (fraction === undefined ? 1000 : 1) };
}

/** Whether the resource's interval passes the search value, as the prefixes of FHIR R4 search compare intervals. */
export function dateMatches(target: DateRange, prefix: DatePrefix, search: DateRange): boolean {
  const contained = search.start <= target.start && target.end <= search.end;
  switch (prefix) {
    case 'eq':
      return contained;
    case 'ne':
      return !contained;
    case 'gt':
      return target.end > search.end;
    case 'lt':
      return target.start < search.start;
    case 'ge':
      return contained || target.end > search.end;
    case 'le':
      return contained || target.start < search.start;
    case 'sa':
      return target.start >= search.end;
    case 'eb':
      return target.end <= search.start;
  }
}
