import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import {
  answered,
  condition,
  cordCompression,
  found,
  metastasis,
  observation,
  prepared,
  quantity,
  scoresOf,
} from './charts.js';

const icd = 'http://hl7.org/fhir/sid/icd-10';
const spine = { focus: [{ reference: 'Condition/spine' }] };
const limb = { focus: [{ reference: 'Condition/femur' }] };
const ground = [
  metastasis('spine', ['7610001', '12989004']),
  metastasis('femur', ['310651003']),
  cordCompression,
];

/** One piece of evidence for each item at most, so that pieces never contradict each other. */
const pieces: readonly FhirResource[] = [
  { ...found('pain-mechanism', 'mechanical', spine), id: 'pain-spine' },
  { ...found('lesion-type', 'lytic', spine), id: 'type-spine' },
  { ...found('lesion-type', 'mixed', limb), id: 'type-femur' },
  { ...quantity('vertebral-height-loss', 50, '%'), ...spine },
  { ...quantity('cortical-destruction', 40, '%'), ...limb },
  answered('sins-alignment', 'normal', spine),
  answered('sins-posterolateral', 'unilateral', spine),
  answered('mirels-pain', 'moderate', limb),
  condition('primary', icd, 'C34.9', '2024-03-01'),
  condition('liver', icd, 'C78.7'),
  found('ambulation', 'aided'),
  answered('frankel', 'd1'),
  quantity('motor-deficit-duration', 10, 'd'),
  observation('89247-1', { valueInteger: 1 }),
  observation('vertebral-metastases', { valueInteger: 2 }),
  observation('extraspinal-bone-metastases', { valueInteger: 1 }),
];

const charts = fc.subarray([...pieces]);
const named = (resources: readonly FhirResource[]) =>
  new Map(
    scoresOf([...ground, ...resources]).map((result) => [
      `${result.score} ${result.lesion?.reference ?? ''}`,
      result,
    ]),
  );

describe('scores of a growing chart', () => {
  it('adding evidence never widens the reachable set', () => {
    fc.assert(
      fc.property(charts, fc.constantFrom(...pieces), (chart, piece) => {
        const before = named(chart.filter((each) => each !== piece));
        const after = named([...chart.filter((each) => each !== piece), piece]);
        for (const [name, result] of after) {
          const known = before.get(name)?.reachable ?? result.reachable;
          expect(known).toEqual(expect.arrayContaining([...result.reachable]));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('removing an item never gives a class that the full data contradict', () => {
    const full = named(pieces);
    fc.assert(
      fc.property(charts, (chart) => {
        for (const [name, result] of named(chart)) {
          if (result.class !== undefined) expect(full.get(name)?.possibleClasses).toEqual([result.class]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the order of resources is irrelevant', () => {
    const shuffled = charts.chain((chart) => {
      const all = [...ground, ...chart];
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
    });
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const plain = (resources: readonly FhirResource[]) =>
          scoresOf(resources)
            .map(({ items, ...rest }) =>
              JSON.stringify({
                ...rest,
                items: items.map(({ item, points, from, evidence }) => [item, points, from, evidence]),
              }),
            )
            .sort();
        expect(plain(other)).toEqual(plain(all));
      }),
      { numRuns: 60 },
    );
  });

  it('entered-in-error is invisible', () => {
    fc.assert(
      fc.property(charts, fc.constantFrom(...pieces), (chart, piece) => {
        const wrong: FhirResource =
          piece.resourceType === 'Condition'
            ? { ...piece, id: 'wrong', verificationStatus: { coding: [{ code: 'entered-in-error' }] } }
            : { ...piece, id: 'wrong', status: 'entered-in-error' };
        const totals = (resources: readonly FhirResource[]) =>
          [...named(resources)].map(([name, { reachable, flags }]) => [name, reachable, flags]);
        expect(totals([...chart, wrong])).toEqual(totals(chart));
      }),
      { numRuns: 60 },
    );
  });
});

describe('spellings of one quantity', () => {
  const rades = (duration: FhirResource) =>
    scoresOf([cordCompression, duration]).find(({ score }) => score === 'rades')?.reachable;
  const spelt = (value: number, unit: Readonly<Record<string, string>>) =>
    observation('motor-deficit-duration', { valueQuantity: { value, ...unit } });
  const ucum = { system: 'http://unitsofmeasure.org' };

  it.each([
    ['days as UCUM', spelt(10, { ...ucum, code: 'd', unit: 'days' })],
    ['hours as UCUM', spelt(240, { ...ucum, code: 'h' })],
    ['days in words', spelt(10, { unit: 'd' })],
  ])('%s', (_, duration) => {
    expect(rades(duration)).toEqual(rades(quantity('motor-deficit-duration', 10, 'd')));
  });

  it('a unit that is no time says nothing', () => {
    expect(rades(quantity('motor-deficit-duration', 10, 'kg'))).toEqual(
      rades(condition('nothing', icd, 'Z00')),
    );
  });
});

it('all six scores are there', () => {
  expect([...prepared.knowledge.scores.keys()].sort()).toEqual([
    'frankel',
    'mirels',
    'rades',
    'sins',
    'tokuhashi',
    'tomita',
  ]);
});
