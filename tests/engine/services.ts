import type { FhirResource } from '../../src/cds-hooks/types.js';
import { prefetchFrom } from './prefetch.js';
import { isObject } from '../../src/json.js';

/** What an EHR asks of each service in an ordinary day, for whatever patient. */
const own = 'https://bone-metastasis-cds.example/fhir/CodeSystem/order';

const service = (code: string, extra: Readonly<Record<string, unknown>> = {}): FhirResource => ({
  resourceType: 'ServiceRequest',
  id: `draft-${code}`,
  status: 'draft',
  intent: 'order',
  code: { coding: [{ system: own, code }] },
  ...extra,
});

const drug = (code: string, dose: number, period: number, periodUnit: string): FhirResource => ({
  resourceType: 'MedicationRequest',
  id: `draft-${code}`,
  status: 'draft',
  intent: 'order',
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code }] },
  dosageInstruction: [
    {
      timing: { repeat: { frequency: 1, period, periodUnit } },
      doseAndRate: [
        { doseQuantity: { value: dose, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' } },
      ],
    },
  ],
});

export interface Errand {
  readonly service: string;
  readonly hook: string;
  readonly drafts: readonly FhirResource[];
}

/** Every service, with orders that concern bone metastases only if the patient has some. */
export const errands: readonly Errand[] = [
  { service: 'bone-metastasis-review', hook: 'patient-view', drafts: [] },
  {
    service: 'bone-metastasis-onset',
    hook: 'problem-list-item-create',
    drafts: [
      {
        resourceType: 'Condition',
        id: 'new',
        clinicalStatus: { coding: [{ code: 'active' }] },
        code: { coding: [{ system: 'http://snomed.info/sct', code: '38341003' }] },
      },
    ],
  },
  {
    service: 'antiresorptive-safety',
    hook: 'order-sign',
    drafts: [drug('N02BE01', 1000, 8, 'h'), drug('M05BA04', 70, 1, 'wk')],
  },
  { service: 'bone-imaging', hook: 'order-sign', drafts: [service('lesion-mri')] },
  { service: 'radiotherapy', hook: 'order-sign', drafts: [service('external-beam-radiotherapy')] },
  {
    service: 'interventional-radiology',
    hook: 'order-sign',
    drafts: [service('infiltration'), service('kyphoplasty')],
  },
  { service: 'metastasis-surgery', hook: 'order-sign', drafts: [service('arthroplasty')] },
  { service: 'discharge-plan', hook: 'encounter-discharge', drafts: [] },
  {
    service: 'procedure-scheduling',
    hook: 'appointment-book',
    drafts: [
      {
        resourceType: 'Appointment',
        id: 'new',
        status: 'proposed',
        start: '2026-12-01T09:00:00Z',
        end: '2026-12-01T09:30:00Z',
        serviceType: [{ coding: [{ system: own, code: 'dental-assessment' }] }],
      },
    ],
  },
];

const contextFields: Readonly<Record<string, string>> = {
  'appointment-book': 'appointments',
  'problem-list-item-create': 'conditions',
  'order-sign': 'draftOrders',
};

/** The hook request of an errand, with the whole chart as prefetch from the published templates. */
export function requestOf(
  { hook, drafts }: Errand,
  chart: readonly FhirResource[],
  templates: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const patient = chart.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '';
  const subject = { reference: `Patient/${patient}` };
  const entry = drafts.map((resource) => ({
    resource:
      resource.resourceType === 'Appointment'
        ? { ...resource, participant: [{ actor: subject, status: 'accepted' }] }
        : { ...resource, subject },
  }));
  const bundle = { resourceType: 'Bundle', type: 'collection', entry };
  const field = contextFields[hook];
  return {
    hook,
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: {
      userId: 'Practitioner/demo-oncologist',
      patientId: patient,
      ...(hook === 'encounter-discharge' && { encounterId: 'e1' }),
      ...(field !== undefined && { [field]: bundle }),
    },
    prefetch: prefetchFrom(templates, (type) => chart.filter(({ resourceType }) => resourceType === type)),
  };
}

/** The resources of a fixture's Bundle. */
export function resourcesOf(bundle: unknown): readonly FhirResource[] {
  const entries = isObject(bundle) && Array.isArray(bundle['entry']) ? bundle['entry'] : [];
  return entries.flatMap((entry: unknown) => (isObject(entry) ? [entry['resource'] as FhirResource] : []));
}
