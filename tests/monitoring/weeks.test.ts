import { describe, expect, it } from '@jest/globals';
import { isoWeek, weeksOf } from '../../src/monitoring/weeks.js';

const week = (day: string): string => isoWeek(new Date(day));

describe('a week', () => {
  it.each([
    ['2026-12-28T00:00:00Z', '2026-W53'],
    ['2027-01-03T23:59:59.999Z', '2026-W53'],
    ['2027-01-04T00:00:00Z', '2027-W01'],
    ['2024-12-30T00:00:00Z', '2025-W01'],
    ['2024-12-29T23:59:59.999Z', '2024-W52'],
    ['2026-11-30T12:00:00Z', '2026-W49'],
    ['2021-01-01T00:00:00Z', '2020-W53'],
  ])('of %s is %s', (day, name) => {
    expect(week(day)).toBe(name);
  });

  it('is whole where the period holds it from Monday to Monday', () => {
    const weeks = (from: string, to: string): readonly unknown[] =>
      weeksOf(new Date(from), new Date(to)).map(({ name, whole }) => [name, whole]);
    expect(weeks('2026-11-23', '2026-11-30')).toEqual([['2026-W48', true]]);
    expect(weeks('2026-11-24', '2026-12-01')).toEqual([
      ['2026-W48', false],
      ['2026-W49', false],
    ]);
    expect(weeks('2026-11-22T23:59:59.999Z', '2026-11-30T00:00:00.001Z')).toEqual([
      ['2026-W47', false],
      ['2026-W48', true],
      ['2026-W49', false],
    ]);
  });
});
