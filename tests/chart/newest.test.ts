import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { isCertainlyLater, newestOnTop, possiblyNewest } from '../../src/chart/newest.js';
import { chartOf } from './charts.js';

const creatinine = (id: string, value: number, effectiveDateTime?: string): FhirResource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
  valueQuantity: { value, unit: 'mL/min' },
  ...(effectiveDateTime !== undefined && { effectiveDateTime }),
});

const factsOf = (...resources: readonly FhirResource[]) => chartOf(resources).ofType('Observation');
const valueOf = (resource: FhirResource): unknown => (resource['valueQuantity'] as { value: number }).value;
const newest = (...resources: readonly FhirResource[]) =>
  possiblyNewest(factsOf(...resources), (fact) => fact)
    .map(({ resource }) => valueOf(resource))
    .sort();

/** Every order of three. */
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

describe('the newest facts', () => {
  it.each(orders)('are a set that does not depend on the order: %i %i %i', (...order) => {
    const ids = ['z', 'a', 'm'];
    const three = [
      creatinine(ids[order[0] ?? 0] ?? '', 80, '2026-10-10T10:00:00Z'),
      creatinine(ids[order[1] ?? 0] ?? '', 60, '2026-10-10'),
      creatinine(ids[order[2] ?? 0] ?? '', 20, '2026-10-10T11:00:00Z'),
    ];
    expect(newest(...order.flatMap((index) => three[index] ?? []))).toEqual([20, 60]);
  });

  it('are one where it is certainly later', () => {
    expect(newest(creatinine('a', 1, '2026-10-09'), creatinine('b', 2, '2026-10-10'))).toEqual([2]);
    expect(newest(creatinine('a', 1, '2026-10-09T23:00:00Z'), creatinine('b', 2, '2026-10-10'))).toEqual([2]);
  });

  it('are both where a month holds the day of the other, or nothing dates one', () => {
    expect(newest(creatinine('a', 1, '2026-10'), creatinine('b', 2, '2026-10-10'))).toEqual([1, 2]);
    expect(newest(creatinine('a', 1, '2026-09'), creatinine('b', 2, '2026-10-10'))).toEqual([2]);
    expect(newest(creatinine('a', 1), creatinine('b', 2, '2026-10-10'))).toEqual([1, 2]);
  });

  it('count on the day that their author wrote, whatever the offset, so that no circle of three is later than itself', () => {
    const [a, b, c] = factsOf(
      creatinine('a', 1, '2026-10-15'),
      creatinine('b', 2, '2026-10-14T23:59:00-12:00'),
      creatinine('c', 3, '2026-10-16T00:01:00+14:00'),
    );
    if (a === undefined || b === undefined || c === undefined) throw new Error('three facts');
    expect([isCertainlyLater(a, b), isCertainlyLater(c, a), isCertainlyLater(c, b)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(isCertainlyLater(b, c)).toBe(false);
  });
});

describe('facts on a card', () => {
  it('stand newest first, by content where their dates do not tell, whatever their ids', () => {
    const shown = (ids: readonly [string, string, string, string]) =>
      newestOnTop(
        factsOf(
          creatinine(ids[0], 1, '2026-10-10'),
          creatinine(ids[1], 2, '2026-10-10'),
          creatinine(ids[2], 3, '2026-10-10T08:00:00Z'),
          creatinine(ids[3], 4),
        ),
      ).map(({ resource }) => valueOf(resource));
    expect(shown(['a', 'b', 'c', 'd'])).toEqual([3, 1, 2, 4]);
    expect(shown(['d', 'c', 'b', 'a'])).toEqual([3, 1, 2, 4]);
  });
});
