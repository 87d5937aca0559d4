import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { openCase } from '../../src/engine/case.js';
import { gap } from '../../src/rules/gap.js';
import type { Value } from '../../src/rules/value.js';
import { metastasis, own, prepared, today, vertebra } from '../chart/charts.js';

function valueOf(input: string, resources: readonly FhirResource[], ...missing: readonly string[]): Value {
  const { of, memory } = openCase(prepared, {
    resources,
    drafts: [],
    missingKeys: new Set(missing),
    today,
  });
  return memory.valueOf(of.subjectOf({ eligible: of.lesions }))(input);
}

/** For an order that names no site, and so may be for any lesion. */
function valueAtOrder(input: string, resources: readonly FhirResource[]): Value {
  const order = { resourceType: 'ServiceRequest', id: 'order', status: 'draft' };
  const { of, memory } = openCase(prepared, { resources, drafts: [order], missingKeys: new Set(), today });
  const item = of.chart.byReference('ServiceRequest/order');
  if (item === undefined) throw new Error('no order');
  return memory.valueOf(of.subjectOf({ item, eligible: of.lesions }))(input);
}

describe('the patient', () => {
  const patient = (elements: object): readonly FhirResource[] => [
    { resourceType: 'Patient', id: 'p', ...elements },
  ];

  it.each([
    ['1961-10-15', [65]],
    ['1961-10-16', [64]],
    ['1961', [{ min: 64, max: 65, minOpen: false, maxOpen: false }]],
    ['2026-10-15', [0]],
    ['2026-10-16', []],
    ['2026', []],
    ['unknown', []],
  ])('born %s has the age %j', (birthDate, age) => {
    expect(valueOf('personAge', patient({ birthDate })).possible).toEqual(age);
  });

  it.each([
    ['female', ['female']],
    ['male', ['male']],
    ['other', []],
    ['unknown', []],
    [undefined, []],
  ])('of gender %s is %j to a formula that knows two', (gender, known) => {
    expect(valueOf('personGender', patient({ gender })).possible).toEqual(known);
  });

  it('who could not be had is missing by the key', () => {
    expect(valueOf('personAge', [], 'patient')).toMatchObject({
      possible: [],
      missing: [gap('data', 'patient')],
    });
  });
});

describe('the highest total over several lesions', () => {
  const sins = (lesion: string, answers: Readonly<Record<string, string>>): FhirResource => ({
    resourceType: 'Observation',
    id: `sins-${lesion}`,
    status: 'final',
    code: { coding: [{ system: `${own}/score`, code: 'sins' }] },
    focus: [{ reference: `Condition/${lesion}` }],
    effectiveDateTime: '2026-10-01',
    component: Object.entries(answers).map(([item, answer]) => ({
      code: { coding: [{ system: `${own}/score`, code: item }] },
      valueCodeableConcept: { coding: [{ system: `${own}/score`, code: `${item}-${answer}` }] },
    })),
  });
  const stable = {
    'sins-location': 'rigid',
    'sins-pain': 'none',
    'sins-lesion': 'sclerotic',
    'sins-alignment': 'normal',
    'sins-collapse': 'none',
    'sins-posterolateral': 'none',
  };
  const withoutPain = Object.fromEntries(Object.entries(stable).filter(([item]) => item !== 'sins-pain'));
  const lesions = [metastasis('a', [vertebra.T10]), metastasis('b', [vertebra.L3])];
  const highest = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) =>
    valueAtOrder('sinsHighestAtOrder', [...lesions, sins('a', a), sins('b', b)]);

  it('is that of the worse one, whatever the other may still reach below it', () => {
    const worse = { ...stable, 'sins-alignment': 'subluxation' };
    expect(highest(worse, withoutPain)).toMatchObject({ possible: [4], missing: [] });
    expect(highest(withoutPain, worse)).toMatchObject({ possible: [4], missing: [] });
  });

  it('stays open where the other may still reach above it', () => {
    const value = highest({ ...stable, 'sins-pain': 'non-mechanical' }, withoutPain);
    expect([...value.possible].sort()).toEqual([1, 3]);
    expect(value.missing).toEqual([gap('item', 'sins-pain')]);
  });
});

describe('what lies outside the spine', () => {
  const opinion = (...codes: readonly string[]): FhirResource => ({
    resourceType: 'ServiceRequest',
    id: 'opinion',
    status: 'active',
    code: { coding: [{ system: `${own}/order`, code: 'surgical-opinion' }] },
    authoredOn: '2026-10-10',
    bodySite: codes.map((code) => ({ coding: [{ system: 'http://snomed.info/sct', code }] })),
  });
  const femur = '71341001';

  it('does not count for it, unless a place in the spine is named beside', () => {
    const arranged = (...codes: readonly string[]) =>
      valueOf('spineOpinionOnOldDeficit', [metastasis('a', [vertebra.T10]), opinion(...codes)]).possible;
    expect(arranged(femur)).toEqual([false]);
    expect(arranged(femur, vertebra.T10)).toEqual([true]);
    expect(arranged(vertebra.T10)).toEqual([true]);
    expect(arranged()).toEqual([true]);
  });
});

describe('what is undecided', () => {
  const clearance = (id: string, valueQuantity: object): FhirResource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '35591-7' }] },
    effectiveDateTime: '2026-10-01',
    valueQuantity: { unit: 'mL/min', system: 'http://unitsofmeasure.org', code: 'mL/min', ...valueQuantity },
  });

  it.each([
    ['two results of one day on both sides of the limit', [{ value: 28 }, { value: 45 }], [true]],
    ['two results of one day above it', [{ value: 30 }, { value: 45 }], [false]],
    ['two results of one day below it', [{ value: 20 }, { value: 29.9 }], [false]],
    ['a bound above it', [{ value: 60, comparator: '<' }], [true]],
    ['a bound at it', [{ value: 30, comparator: '<' }], [false]],
    ['one result', [{ value: 28 }], [false]],
    ['none', [], []],
  ])('is said of %s', (_, quantities, possible) => {
    const results = quantities.map((quantity, index) => clearance(`c${index}`, quantity));
    expect(valueOf('zoledronicContraindicationUndecided', results).possible).toEqual(possible);
  });

  it('names what could not be had', () => {
    expect(valueOf('zoledronicContraindicationUndecided', [], 'observations')).toMatchObject({
      possible: [],
      missing: expect.arrayContaining([gap('data', 'observations')]) as unknown,
    });
  });
});
