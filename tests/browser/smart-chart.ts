/** A patient made for the app's own tests, and what the service would make of her chart. */

const own = 'https://bone-metastasis-cds.example/fhir/CodeSystem';
const snomed = 'http://snomed.info/sct';
const patient = { reference: 'Patient/smart-anna' };

const coded = (system: string, code: string) => ({ coding: [{ system, code }] });

function sins(id: string, date: string, answers: Readonly<Record<string, string>>, total?: number) {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: coded(`${own}/score`, 'sins'),
    subject: patient,
    focus: [{ reference: 'BodyStructure/smart-l1' }],
    effectiveDateTime: date,
    component: Object.entries(answers).map(([item, answer]) => ({
      code: coded(`${own}/score`, item),
      valueCodeableConcept: coded(`${own}/score`, `${item}-${answer}`),
    })),
    ...(total !== undefined && { valueInteger: total }),
  };
}

export const chart = [
  {
    resourceType: 'Patient',
    id: 'smart-anna',
    name: [{ use: 'official', given: ['Anna'], family: 'Lindqvist' }],
    gender: 'female',
    birthDate: '1961-05-14',
  },
  {
    resourceType: 'Patient',
    id: 'smart-bruno',
    name: [{ given: ['Bruno'], family: 'Keller' }],
    gender: 'male',
  },
  {
    resourceType: 'BodyStructure',
    id: 'smart-l1',
    patient,
    location: coded(snomed, '23215003'),
  },
  { resourceType: 'BodyStructure', id: 'smart-l2', patient, location: coded(snomed, '71341001') },
  {
    resourceType: 'Observation',
    id: 'smart-type',
    status: 'final',
    code: coded(`${own}/finding`, 'lesion-type'),
    subject: patient,
    focus: [{ reference: 'BodyStructure/smart-l1' }],
    effectiveDateTime: '2026-02-11',
    valueCodeableConcept: coded(`${own}/finding`, 'lytic'),
  },
  sins(
    'smart-sins-1',
    '2026-03-02',
    {
      'sins-location': 'junctional',
      'sins-pain': 'none',
      'sins-lesion': 'mixed',
      'sins-alignment': 'normal',
      'sins-collapse': 'none',
      'sins-posterolateral': 'none',
    },
    4,
  ),
  sins(
    'smart-sins-2',
    '2026-06-20',
    {
      'sins-location': 'junctional',
      'sins-pain': 'non-mechanical',
      'sins-lesion': 'lytic',
      'sins-alignment': 'normal',
      'sins-collapse': 'under-half',
      'sins-posterolateral': 'unilateral',
    },
    9,
  ),
  sins('smart-sins-3', '2026-10-30', { 'sins-alignment': 'normal', 'sins-posterolateral': 'unilateral' }),
] as const;

const l1 = { reference: 'BodyStructure/smart-l1', site: 'T12' };

/** As answers of the service hold it; pain is missing, alignment is contested. */
export const scoresBody = {
  patient: 'Patient/smart-anna',
  scores: [
    {
      score: 'sins',
      lesion: l1,
      reachable: [8, 9, 11, 12, 13, 15],
      possibleClasses: ['potentially-unstable', 'unstable'],
      missing: ['sins-pain'],
      flags: ['SINS-3', 'SINS-6'],
      items: [
        {
          item: 'sins-location',
          answer: 'junctional',
          points: [3],
          from: 'derived',
          evidence: [{ reference: 'BodyStructure/smart-l1' }],
        },
        { item: 'sins-pain', points: [0, 1, 3] },
        {
          item: 'sins-lesion',
          answer: 'lytic',
          points: [2],
          from: 'fact',
          evidence: [{ reference: 'Observation/smart-type', date: '2026-02-11' }],
        },
        {
          item: 'sins-alignment',
          points: [0, 4],
          from: 'answer',
          evidence: [
            { reference: 'Observation/smart-sins-3', date: '2026-10-30' },
            { reference: 'Observation/smart-retropulsion', date: '2026-11-02' },
          ],
        },
        {
          item: 'sins-collapse',
          answer: 'under-half',
          points: [2],
          from: 'answer',
          evidence: [{ reference: 'Observation/smart-sins-2', date: '2026-06-20' }],
        },
        {
          item: 'sins-posterolateral',
          answer: 'unilateral',
          points: [1],
          from: 'answer',
          evidence: [{ reference: 'Observation/smart-sins-3', date: '2026-10-30' }],
        },
      ],
    },
    {
      score: 'mirels',
      lesion: { reference: 'BodyStructure/smart-l2', site: 'femur' },
      reachable: [5, 6, 7, 8, 9, 10, 11, 12],
      possibleClasses: ['radiotherapy', 'tumour-board', 'prophylactic-surgery'],
      missing: ['mirels-size', 'mirels-lesion', 'mirels-pain'],
      items: [
        {
          item: 'mirels-site',
          points: [2, 3],
          from: 'derived',
          evidence: [{ reference: 'BodyStructure/smart-l2' }],
        },
        { item: 'mirels-size', points: [1, 2, 3] },
        { item: 'mirels-lesion', points: [1, 2, 3] },
        { item: 'mirels-pain', points: [1, 2, 3] },
      ],
    },
    {
      score: 'tomita',
      reachable: [6, 8, 10],
      possibleClasses: ['palliative-surgery', 'supportive-care'],
      missing: ['tomita-visceral'],
      flags: ['TOM-2'],
      items: [
        {
          item: 'tomita-growth',
          answer: 'rapid',
          points: [4],
          from: 'derived',
          evidence: [{ reference: 'Condition/smart-primary', date: '2025-08-04' }],
        },
        { item: 'tomita-visceral', points: [0, 2, 4] },
        {
          item: 'tomita-bone',
          answer: 'multiple',
          points: [2],
          from: 'derived',
          evidence: [{ reference: 'BodyStructure/smart-l1' }, { reference: 'BodyStructure/smart-l2' }],
        },
      ],
    },
    {
      score: 'frankel',
      class: 'e',
      items: [
        {
          item: 'frankel',
          answer: 'e',
          points: [0],
          from: 'answer',
          evidence: [{ reference: 'Observation/smart-frankel', date: '2026-11-02' }],
        },
      ],
    },
  ],
  strategy: { tokuhashi: ['conservative-treatment'], tomita: ['palliative-surgery', 'supportive-care'] },
  functionalPrognosis: { 'age-under-70': true },
} as const;
