import type { Page, PageEnd } from './reading.js';
import type { RecordRange } from './types.js';

/** All records of a range, read page by page. */
export async function* allPages<T>(
  range: RecordRange,
  read: (range: RecordRange, after?: PageEnd) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let left = range.limit;
  let after: PageEnd | undefined;
  while (left > 0) {
    const page = await read({ ...range, limit: left }, after);
    yield* page.records;
    if (page.end === undefined) return;
    after = page.end;
    left -= page.records.length;
  }
}
