import { openChart } from '../src/engine/answer.js';
import { loadPrepared } from '../src/start.js';

/** Scoring a chart of 20 lesions and 500 Observations, after parsing: the scores issue asks for under 10 ms. */
const prepared = await loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });
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
const times = Array.from({ length: 60 }, () => {
  const started = performance.now();
  openChart(prepared, chart, '2026-11-20').scores();
  return performance.now() - started;
}).sort((a, b) => a - b);
console.log(
  `20 lesions, 500 Observations: median ${times[30]?.toFixed(1)} ms, slowest ${times.at(-1)?.toFixed(1)} ms (first run included)`,
);
