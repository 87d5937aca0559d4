import { describe, expect, it } from '@jest/globals';
import { lesionOf } from '../../src/chart/lesions.js';
import {
  bodyStructure,
  chartOf,
  finding,
  lesionsOf,
  metastasis,
  prepared,
  sitesOf,
  vertebra,
} from './charts.js';

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

  it.each([
    ['no bone', '80248007', 0],
    ['a bone', vertebra.T10, 1],
  ])('are not made by the size of a tumour of %s', (_place, place, count) => {
    const size = {
      resourceType: 'Observation',
      id: 'size',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '21889-1' }] },
      focus: [{ reference: 'BodyStructure/s' }],
      valueQuantity: { value: 12, unit: 'mm', system: 'http://unitsofmeasure.org', code: 'mm' },
    };
    expect(lesionsOf([bodyStructure('s', place), size])).toHaveLength(count);
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

  it('take up the unlocated Condition where there is only one, and nobody where there are two', () => {
    const references = (...located: readonly ReturnType<typeof metastasis>[]) =>
      lesionsOf([metastasis('a'), ...located]).map((lesion) => [...lesion.references].sort());
    const b = metastasis('b', [vertebra.T10]);
    expect(references(b)).toEqual([['Condition/a', 'Condition/b']]);
    expect(references(b, metastasis('c', [vertebra.L3])).flat()).not.toContain('Condition/a');
  });

  it('do not take up what an Observation says of another level beside theirs', () => {
    const known = metastasis('a', [vertebra.T10]);
    const at = (...codes: readonly string[]) =>
      sitesOf([known, finding('o', 'lesion-type', {}, { bodySite: codes.map(site) })]);
    expect(at(vertebra.T10)).toEqual(['T10']);
    expect(at(vertebra.T10, vertebra.L3)).toEqual(['T10', 'T10, L3']);
  });

  it('are not where another problem is that names no site', () => {
    const lesions = lesionsOf([metastasis('a', [vertebra.T10])]);
    const fracture = metastasis('f', [], { code: site('46866001') });
    const ownerOf = (resource: typeof fracture) => {
      const [fact] = chartOf([resource]).ofType('Condition');
      return fact && lesionOf(fact, lesions, lesions, prepared.sites)?.reference;
    };
    expect(ownerOf(fracture)).toBeUndefined();
    expect(ownerOf({ ...fracture, bodySite: [site(vertebra.T10)] })).toBe('Condition/a');
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

  describe('are known to a registry that writes the organ of a metastasis', () => {
    const oBDS =
      'https://www.medizininformatik-initiative.de/fhir/ext/modul-onko/CodeSystem/mii-cs-onko-fernmetastasen';
    const organ = (id: string, code: string, element = 'bodySite') => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '385421009' }] },
      effectiveDateTime: '2026-09-01',
      [element]: { coding: [{ system: oBDS, code }] },
    });

    it.each(['bodySite', 'valueCodeableConcept'])('as %s: one lesion without a place', (element) => {
      const [lesion, ...others] = lesionsOf([organ('o', 'OSS', element), organ('h', 'HEP', element)]);
      expect(lesion).toMatchObject({ reference: 'Observation/o', locations: [] });
      expect(others).toEqual([]);
    });

    it('and say nothing more than a lesion on record, nor of another organ, nor where it was not meant', () => {
      expect(sitesOf([metastasis('a', [vertebra.T10]), organ('o', 'OSS')])).toEqual(['T10']);
      expect(lesionsOf([organ('h', 'HEP')])).toEqual([]);
      expect(lesionsOf([{ ...organ('o', 'OSS'), status: 'entered-in-error' }])).toEqual([]);
    });
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

describe('the two sides of the body', () => {
  const snomed = 'http://snomed.info/sct';
  const shaft = '41111004';
  const codes = { left: '7771000', right: '24028007' };
  const qualifier = (side: 'left' | 'right') => ({ system: snomed, code: codes[side] });
  const onThe = (side: 'left' | 'right', bone = shaft) => ({
    bodySite: [{ coding: [{ system: snomed, code: bone }, qualifier(side)] }],
  });
  const left = metastasis('l', [], onThe('left'));
  const right = metastasis('r', [], onThe('right'));

  it('are two lesions of one bone, named by their side', () => {
    expect(sitesOf([left, right])).toEqual(['Femoral shaft, left', 'Femoral shaft, right']);
    const [first] = lesionsOf([left]);
    expect(prepared.sites.name(first?.locations ?? [], 'fr')).toBe('Diaphyse fémorale, côté gauche');
  });

  it('are read from the extension of mCODE and from the qualifier of a BodyStructure', () => {
    const extension = [
      {
        url: 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-laterality-qualifier',
        valueCodeableConcept: { coding: [qualifier('right')] },
      },
    ];
    expect(sitesOf([metastasis('m', [], { bodySite: [{ ...site(shaft), extension }] })])).toEqual([
      'Femoral shaft, right',
    ]);
    const structure = bodyStructure('s', shaft, { locationQualifier: [{ coding: [qualifier('left')] }] });
    expect(sitesOf([metastasis('m', [shaft]), structure])).toEqual(['Femoral shaft, left']);
  });

  it('a lesion without a side is the one of either side, and neither where both are there', () => {
    const [only, ...others] = lesionsOf([left, metastasis('m', [shaft])]);
    expect([only?.references, others]).toEqual([new Set(['Condition/l', 'Condition/m']), []]);
    const both = lesionsOf([left, right, metastasis('m', [shaft])]);
    expect(both.map(({ references }) => [...references])).toEqual([['Condition/l'], ['Condition/r']]);
  });

  it('a structure without a side is neither where both are there, and keeps what is said of it', () => {
    const structure = bodyStructure('s', shaft);
    const focused = finding('f', 'cortical-destruction', {}, { focus: [{ reference: 'BodyStructure/s' }] });
    expect(lesionsOf([left, right, structure])).toHaveLength(2);
    expect(lesionsOf([left, right, structure, focused]).map(({ reference }) => reference)).toEqual([
      'Condition/l',
      'Condition/r',
      'BodyStructure/s',
    ]);
  });

  it('mean nothing for a vertebra', () => {
    const chart = [
      metastasis('l', [], onThe('left', vertebra.L3)),
      metastasis('r', [], onThe('right', vertebra.L3)),
    ];
    expect(sitesOf(chart)).toEqual(['L3']);
  });

  it('both named at once say nothing of either', () => {
    const both = { coding: [{ system: snomed, code: shaft }, qualifier('left'), qualifier('right')] };
    expect(sitesOf([metastasis('m', [], { bodySite: [both] })])).toEqual(['Femoral shaft']);
  });

  it.each([
    ['left', 'Condition/l'],
    ['right', 'Condition/r'],
  ] as const)('an observation of the %s bone belongs to its side alone', (side, expected) => {
    const fact = chartOf([finding('f', 'lesion-type', {}, onThe(side))]).ofType('Observation')[0];
    const lesions = lesionsOf([left, right]);
    const owner = fact === undefined ? undefined : lesionOf(fact, lesions, lesions, prepared.sites);
    expect(owner?.reference).toBe(expected);
  });

  it('an observation without a side belongs to neither of two', () => {
    const fact = chartOf([finding('f', 'lesion-type', {}, { bodySite: site(shaft) })]).ofType(
      'Observation',
    )[0];
    const lesions = lesionsOf([left, right]);
    expect(fact === undefined ? 'no fact' : lesionOf(fact, lesions, lesions, prepared.sites)).toBeUndefined();
  });
});
