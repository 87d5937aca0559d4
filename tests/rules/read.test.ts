import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import type { SelectedInput } from '../../src/knowledge/types.js';
import { read } from '../../src/rules/read.js';
import { chartOf, own, prepared, today } from '../chart/charts.js';

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
  const input = { kind: 'selected', name: 'x', title: { en: 'x', fr: 'x' }, select: [], read: how } as const;
  const certain = [...chart.ofType('MedicationRequest'), ...chart.ofType('ServiceRequest')];
  const context = { chart, today, spellings: prepared.spellings, ownSystems: own };
  return read(input, undefined, { certain, possible: [] }, absent, context);
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
      missing: ['medicationRequests'],
    });
    expect(readAs('ongoing', [drug({})], ['medicationRequests']).possible).toEqual([true]);
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
  const every = (period: number, periodUnit: string, frequency = 1): readonly unknown[] => {
    const chart = chartOf([drug({})]);
    const input = {
      kind: 'selected',
      name: 'x',
      title: { en: 'x', fr: 'x' },
      select: [],
      read: 'interval',
    } as const;
    const context = { chart, today, spellings: prepared.spellings, ownSystems: own };
    const certain = chart.ofType('MedicationRequest');
    return read(input, () => [{ frequency, period, periodUnit }], { certain, possible: [] }, [], context)
      .possible;
  };

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
});
