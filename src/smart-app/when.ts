/** The civil day of a clock, `YYYY-MM-DD`, in the reader's own time zone. */
export function civilDay(clock: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${clock.getFullYear()}-${two(clock.getMonth() + 1)}-${two(clock.getDate())}`;
}

/** The instant with the reader's offset, to the second, as FHIR writes a dateTime. */
export function fhirInstant(clock: Date): string {
  const offset = -clock.getTimezoneOffset();
  const local = new Date(clock.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const two = (part: number): string => String(Math.trunc(part)).padStart(2, '0');
  const distance = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(distance / 60)}:${two(distance % 60)}`;
}

/** The last day that a partial date can mean, so that nothing is called old that may be recent. */
function latestDay(date: string): Date {
  const [year = 1970, month, day] = date.slice(0, 10).split('-').map(Number);
  if (month === undefined) return new Date(Date.UTC(year, 11, 31));
  return day === undefined ? new Date(Date.UTC(year, month, 0)) : new Date(Date.UTC(year, month - 1, day));
}

/** Whether a date lies more than so many calendar months before today. */
export function isOlderThan(date: string, months: number, today: string): boolean {
  const [year = 1970, month = 1, day = 1] = today.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  const limit = Date.UTC(year, month - 1 - months, Math.min(day, lastOfMonth));
  return latestDay(date).getTime() < limit;
}

/** Whole years from a full birth date to today; undefined while the birthday is not known to the day. */
export function ageInYears(birthDate: string, today: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) return undefined;
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
