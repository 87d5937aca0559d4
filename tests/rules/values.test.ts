import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Setting } from '../../src/knowledge/types.js';
import { gap } from '../../src/rules/gap.js';
import { condition, expression } from '../../src/rules/condition.js';
import { absent, known, representatives, unknown, type Value } from '../../src/rules/value.js';

const key = gap('data', 'key');

const setting = (value: number): Setting => ({
  value,
  min: 0,
  max: 100,
  text: { en: 'x', fr: 'x' },
  source: { en: 'test', fr: 'test' },
});
const settings = new Map([
  ['limit', setting(30)],
  ['upper', setting(40)],
]);
const decide = (source: string, values: Readonly<Record<string, Value>>) =>
  condition(source, settings).decide((name) => values[name] ?? unknown([gap('input', name)]));

const below = (max: number): Value =>
  known([{ min: Number.NEGATIVE_INFINITY, max, minOpen: true, maxOpen: true }]);
const atLeast = (min: number): Value =>
  known([{ min, max: Number.POSITIVE_INFINITY, minOpen: false, maxOpen: true }]);

describe('a condition', () => {
  it.each([
    ['true and unknown is unknown', '%a and %b', { a: known([true]) }, undefined],
    ['false and unknown is false', '%a and %b', { a: known([false]) }, false],
    ['true or unknown is true', '%a or %b', { a: known([true]) }, true],
    ['not unknown is unknown', '%b.not()', {}, undefined],
    ['a comparison with unknown is unknown', '%n < %limit', {}, undefined],
    ['29.99 is below 30', '%n < %limit', { n: known([29.99]) }, true],
    ['30 is not below 30', '%n < %limit', { n: known([30]) }, false],
    ['«<20» is below 30', '%n < %limit', { n: below(20) }, true],
    ['«<45» may be below 30', '%n < %limit', { n: below(45) }, undefined],
    ['«<30» is below 30', '%n < %limit', { n: below(30) }, true],
    ['«>=30» is not below 30', '%n < %limit', { n: atLeast(30) }, false],
    [
      'a band inside an interval is not overlooked',
      '%n >= %limit and %n < %upper',
      { n: known([{ min: 20, max: 60, minOpen: false, maxOpen: false }]) },
      undefined,
    ],
    ['two possible values that agree decide', '%n < %limit', { n: known([10, 20]) }, true],
    ['two that do not, do not', '%n < %limit', { n: known([10, 40]) }, undefined],
  ])('%s', (_, source, values, expected) => {
    expect(decide(source, values).answer).toBe(expected);
  });

  it('is unknown, and soon, where there are more combinations than can be tried', () => {
    const positive = (count: number) => known(Array.from({ length: count }, (_, index) => index + 1));
    expect(decide('%a + %b > 0', { a: positive(22), b: positive(23) }).answer).toBe(true);
    expect(decide('%a + %b > 0', { a: positive(23), b: positive(23) }).answer).toBeUndefined();
  });

  it('says what is missing only when it is not decided', () => {
    expect(decide('%a and %b', { a: known([false]) }).missing).toEqual([]);
    expect(decide('%a and %b', { a: known([true]) }).missing).toEqual([gap('input', 'b')]);
  });

  it('decides nothing when there are too many possible worlds', () => {
    const many = known(Array.from({ length: 100 }, (_, index) => index));
    expect(decide('%a < %limit or %b < %limit', { a: many, b: many }).answer).toBeUndefined();
  });

  it('learns from more knowledge, and never unlearns: narrowing an interval keeps a decision', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 80 }),
        fc.integer({ min: 0, max: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, share) => {
          const [min, max] = [Math.min(a, b), Math.max(a, b)];
          const wide = decide('%n >= %limit and %n < %upper', {
            n: known([{ min, max, minOpen: false, maxOpen: false }]),
          }).answer;
          const exact = decide('%n >= %limit and %n < %upper', {
            n: known([min + share * (max - min)]),
          }).answer;
          expect(wide === undefined || wide === exact).toBe(true);
        },
      ),
    );
  });
});

describe('what could not be had', () => {
  const some = 'iif(%a, false, true)';
  const late = 'iif(%found > %other, true, false)';
  const named = "iif(%code = 'x', 'is', 'other')";

  it.each([
    ['a choice takes what is not recorded for «no»', some, {}, true],
    ['but not what is missing', some, { a: absent('boolean', [key]) }, undefined],
    [
      'what decides without it decides',
      `%b and ${some}`,
      { a: absent('boolean', [key]), b: known([false]) },
      false,
    ],
    [
      'a missing number may lie beyond one that is known',
      late,
      { found: absent('number', [key]), other: known([20000]) },
      undefined,
    ],
    [
      'and outside a choice it is unknown, as ever',
      '%found > %limit',
      { found: absent('number', [key]) },
      undefined,
    ],
  ])('%s', (_, source, values, expected) => {
    const { answer, missing } = decide(source, values);
    expect(answer).toBe(expected);
    if (expected === undefined) expect(missing).toEqual([key]);
  });

  it('passes through an expression, by its kind', () => {
    const told = expression(named, settings, 'code').value(() => absent('code', [key]), []);
    expect(told).toMatchObject({ possible: [], absent: 'code', missing: [key] });
  });
});

describe('representatives of an interval', () => {
  it('are its ends, the points at which the answer may change, and one value between each two', () => {
    expect(representatives([{ min: 10, max: 50, minOpen: false, maxOpen: true }], [30])).toEqual([
      10, 30, 20, 40,
    ]);
  });
});

describe('an expression', () => {
  const value = (source: string, values: Readonly<Record<string, Value>>) =>
    expression(source, settings, 'number').value(
      (name) => values[name] ?? unknown([gap('input', name)]),
      Object.keys(values),
    );

  it('computes with what is known', () => {
    expect(value('(140 - %age) * %weight', { age: known([60]), weight: known([70]) }).possible).toEqual([
      5600,
    ]);
  });

  it('is unknown when a part is, and names it', () => {
    expect(value('%a * %b', { a: known([2]) })).toMatchObject({ possible: [], missing: [gap('input', 'b')] });
  });

  it('gives the bounds of what it is made of', () => {
    const interval = { min: 10, max: 20, minOpen: false, maxOpen: false };
    expect(value('100 - %a', { a: known([interval]) }).possible).toEqual([
      { min: 80, max: 90, minOpen: false, maxOpen: false },
    ]);
  });

  it.each([
    ['«>20» stays without end', '%a', atLeast(20), { min: 20, max: Number.POSITIVE_INFINITY, maxOpen: true }],
    ['its opposite goes the other way', '0 - %a', atLeast(20), { min: Number.NEGATIVE_INFINITY, max: -20 }],
  ])('%s', (_, source, a, expected) => {
    expect(value(source, { a }).possible).toMatchObject([expected]);
  });

  it('keeps «<30» below 30', () => {
    const passed = value('iif(%known, %a)', { known: known([true]), a: below(30) });
    expect(decide('%n < %limit', { n: passed }).answer).toBe(true);
  });

  it.each([
    ['«<20» times two is «<40», not «at most 39.99…»', '%a * 2', below(20), { max: 40, maxOpen: true }],
    ['its opposite is above', '0 - %a', below(20), { min: -20, minOpen: true }],
    [
      'a limit that only another branch reaches bounds nothing',
      'iif(%a < 20, %a, 500)',
      below(20),
      { maxOpen: false },
    ],
  ])('%s', (_, source, a, expected) => {
    expect(value(source, { a }).possible).toMatchObject([expected]);
  });

  it('is one number where every end gives the same', () => {
    expect(value('iif(%a < 50, 3, 4)', { a: below(30) }).possible).toEqual([3]);
  });

  it('does not divide by nothing', () => {
    expect(value('%a / %b', { a: known([2]), b: known([0]) }).possible).toEqual([]);
  });
});
