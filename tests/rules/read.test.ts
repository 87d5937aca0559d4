import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import type { Chart } from '../../src/chart/chart.js';
import { compilePath } from '../../src/fhirpath/compile.js';
import type { SelectedInput } from '../../src/knowledge/types.js';
import { gap } from '../../src/rules/gap.js';
import { read, type ReadContext } from '../../src/rules/read.js';
import { chartOf, own, prepared, result, today } from '../chart/charts.js';

const inputOf = (how: SelectedInput['read'], unit?: string): Parameters<typeof read>[0] => ({
  kind: 'selected',
  name: 'x',
  title: { en: 'x', fr: 'x' },
  select: [],
  read: how,
  ...(unit !== undefined && { unit }),
});
const contextOf = (chart: Chart): ReadContext => ({
  chart,
  today,
  spellings: prepared.spellings,
  settings: prepared.knowledge.settings,
  isOwnSystem: (system) => system.startsWith(own),
});

const drug = (extra: Partial<FhirResource>): FhirResource => ({
  resourceType: 'MedicationRequest',
  id: 'clopidogrel',
  status: 'active',
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'B01AC04' }] },
  authoredOn: '2026-03-01',
  ...extra,
});
const until = (end: string) => ({
  dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start: '2026-03-01', end } } } }],
});

function readAs(
  how: SelectedInput['read'],
  resources: readonly FhirResource[],
  absent: readonly string[] = [],
) {
  const chart = chartOf(resources);
  const certain = [...chart.ofType('MedicationRequest'), ...chart.ofType('ServiceRequest')];
  const keys = absent.map((key) => gap('data', key));
  return read(inputOf(how), undefined, { certain, possible: [] }, keys, contextOf(chart));
}

describe('a drug is ongoing', () => {
  it('when an active order has no end', () => {
    expect(readAs('ongoing', [drug({})]).possible).toEqual([true]);
  });

  it('not when its end is known, stopped or still to come', () => {
    expect(readAs('ongoing', [drug(until('2026-10-10'))]).possible).toEqual([false]);
    expect(readAs('ongoing', [drug({ status: 'stopped' })]).possible).toEqual([false]);
  });

  it('as soon as one of two orders is', () => {
    const orders = [drug(until('2026-10-10')), drug({ id: 'renewed' })];
    expect(readAs('ongoing', orders).possible).toEqual([true]);
  });

  it('unknown when prescriptions could not be had, unless one order says so', () => {
    expect(readAs('ongoing', [], ['medicationRequests'])).toMatchObject({
      possible: [],
      missing: [gap('data', 'medicationRequests')],
    });
    expect(readAs('ongoing', [drug({})], ['medicationRequests']).possible).toEqual([true]);
  });
});

describe('the date of a drug that is over', () => {
  it('is the last thing known of it: its end, else its beginning', () => {
    const day = (month: number, date: number) => [Date.UTC(2026, month, date) / 86_400_000];
    expect(readAs('date', [drug({ status: 'stopped' })]).possible).toEqual(day(2, 1));
    expect(readAs('date', [drug({ status: 'stopped', ...until('2026-10-10') })]).possible).toEqual(
      day(9, 10),
    );
  });
});

describe('the date of a planned procedure', () => {
  it('is the first day on which it may take place', () => {
    const order = {
      resourceType: 'ServiceRequest',
      id: 'order',
      status: 'active',
      code: { coding: [{ system: `${own}/order`, code: 'cementoplasty' }] },
      occurrencePeriod: { start: '2026-10-20', end: '2026-10-27' },
    };
    expect(readAs('date', [order]).possible).toEqual([Date.UTC(2026, 9, 20) / 86_400_000]);
  });
});

describe('the interval between two doses', () => {
  const intervalOf = (repeat: object): readonly unknown[] => {
    const chart = chartOf([drug({})]);
    const certain = chart.ofType('MedicationRequest');
    return read(inputOf('interval'), () => [repeat], { certain, possible: [] }, [], contextOf(chart))
      .possible;
  };
  const every = (period: number, periodUnit: string, frequency = 1): readonly unknown[] =>
    intervalOf({ frequency, period, periodUnit });

  it.each([
    [4, 'wk', 28],
    [1, 'mo', 30],
    [6, 'mo', 183],
    [1, 'a', 365],
    [35, 'd', 35],
  ])('every %s %s is whole days: %s', (period, unit, days) => {
    expect(every(period, unit)).toEqual([days]);
  });

  it('of less than a week keeps its fraction', () => {
    expect(every(8, 'h')).toEqual([8 / 24]);
    expect(every(1, 'd', 2)).toEqual([0.5]);
  });

  it('lies between two bounds where the order leaves it open', () => {
    const between = (min: number, max: number) => [{ min, max, minOpen: false, maxOpen: false }];
    expect(intervalOf({ period: 4, periodMax: 6, periodUnit: 'wk' })).toEqual(between(28, 42));
    expect(intervalOf({ frequency: 1, frequencyMax: 2, period: 1, periodUnit: 'd' })).toEqual(
      between(0.5, 1),
    );
  });

  it.each([
    [{ period: 0, periodUnit: 'd' }],
    [{ frequency: 0, period: 1, periodUnit: 'd' }],
    [{ period: 4, periodMax: 3, periodUnit: 'wk' }],
    [{ period: '4', periodUnit: 'wk' }],
    [{ period: 4, periodUnit: 'weeks' }],
  ])('is not known of %j', (repeat) => {
    expect(intervalOf(repeat)).toEqual([]);
  });
});

describe('the newest result', () => {
  const clearance = (id: string, effectiveDateTime: string, value = 50, unit = 'mL/min') =>
    result(id, '35591-7', value, unit, { effectiveDateTime });
  const newest = (certain: readonly FhirResource[], possible: readonly FhirResource[] = []) => {
    const chart = chartOf([...certain, ...possible]);
    const among = (resources: readonly FhirResource[]) =>
      resources.flatMap(({ id }) => chart.byReference(`Observation/${id ?? ''}`) ?? []);
    const selected = { certain: among(certain), possible: among(possible) };
    return read(inputOf('number', 'mL/min'), undefined, selected, [], contextOf(chart));
  };

  it('counts, not an older one', () => {
    expect(newest([clearance('a', '2026-10-01', 40), clearance('b', '2026-10-02', 60)]).possible).toEqual([
      60,
    ]);
  });

  it('that cannot be used lets no older one speak in its place', () => {
    const unusable = clearance('b', '2026-10-02', 60, 'furlong');
    expect(newest([clearance('a', '2026-10-01'), unusable])).toMatchObject({
      possible: [],
      missing: [gap('input', 'x')],
    });
  });

  it('without a value lets the older one speak', () => {
    const empty = { ...clearance('b', '2026-10-02'), valueQuantity: undefined };
    expect(newest([clearance('a', '2026-10-01'), empty]).possible).toEqual([50]);
  });

  it('of two of one day is the later by its time; without times both are possible', () => {
    const at = (time: string) => [
      clearance('a', `2026-10-02${time === '' ? '' : 'T08:00:00Z'}`, 40),
      clearance('b', `2026-10-02${time}`, 60),
    ];
    expect(newest(at('T18:00:00Z')).possible).toEqual([60]);
    expect([...newest(at('')).possible].sort()).toEqual([40, 60]);
  });

  it('is not known when one of the same moment cannot be used', () => {
    const unusable = clearance('b', '2026-10-02', 60, 'furlong');
    expect(newest([clearance('a', '2026-10-02'), unusable]).possible).toEqual([]);
  });

  it('may also be one of which it is not known whether it counts, unless that one is older', () => {
    const certain = [clearance('a', '2026-10-02')];
    const other = (date: string) => clearance('b', date, 20);
    expect(newest(certain, [other('2026-10-03')]).possible).toEqual([50, 20]);
    expect(newest(certain, [other('2026-10-01')]).possible).toEqual([50]);
    expect(newest([], [other('2026-10-03')])).toMatchObject({ possible: [], missing: [gap('input', 'x')] });
  });
});

describe('a number', () => {
  const numberOf = (value: unknown, unit?: string): readonly unknown[] => {
    const chart = chartOf([drug({})]);
    const certain = chart.ofType('MedicationRequest');
    return read(inputOf('number', unit), () => [value], { certain, possible: [] }, [], contextOf(chart))
      .possible;
  };
  const ratio = (numerator: object, denominator: object) => ({ numerator, denominator });

  it.each([
    ['1:3 is exactly a third', ratio({ value: 1 }, { value: 3 }), [100 / 3]],
    ['2 mm : 4 mm', ratio({ value: 2, unit: 'mm' }, { value: 4, code: 'mm' }), [50]],
    ['1:0', ratio({ value: 1 }, { value: 0 }), []],
    ['2 mm : 1 cm is not converted', ratio({ value: 2, unit: 'mm' }, { value: 1, unit: 'cm' }), []],
    ['more than 1:3', ratio({ value: 1, comparator: '>' }, { value: 3 }), []],
    ['a part without a value', ratio({ value: 1 }, {}), []],
  ])('of a fraction: %s', (_, value, expected) => {
    expect(numberOf(value, '%')).toEqual(expected);
  });

  it.each([
    ['a plain one', { value: 3, unit: 'vertebrae' }, [3]],
    [
      'three or more',
      { value: 3, comparator: '>=' },
      [{ min: 3, max: Number.POSITIVE_INFINITY, minOpen: false, maxOpen: true }],
    ],
    [
      'fewer than three',
      { value: 3, comparator: '<' },
      [{ min: Number.NEGATIVE_INFINITY, max: 3, minOpen: true, maxOpen: true }],
    ],
    ['about three', { value: 3, comparator: '~' }, []],
    ['no value', { unit: 'vertebrae' }, []],
  ])('that is read without a unit keeps its comparator: %s', (_, value, expected) => {
    expect(numberOf(value)).toEqual(expected);
  });

  it('of a range without an upper end is open there', () => {
    expect(numberOf({ low: { value: 3, unit: 'mo', code: 'mo' } }, 'mo')).toEqual([
      { min: 3, max: Number.POSITIVE_INFINITY, minOpen: false, maxOpen: true },
    ]);
    const range = { low: { value: 3, unit: 'mo', code: 'mo' }, high: { value: 6, unit: 'mo', code: 'mo' } };
    expect(numberOf(range, 'mo')).toEqual([{ min: 3, max: 6, minOpen: false, maxOpen: false }]);
    expect(numberOf({ low: range.high, high: range.low }, 'mo')).toEqual([]);
  });
});

it('a path that cannot be followed in a resource leaves the value unknown, and the rule alive', () => {
  const path = compilePath('note.text.lower()');
  const chart = chartOf([drug({ note: [{ text: {} }] })]);
  const certain = chart.ofType('MedicationRequest');
  const value = read(inputOf('answer'), path, { certain, possible: [] }, [], contextOf(chart));
  expect(value).toMatchObject({ possible: [], missing: [gap('input', 'x')], facts: certain });
});
