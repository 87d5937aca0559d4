import type { Prepared } from '../src/engine/prepare.js';
import type { Functions } from './stages.js';

const subject = { reference: 'Patient/bench' };
const own = 'https://bone-metastasis-cds.example/fhir/CodeSystem';
const vertebrae = [
  '64864005',
  '53733008',
  '1626008',
  '73071006',
  '56401006',
  '45296009',
  '62487009',
  '11068009',
  '82687006',
  '7610001',
  '12989004',
  '23215003',
  '66794005',
  '14293000',
  '36470004',
  '11994002',
  '49668003',
  '87391001',
  '36054005',
  '36978003',
];
const findings = [
  [
    'vertebral-height-loss',
    { valueQuantity: { value: 30, unit: '%', system: 'http://unitsofmeasure.org', code: '%' } },
  ],
  [
    'pain-mechanism',
    { valueCodeableConcept: { coding: [{ system: `${own}/finding`, code: 'mechanical' }] } },
  ],
  ['lesion-type', { valueCodeableConcept: { coding: [{ system: `${own}/finding`, code: 'lytic' }] } }],
  ['posterior-wall-retropulsion', { valueBoolean: false }],
  [
    'vertebral-body-involvement',
    { valueQuantity: { value: 60, unit: '%', system: 'http://unitsofmeasure.org', code: '%' } },
  ],
] as const;

const lesions = vertebrae.map((code, index) => ({
  resourceType: 'Condition',
  id: `l${index}`,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
  bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code }] }],
  subject,
}));
const observations = Array.from({ length: 500 }, (_, index) => {
  const [code, value] = findings[index % findings.length] ?? findings[0];
  return {
    resourceType: 'Observation',
    id: `o${index}`,
    status: 'final',
    code: { coding: [{ system: `${own}/finding`, code }] },
    subject,
    focus: [{ reference: `Condition/l${Math.floor(index / findings.length) % lesions.length}` }],
    effectiveDateTime: `2026-0${1 + (index % 9)}-1${index % 9}`,
    ...value,
  };
});
const chart = [
  { resourceType: 'Patient', id: 'bench', birthDate: '1960-01-01' },
  ...lesions,
  ...observations,
];

/** Milliseconds that the scores of 20 located lesions with 500 Observations take after parsing, each time in a chart opened anew. */
export function scoringMilliseconds(
  { openChart }: Functions,
  prepared: Prepared,
  times: number,
): readonly number[] {
  return Array.from({ length: times }, () => {
    const started = performance.now();
    openChart(prepared, chart, '2026-11-20').scores();
    return performance.now() - started;
  });
}

/** How many results such a chart gives: what is measured must be work. */
export const scoreCount = ({ openChart }: Functions, prepared: Prepared): number =>
  openChart(prepared, chart, '2026-11-20').scores().length;
