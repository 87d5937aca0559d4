import { prefetchFrom } from '../tests/engine/prefetch.js';

/** Synthetic charts of three sizes, as an EHR would prefetch them; made here so that a run needs no file. */

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

function observation(index: number): Json {
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

const sins = (lesion: string): Json => ({
  resourceType: 'Observation',
  id: `sins-${lesion}`,
  status: 'final',
  code: { coding: [{ system: `${own}/score`, code: 'sins' }] },
  subject,
  focus: [{ reference: `Condition/${lesion}` }],
  effectiveDateTime: '2026-11-02',
  component: [
    ['sins-location', 'junctional'],
    ['sins-pain', 'mechanical'],
    ['sins-lesion', 'lytic'],
    ['sins-alignment', 'normal'],
    ['sins-collapse', 'under-half'],
    ['sins-posterolateral', 'none'],
  ].map(([item = '', answer = '']) => ({
    code: { coding: [{ system: `${own}/score`, code: item }] },
    valueCodeableConcept: { coding: [{ system: `${own}/score`, code: `${item}-${answer}` }] },
  })),
});

const condition = (id: string, code: string, site?: string): Json => ({
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

const procedure = (index: number): Json => ({
  resourceType: 'Procedure',
  id: `p${index}`,
  status: 'completed',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '73761001' }] },
  subject,
  performedDateTime: day(index * 9),
});

/** Resources of a chart, by type. */
function chart(size: 'small' | 'medium' | 'large'): ReadonlyMap<string, readonly Json[]> {
  const observations = { small: 4, medium: 80, large: 2000 }[size];
  const procedures = { small: 2, medium: 12, large: 40 }[size];
  return new Map([
    ['Patient', [{ resourceType: 'Patient', id: patient, gender: 'female', birthDate: '1961-03-02' }]],
    ['Condition', [condition('primary', '254637007'), condition('spine', '94222008', '12989004')]],
    [
      'Observation',
      [sins('spine'), ...Array.from({ length: observations }, (_, index) => observation(index))],
    ],
    ['Procedure', Array.from({ length: procedures }, (_, index) => procedure(index))],
  ]);
}

/** The prefetch of one service, from its published templates. */
export function prefetchOf(
  templates: Readonly<Record<string, string>>,
  size: 'small' | 'medium' | 'large',
): Json {
  const resources = chart(size);
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
