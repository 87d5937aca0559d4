import { describe, expect, it } from '@jest/globals';
import { bodyStructure, finding, lesionsOf, metastasis, sitesOf, vertebra } from './charts.js';

const site = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });

describe('lesions of the skeleton', () => {
  it('are one for one Condition over several levels', () => {
    expect(sitesOf([metastasis('a', [vertebra.T10, vertebra.T11])])).toEqual(['T10–T11']);
  });

  it('are two for two Conditions at two levels, in an order of their own', () => {
    const forwards = [metastasis('a', [vertebra.L3]), metastasis('b', [vertebra.T10])];
    expect(sitesOf(forwards)).toEqual(sitesOf([...forwards].reverse()));
    expect(sitesOf(forwards)).toHaveLength(2);
  });

  it('know a vertebra by either of its SNOMED codes', () => {
    expect(sitesOf([metastasis('a', [vertebra.T12]), metastasis('b', [vertebra.T12body])])).toEqual(['T12']);
  });

  it('count a Condition coded twice once', () => {
    expect(lesionsOf([metastasis('a', [vertebra.T10]), metastasis('b', [vertebra.T10])])).toHaveLength(1);
  });

  it('join a BodyStructure for each level to the Condition that names them all', () => {
    const lesions = lesionsOf([
      metastasis('a', [vertebra.T10, vertebra.T11]),
      bodyStructure('s1', vertebra.T10),
      bodyStructure('s2', vertebra.T11),
    ]);
    expect(lesions).toHaveLength(1);
    expect(lesions[0]?.reference).toBe('Condition/a');
    expect([...(lesions[0]?.references ?? [])].sort()).toEqual([
      'BodyStructure/s1',
      'BodyStructure/s2',
      'Condition/a',
    ]);
  });

  it.each([
    ['itself', (extension: unknown) => ({ extension })],
    ['its body site', (extension: unknown) => ({ bodySite: [{ text: 'spine', extension }] })],
  ])('are one for a Condition that names its BodyStructures by the standard extension on %s', (_, on) => {
    const named = ['s1', 's2'].map((id) => ({
      url: 'http://hl7.org/fhir/StructureDefinition/bodySite',
      valueReference: { reference: `BodyStructure/${id}` },
    }));
    const chart = [
      metastasis('a', [], on(named)),
      bodyStructure('s1', vertebra.T10),
      bodyStructure('s2', vertebra.T11),
    ];
    expect(sitesOf(chart)).toEqual(['T10–T11']);
    expect(sitesOf([...chart].reverse())).toEqual(['T10–T11']);
  });

  it('are named after the BodyStructure when there is exactly one', () => {
    expect(lesionsOf([metastasis('a', [vertebra.T10]), bodyStructure('s', vertebra.T10)])[0]?.reference).toBe(
      'BodyStructure/s',
    );
  });

  it('are each of several mCODE Tumors of one Condition without a level', () => {
    const tumor = (id: string, code: string) =>
      bodyStructure(id, code, { extension: [{ url: 'x', valueReference: { reference: 'Condition/a' } }] });
    expect(
      [...sitesOf([metastasis('a'), tumor('s1', vertebra.T10), tumor('s2', vertebra.L3)])].sort(),
    ).toEqual(['L3', 'T10']);
  });

  it('read bare ICD-10 C795, with and without the dot, as a lesion without a site', () => {
    for (const code of ['C795', 'C79.5']) {
      const condition = {
        ...metastasis('a'),
        code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
      };
      expect(lesionsOf([condition])).toHaveLength(1);
      expect(lesionsOf([condition])[0]?.locations).toEqual([]);
    }
  });

  it('do not count the unlocated Condition beside a located lesion', () => {
    expect(sitesOf([metastasis('a'), metastasis('b', [vertebra.T10])])).toEqual(['T10']);
  });

  it('take their site from the code of the Condition where it names one', () => {
    const femur = { ...metastasis('a'), code: site('94300004') };
    expect(sitesOf([femur])[0]).toMatch(/femur/i);
  });

  it.each([
    ['refuted', { verificationStatus: { coding: [{ code: 'refuted' }] } }],
    ['entered in error', { verificationStatus: { coding: [{ code: 'entered-in-error' }] } }],
    ['resolved', { clinicalStatus: { coding: [{ code: 'resolved' }] } }],
    ['not confirmed', { verificationStatus: { coding: [{ code: 'unconfirmed' }] } }],
  ])('do not come from a Condition that is %s, nor from what focuses on it', (_, extra) => {
    const condition = metastasis('a', [vertebra.T10], extra);
    const focused = finding('o', 'lesion-type', {}, { focus: [{ reference: 'Condition/a' }] });
    expect(lesionsOf([condition, focused])).toEqual([]);
  });

  it('do not come from a metastasis of bone marrow, nor from a BodyStructure alone', () => {
    const marrow = {
      ...metastasis('a'),
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'C79.52' }] },
    };
    expect(lesionsOf([marrow])).toEqual([]);
    expect(lesionsOf([bodyStructure('s', vertebra.T10)])).toEqual([]);
  });

  it('may be known by an Observation alone', () => {
    const focused = finding(
      'o',
      'lesion-type',
      {},
      { focus: [{ reference: 'BodyStructure/elsewhere' }], bodySite: site(vertebra.L1) },
    );
    expect(sitesOf([focused])).toEqual(['L1']);
  });

  it('survive wrong shapes', () => {
    const odd = [
      { ...metastasis('a'), bodySite: 'T10' },
      { ...metastasis('b'), code: [{ coding: { code: 5 } }] },
      { resourceType: 'BodyStructure', id: 's', location: null },
      finding('o', 'lesion-type', {}, { focus: { reference: 7 } }),
    ];
    expect(() => lesionsOf(odd)).not.toThrow();
  });
});
