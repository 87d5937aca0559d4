import type { Language } from '../knowledge/types.js';

type Parts = Pick<Intl.DateTimeFormatOptions, 'year' | 'month' | 'day'>;

function written(at: Date, language: Language, parts: Parts): string {
  const text = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: 'UTC',
    ...parts,
  }).format(at);
  // «1er mai»: French writes the first day of a month as an ordinal, which Intl does not.
  return language === 'fr' ? text.replace(/^1 /, '1er ') : text;
}

/** A FHIR date or dateTime as people write it, at its own precision. */
export function dateText(date: string, language: Language): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(date);
  if (match === null) return date;
  const [, year = '', month, day] = match;
  if (month === undefined) return year;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? '1')));
  return written(at, language, {
    year: 'numeric',
    month: 'short',
    ...(day !== undefined && { day: 'numeric' }),
  });
}

/** A date where there is little room: of this year without the year. */
export function shortDateText(date: string, language: Language, today: string): string {
  const isThisYear = date.length >= 10 && date.slice(0, 4) === today.slice(0, 4);
  if (!isThisYear) return dateText(date, language);
  return written(new Date(`${date.slice(0, 10)}T00:00:00Z`), language, { month: 'short', day: 'numeric' });
}
