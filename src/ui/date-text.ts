import type { SpokenLanguage } from '../knowledge/types.js';

type Parts = Pick<Intl.DateTimeFormatOptions, 'year' | 'month' | 'day'>;

/** In whose manner a date is written. */
export type DateManner = Pick<SpokenLanguage, 'locale' | 'firstOfMonth'>;

function written(at: Date, { locale, firstOfMonth = '1' }: DateManner, parts: Parts): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...parts })
    .formatToParts(at)
    .map(({ type, value }) => (type === 'day' && value === '1' ? firstOfMonth : value))
    .join('');
}

/** A FHIR date or dateTime as people write it, at its own precision. */
export function dateText(date: string, manner: DateManner): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(date);
  if (match === null) return date;
  const [, year = '', month, day] = match;
  if (month === undefined) return year;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? '1')));
  return written(at, manner, {
    year: 'numeric',
    month: 'short',
    ...(day !== undefined && { day: 'numeric' }),
  });
}

/** A date where there is little room: of this year without the year. */
export function shortDateText(date: string, manner: DateManner, today: string): string {
  const isThisYear = date.length >= 10 && date.slice(0, 4) === today.slice(0, 4);
  if (!isThisYear) return dateText(date, manner);
  return written(new Date(`${date.slice(0, 10)}T00:00:00Z`), manner, { month: 'short', day: 'numeric' });
}
