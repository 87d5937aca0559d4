import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addCalendar,
  daySpan,
  elapsed,
  epochDay,
  isFuture,
  isSince,
  newestFirst,
  toIsoDay,
  type CalendarUnit,
  type DaySpan,
} from '../../src/chart/dates.js';

const isoSpan = (value: unknown): readonly string[] | undefined => {
  const span = daySpan(value);
  return span && [toIsoDay(span.from), toIsoDay(span.to)];
};
const on = (iso: string): DaySpan => {
  const span = daySpan(iso);
  if (span === undefined) throw new Error(`not a date: ${iso}`);
  return span;
};
const day = (iso: string): number => on(iso).from;

const anyDay = fc.integer({ min: day('1801-01-01'), max: day('2199-12-31') });
const unit = fc.constantFrom<CalendarUnit>('d', 'wk', 'mo', 'a');

describe('the days of a FHIR date', () => {
  it.each([
    ['2026-11-20', ['2026-11-20', '2026-11-20']],
    ['2024-02', ['2024-02-01', '2024-02-29']],
    ['2025-02', ['2025-02-01', '2025-02-28']],
    ['2026-12', ['2026-12-01', '2026-12-31']],
    ['2026', ['2026-01-01', '2026-12-31']],
    ['2024-02-29', ['2024-02-29', '2024-02-29']],
    ['2000-02-29', ['2000-02-29', '2000-02-29']],
    ['1800', ['1800-01-01', '1800-12-31']],
    ['2200-12-31', ['2200-12-31', '2200-12-31']],
    ['2026-11-20T10:00', ['2026-11-20', '2026-11-20']],
    ['2026-11-20T10:00:00.123Z', ['2026-11-20', '2026-11-20']],
  ])('%s spans %j', (value, expected) => {
    expect(isoSpan(value)).toEqual(expected);
  });

  it('counts a dateTime on the civil date as written, whatever the offset', () => {
    expect(isoSpan('2026-11-20T23:30:00-05:00')).toEqual(['2026-11-20', '2026-11-20']);
    expect(isoSpan('2026-11-20T00:30:00+14:00')).toEqual(['2026-11-20', '2026-11-20']);
  });

  it.each([
    ['2026-02-30'],
    ['2025-02-29'],
    ['1900-02-29'],
    ['2100-02-29'],
    ['2026-13'],
    ['2026-00'],
    ['2026-01-00'],
    ['0000'],
    ['1799-12-31'],
    ['2201'],
    ['9999-12-31'],
    ['2026-1-1'],
    ['20/11/2026'],
    ['2026-11-20T25:00:00Z'],
    ['2026-11T10:00:00Z'],
    [' 2026'],
    ['2026\n'],
    [''],
    [2026],
    [null],
    [undefined],
    [{}],
  ])('refuses %j', (value) => {
    expect(daySpan(value)).toBeUndefined();
  });

  it('round-trips every day', () => {
    fc.assert(fc.property(anyDay, (n) => epochDay(toIsoDay(n)) === n));
  });

  it('of a partial date contain the days of the full one', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(4, 7, 10), (n, length) => {
        const span = on(toIsoDay(n).slice(0, length));
        return span.from <= n && n <= span.to;
      }),
    );
  });

  it('give an epoch day for full dates only', () => {
    expect(epochDay('1970-01-02')).toBe(1);
    expect(epochDay('2026-11')).toBeUndefined();
    expect(epochDay('soon')).toBeUndefined();
  });
});

describe('calendar addition', () => {
  it.each([
    ['2026-01-31', 1, 'mo', '2026-02-28'],
    ['2024-01-31', 1, 'mo', '2024-02-29'],
    ['2026-03-31', -1, 'mo', '2026-02-28'],
    ['2024-02-29', 1, 'a', '2025-02-28'],
    ['2024-02-29', 4, 'a', '2028-02-29'],
    ['2026-01-15', -3, 'mo', '2025-10-15'],
    ['2026-11-20', 2, 'wk', '2026-12-04'],
    ['2026-12-31', 1, 'd', '2027-01-01'],
    ['2026-01-31', 1.9, 'mo', '2026-02-28'],
  ] as const)('%s %d %s is %s', (from, amount, by, expected) => {
    expect(toIsoDay(addCalendar(day(from), amount, by))).toBe(expected);
  });

  it('of months keeps the day of the month or falls on the last day of the month', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -600, max: 600 }), (n, months) => {
        const wanted = Number(toIsoDay(n).slice(8));
        const reached = addCalendar(n, months, 'mo');
        const got = Number(toIsoDay(reached).slice(8));
        return got === wanted || (got < wanted && toIsoDay(reached + 1).endsWith('-01'));
      }),
    );
  });
});

describe('elapsed units', () => {
  it.each([
    ['2026-01-31', '2026-02-27', 'mo', 0],
    ['2026-01-31', '2026-02-28', 'mo', 1],
    ['2026-05-20', '2026-11-19', 'mo', 5],
    ['2026-05-20', '2026-11-20', 'mo', 6],
    ['2008-11-21', '2026-11-20', 'a', 17],
    ['2008-11-20', '2026-11-20', 'a', 18],
    ['2026-11-01', '2026-11-14', 'wk', 1],
    ['2026-11-01', '2026-11-15', 'wk', 2],
    ['2026-11-20', '2026-11-01', 'd', -19],
  ] as const)('from %s to %s in %s are %d', (from, to, by, expected) => {
    expect(elapsed(on(from), on(to), by)).toEqual({ min: expected, max: expected });
  });

  it('are bounded for partial dates', () => {
    expect(elapsed(on('2008'), on('2026-11-20'), 'a')).toEqual({ min: 17, max: 18 });
    expect(elapsed(on('2026-01'), on('2026-03'), 'mo')).toEqual({ min: 1, max: 2 });
  });

  it('never decrease as time passes, and are the most units that fit', () => {
    fc.assert(
      fc.property(anyDay, anyDay, unit, (a, b, by) => {
        const of = (to: number): number => elapsed({ from: a, to: a }, { from: to, to }, by).min;
        const n = of(b);
        return of(b + 1) >= n && addCalendar(a, n, by) <= b && addCalendar(a, n + 1, by) > b;
      }),
    );
  });
});

describe('not older than a limit', () => {
  const today = day('2026-11-20');

  it.each([
    ['2026-08-20', true],
    ['2026-08-19', false],
    ['2026-11-20', true],
    ['2026-09', true],
    ['2026-08', undefined],
    ['2026-07', false],
    ['2026', undefined],
    ['2025', false],
    ['2026-11', true],
    ['2026-11-21', true],
    ['2026-11-22', undefined],
    ['2027', undefined],
  ])('%s, three months before 2026-11-20: %s', (iso, expected) => {
    expect(isSince(on(iso), today, addCalendar(today, -3, 'mo'))).toBe(expected);
  });

  it('a day ahead is tolerated as today, two days ahead is the future', () => {
    expect(isFuture(on('2026-11-21'), today)).toBe(false);
    expect(isFuture(on('2026-11-22'), today)).toBe(true);
    expect(isFuture(on('2026-12'), today)).toBe(true);
    expect(isFuture(on('2026-11'), today)).toBe(false);
  });
});

describe('newest first', () => {
  it('orders by the last possible day, then the more precise date', () => {
    const sorted = ['2025', '2026', '2026-12-31', '2026-11-20', '2026-12'].sort((a, b) =>
      newestFirst(on(a), on(b)),
    );
    expect(sorted).toEqual(['2026-12-31', '2026-12', '2026', '2026-11-20', '2025']);
  });

  it('does not depend on the order given', () => {
    const span = fc.tuple(fc.nat(20), fc.nat(20)).map(([from, length]) => ({ from, to: from + length }));
    fc.assert(
      fc.property(fc.array(span), (spans) => {
        expect([...spans].reverse().sort(newestFirst)).toEqual([...spans].sort(newestFirst));
      }),
    );
  });
});
