/**
 * `YYYY-MM-DD` is the start of that day in UTC; a time needs its offset, so that it means the same on every machine.
 * Undefined for anything else.
 */
export function momentOf(text: string): Date | undefined {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const found = new Date(isDate || isTime ? text : Number.NaN);
  const exists = !Number.isNaN(found.getTime()) && (!isDate || found.toISOString().startsWith(text));
  return exists ? found : undefined;
}

/** What is expected in place of what `momentOf` does not understand. */
export const expectedMoment = 'expected YYYY-MM-DD or a date and time with offset';
