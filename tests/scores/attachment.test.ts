import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { answered, condition, found, itemOf, metastasis, scoreOf, scoresOf } from './charts.js';

const snomed = 'http://snomed.info/sct';
const l3 = '36470004';
const t12 = '23215003';
const site = (code: string) => ({ coding: [{ system: snomed, code }] });
const pain = (more: Readonly<Record<string, unknown>> = {}) => found('pain-mechanism', 'mechanical', more);
const painAt = (reference: string, resources: readonly FhirResource[]) =>
  itemOf(
    scoresOf(resources).find(({ score, lesion }) => score === 'sins' && lesion?.reference === reference),
    'sins-pain',
  );

describe('an observation of a lesion', () => {
  const two = [metastasis('a', [l3]), metastasis('b', [t12])];

  it('belongs to its focus', () => {
    const chart = [...two, pain({ focus: [{ reference: 'Condition/a' }] })];
    expect(painAt('Condition/a', chart)).toEqual([3]);
    expect(painAt('Condition/b', chart)).toEqual([0, 1, 3]);
  });

  it('else belongs to the lesion at its body site', () => {
    const chart = [...two, pain({ bodySite: site(t12) })];
    expect(painAt('Condition/b', chart)).toEqual([3]);
    expect(painAt('Condition/a', chart)).toEqual([0, 1, 3]);
  });

  it('else belongs to the only lesion of its kind, whatever lies elsewhere', () => {
    const chart = [
      metastasis('a', [l3]),
      metastasis('femur', ['41111004']),
      answered('sins-pain', 'mechanical'),
    ];
    expect(painAt('Condition/a', chart)).toEqual([3]);
  });

  it('else belongs to none, and a recorded score says so', () => {
    const base = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';
    const whole: FhirResource = {
      resourceType: 'Observation',
      id: 'whole',
      status: 'final',
      code: { coding: [{ system: base, code: 'sins' }] },
      effectiveDateTime: '2026-10-02',
      valueInteger: 9,
    };
    const results = scoresOf([...two, whole]).filter(({ score }) => score === 'sins');
    expect(results.map(({ unassigned }) => unassigned)).toEqual([
      ['Observation/whole'],
      ['Observation/whole'],
    ]);
    expect(results.every(({ recordedTotal }) => recordedTotal === undefined)).toBe(true);
  });
});

describe('shapes that charts come in', () => {
  it('an mCODE secondary cancer with a Tumor and an observation that focuses on it', () => {
    const tumor: FhirResource = {
      resourceType: 'BodyStructure',
      id: 'tumor',
      location: site(l3),
      extension: [
        {
          url: 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-related-condition',
          valueReference: { reference: 'Condition/a' },
        },
      ],
    };
    const chart = [metastasis('a', [l3]), tumor, pain({ focus: [{ reference: 'BodyStructure/tumor' }] })];
    expect(scoresOf(chart).filter(({ score }) => score === 'sins')).toHaveLength(1);
    expect(painAt('BodyStructure/tumor', chart)).toEqual([3]);
  });

  it('a bare C795 gives a score only when something is recorded for it', () => {
    const bare = condition('bone', 'http://hl7.org/fhir/sid/icd-10', 'C795');
    expect(scoresOf([bare])).toEqual([]);
    const result = scoreOf('sins', [bare, answered('sins-pain', 'mechanical')]);
    expect(itemOf(result, 'sins-pain')).toEqual([3]);
    expect(result?.missing).toContain('sins-location');
  });

  it('a pathological fracture elsewhere is not one of the only lesion', () => {
    const fracture = { ...condition('fracture', snomed, '268029009'), bodySite: [site('85050009')] };
    expect(scoresOf([metastasis('femur', ['41111004']), fracture]).map(({ score }) => score)).toEqual([
      'mirels',
    ]);
  });

  it('a recorded total that its items contradict stands beside the sum', () => {
    const base = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';
    const component = [
      'mirels-site-lower-limb',
      'mirels-size-over-two-thirds',
      'mirels-lesion-lytic',
      'mirels-pain-mild',
    ].map((answer) => ({
      code: { coding: [{ system: base, code: answer.split('-').slice(0, 2).join('-') }] },
      valueCodeableConcept: { coding: [{ system: base, code: answer }] },
    }));
    const recorded: FhirResource = {
      resourceType: 'Observation',
      id: 'recorded',
      status: 'final',
      code: { coding: [{ system: base, code: 'mirels' }] },
      effectiveDateTime: '2026-10-02',
      component,
      valueInteger: 3,
    };
    const result = scoreOf('mirels', [metastasis('femur', ['41111004']), recorded]);
    expect([result?.total, result?.recordedTotal, result?.flags]).toEqual([9, 3, ['MIR-1']]);
  });
});
