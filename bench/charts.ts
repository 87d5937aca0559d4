import type { FhirResource } from '../src/cds-hooks/types.js';
import { prefetchFrom } from '../tests/engine/prefetch.js';

/** Synthetic charts of several sizes, as an EHR would prefetch them; made here so that a run needs no file. */

/** About 6, 44, 430 and 900 kB of prefetch. */
export const sizes = ['small', 'medium', 'large', 'huge'] as const;
export type Size = (typeof sizes)[number];

/**
 * `located`: a metastasis of a vertebra with a complete SINS and one of a femur with a complete Mirels score. `unlocated`: a bone
 * metastasis of which nobody has written where it is, and no score.
 */
export const lesionKinds = ['located', 'unlocated'] as const;
export type Lesions = (typeof lesionKinds)[number];

type Json = Readonly<Record<string, unknown>>;

const patient = 'bench';
const subject = { reference: `Patient/${patient}` };
const own = 'https://bone-metastasis-cds.example/fhir/CodeSystem';
const loinc = 'http://loinc.org';

/** Codes that rules read, and codes of the same kind that no rule reads: as in a real chart, most results are others. */
const results = [
  ['14682-9', 82, 'umol/L'],
  ['35591-7', 71, 'mL/min'],
  ['2000-8', 2.35, 'mmol/L'],
  ['1751-7', 38, 'g/L'],
  ['777-3', 230, '10*9/L'],
  ['718-7', 12.1, 'g/dL'],
  ['6690-2', 6.3, '10*9/L'],
  ['2823-3', 4.1, 'mmol/L'],
  ['2951-2', 139, 'mmol/L'],
  ['1975-2', 9, 'umol/L'],
] as const;

const day = (index: number): string => {
  const date = new Date(Date.UTC(2026, 10, 18) - index * 36e5 * 20);
  return date.toISOString().slice(0, 10);
};

function observation(index: number): FhirResource {
  const [code, value, unit] = results[index % results.length] ?? results[0];
  return {
    resourceType: 'Observation',
    id: `o${index}`,
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
        ],
      },
    ],
    code: { coding: [{ system: loinc, code }], text: 'result' },
    subject,
    effectiveDateTime: `${day(index)}T08:30:00+01:00`,
    valueQuantity: { value: value + (index % 7) / 10, unit, system: 'http://unitsofmeasure.org', code: unit },
  };
}

/** A score of a lesion as a clinician recorded it, item by item. */
function scored(score: string, lesion: string, answers: Readonly<Record<string, string>>): FhirResource {
  const coded = (code: string): Json => ({ coding: [{ system: `${own}/score`, code }] });
  return {
    resourceType: 'Observation',
    id: `${score}-${lesion}`,
    status: 'final',
    code: coded(score),
    subject,
    focus: [{ reference: `Condition/${lesion}` }],
    effectiveDateTime: '2026-11-02',
    component: Object.entries(answers).map(([item, answer]) => ({
      code: coded(`${score}-${item}`),
      valueCodeableConcept: coded(`${score}-${item}-${answer}`),
    })),
  };
}

const condition = (id: string, code: string, site?: string): FhirResource => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  code: { coding: [{ system: 'http://snomed.info/sct', code }] },
  ...(site !== undefined && { bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code: site }] }] }),
  subject,
  onsetDateTime: '2026-06-01',
});

const procedure = (index: number): FhirResource => ({
  resourceType: 'Procedure',
  id: `p${index}`,
  status: 'completed',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '73761001' }] },
  subject,
  performedDateTime: day(index * 9),
});

const boneMetastasis = '94222008';

const located: readonly FhirResource[] = [
  condition('spine', boneMetastasis, '12989004'),
  condition('femur', boneMetastasis, '41111004'),
];
const scores: readonly FhirResource[] = [
  scored('sins', 'spine', {
    location: 'junctional',
    pain: 'mechanical',
    lesion: 'lytic',
    alignment: 'normal',
    collapse: 'under-half',
    posterolateral: 'none',
  }),
  scored('mirels', 'femur', {
    site: 'lower-limb',
    size: 'one-to-two-thirds',
    lesion: 'lytic',
    pain: 'moderate',
  }),
];

/** Resources of a chart, by type. */
function chart(size: Size, lesions: Lesions): ReadonlyMap<string, readonly FhirResource[]> {
  const observations = { small: 4, medium: 80, large: 940, huge: 2000 }[size];
  const procedures = { small: 2, medium: 12, large: 40, huge: 40 }[size];
  const isLocated = lesions === 'located';
  return new Map([
    ['Patient', [{ resourceType: 'Patient', id: patient, gender: 'female', birthDate: '1961-03-02' }]],
    [
      'Condition',
      [condition('primary', '254637007'), ...(isLocated ? located : [condition('bone', boneMetastasis)])],
    ],
    [
      'Observation',
      [
        ...(isLocated ? scores : []),
        ...Array.from({ length: observations }, (_, index) => observation(index)),
      ],
    ],
    ['Procedure', Array.from({ length: procedures }, (_, index) => procedure(index))],
  ]);
}

/** All resources of a chart with located lesions and so many results. */
export function chartWith(observations: number): readonly FhirResource[] {
  const [patients = [], conditions = []] = chart('small', 'located').values();
  const results = Array.from({ length: observations }, (_, index) => observation(index));
  return [...patients, ...conditions, ...scores, ...results];
}

/** The prefetch of one service, from its published templates. */
export function prefetchOf(
  templates: Readonly<Record<string, string>>,
  size: Size,
  lesions: Lesions = 'located',
): Json {
  const resources = chart(size, lesions);
  return prefetchFrom(templates, (type) => resources.get(type) ?? []);
}

const denosumabOrder: Json = {
  resourceType: 'MedicationRequest',
  id: 'draft',
  status: 'draft',
  intent: 'order',
  subject,
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
  dosageInstruction: [
    {
      timing: { repeat: { frequency: 1, period: 4, periodUnit: 'wk' } },
      doseAndRate: [
        { doseQuantity: { value: 120, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' } },
      ],
    },
  ],
};

export function hookRequest(hook: string, prefetch: Json): string {
  return JSON.stringify({
    hook,
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: {
      userId: 'Practitioner/bench',
      patientId: patient,
      ...(hook === 'order-sign' && {
        draftOrders: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: denosumabOrder }] },
      }),
    },
    prefetch,
  });
}
