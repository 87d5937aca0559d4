import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import {
  answered,
  condition,
  found,
  itemOf,
  metastasis,
  observation,
  quantity,
  scoreOf,
  scoresOf,
} from './charts.js';

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

describe('a score that somebody recorded', () => {
  const base = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';
  const whole = (score: string, answers: Readonly<Record<string, string>>): FhirResource => ({
    resourceType: 'Observation',
    id: `whole-${score}`,
    status: 'final',
    code: { coding: [{ system: base, code: score }] },
    effectiveDateTime: '2026-10-02',
    component: Object.entries(answers).map(([item, answer]) => ({
      code: { coding: [{ system: base, code: item }] },
      valueCodeableConcept: { coding: [{ system: base, code: `${item}-${answer}` }] },
    })),
  });
  const mirels = {
    'mirels-site': 'lower-limb',
    'mirels-size': 'over-two-thirds',
    'mirels-lesion': 'lytic',
    'mirels-pain': 'functional',
  };
  const rades = {
    'rades-primary': 'breast',
    'rades-interval': 'over-15-months',
    'rades-visceral': 'no',
    'rades-motor': 'unaided',
    'rades-deficit-onset': 'over-14-days',
  };
  const tokuhashi = {
    'tokuhashi-performance': 'kps-80-100',
    'tokuhashi-extraspinal': 'none',
    'tokuhashi-vertebral': 'one',
    'tokuhashi-visceral': 'none',
    'tokuhashi-primary': 'breast',
    'tokuhashi-neurology': 'none',
  };
  const tomita = { 'tomita-growth': 'slow', 'tomita-visceral': 'none', 'tomita-bone': 'solitary' };
  const apart = (answers: Readonly<Record<string, string>>): readonly FhirResource[] =>
    Object.entries(answers).map(([item, answer]) => answered(item, answer));

  it.each([
    ['mirels', mirels, 11],
    ['rades', rades, 43],
    ['tokuhashi', tokuhashi, 15],
    ['tomita', tomita, 2],
  ])('is counted in a chart that holds nothing else, whole or item by item: %s', (score, answers, total) => {
    expect(scoreOf(score, [whole(score, answers)])?.total).toBe(total);
    expect(scoreOf(score, apart(answers))?.total).toBe(total);
  });

  it('is one lesion, of no known place, however many Observations speak of it', () => {
    const results = scoresOf([whole('mirels', mirels), answered('mirels-pain', 'mild', { id: 'later' })]);
    expect(results.map(({ score, lesion }) => [score, lesion?.site])).toEqual([['mirels', undefined]]);
  });

  it('makes no lesion of a finding alone', () => {
    expect(scoresOf([found('lesion-type', 'lytic'), pain()])).toEqual([]);
  });
});

describe('a score that nobody recorded', () => {
  const counted = (code: string, valueInteger: number) => observation(code, { valueInteger });
  const scored = (chart: readonly FhirResource[]): readonly string[] =>
    scoresOf(chart).map(({ score }) => score);

  it('applies when vertebral metastases are counted, and not when there are none', () => {
    expect(scored([counted('vertebral-metastases', 2)])).toEqual(['tokuhashi', 'tomita']);
    expect(scored([counted('vertebral-metastases', 0)])).toEqual([]);
  });

  it('of walking applies to a motor deficit, and not to a normal examination', () => {
    expect(scored([quantity('motor-deficit-duration', 3, 'd')])).toEqual(['rades']);
    const frankel = (grade: string) => {
      const code = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';
      const concept = (each: string) => ({ coding: [{ system: code, code: each }] });
      return {
        ...found('ambulation', 'aided'),
        code: concept('frankel'),
        valueCodeableConcept: concept(`frankel-${grade}`),
      };
    };
    expect(scored([frankel('c')])).toEqual(['frankel', 'rades']);
    expect(scored([frankel('e')])).toEqual(['frankel']);
  });

  it('names each evidence once', () => {
    const [result] = scoresOf([
      {
        resourceType: 'Observation',
        id: 'grade',
        status: 'final',
        code: {
          coding: [{ system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/score', code: 'frankel' }],
        },
        valueCodeableConcept: {
          coding: [
            { system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/score', code: 'frankel-e' },
          ],
        },
      },
    ]);
    expect(result?.items.map(({ evidence }) => evidence)).toEqual([[{ reference: 'Observation/grade' }]]);
  });
});

describe('the same bone of both sides', () => {
  const bone = (id: string, side: string): FhirResource => ({
    ...metastasis(id, []),
    bodySite: [{ coding: [...site('41111004').coding, { system: snomed, code: side }] }],
  });
  const destroyed = (id: string, percent: number): FhirResource => ({
    ...quantity('cortical-destruction', percent, '%'),
    focus: [{ reference: `Condition/${id}` }],
  });

  it('is scored for each side by what was found there', () => {
    const chart = [bone('l', '7771000'), bone('r', '24028007'), destroyed('l', 80), destroyed('r', 10)];
    const mirels = scoresOf(chart).filter(({ score }) => score === 'mirels');
    expect(mirels.map((result) => [result.lesion, itemOf(result, 'mirels-size')])).toEqual([
      [{ reference: 'Condition/l', site: 'Femoral shaft, left' }, [3]],
      [{ reference: 'Condition/r', site: 'Femoral shaft, right' }, [1]],
    ]);
  });
});
