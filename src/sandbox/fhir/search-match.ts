import { dateMatches } from './date-range.js';
import { foldedText, type IndexedResource } from './search-index.js';
import type { Criterion, SearchQuery } from './search-query.js';

/** Whether the resource satisfies the criterion. A resource without the element satisfies only a negated one. */
export function satisfies(entry: IndexedResource, criterion: Criterion): boolean {
  switch (criterion.kind) {
    case 'keys':
      return criterion.keys.some((key) => entry.keys.has(key)) !== criterion.negated;
    case 'date': {
      const ranges = entry.dates.get(criterion.parameter) ?? [];
      return criterion.values.some(({ prefix, range }) =>
        ranges.some((target) => dateMatches(target, prefix, range)),
      );
    }
    case 'string': {
      const texts = entry.strings.get(criterion.parameter) ?? [];
      if (criterion.mode === 'exact') return texts.some((text) => criterion.values.includes(text));
      return texts
        .map(foldedText)
        .some((text) =>
          criterion.values.some((value) =>
            criterion.mode === 'contains' ? text.includes(value) : text.startsWith(value),
          ),
        );
    }
  }
}

/** Orders two resources as `_sort` asks; without a value last; the id decides, so that pages never overlap. */
export function inSortOrder(sort: SearchQuery['sort']) {
  return (a: IndexedResource, b: IndexedResource): number => {
    for (const { parameter, descending } of sort) {
      const left = a.order.get(parameter);
      const right = b.order.get(parameter);
      if (left === right) continue;
      if (left === undefined) return 1;
      if (right === undefined) return -1;
      return left < right !== descending ? -1 : 1;
    }
    return a.resource.id < b.resource.id ? -1 : 1;
  };
}
