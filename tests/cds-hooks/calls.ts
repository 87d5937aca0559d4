import { readHookRequest } from '../../src/cds-hooks/request.js';
import type { HookRequest } from '../../src/cds-hooks/types.js';

/** Requests as an EHR sends them, one per hook of the library. */
export const HOOK_INSTANCE = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea';

const draft = {
  resourceType: 'MedicationRequest',
  id: 'draft-1',
  status: 'draft',
  intent: 'order',
  subject: { reference: 'Patient/martin' },
};

const anyone = { userId: 'Practitioner/dr-petit', patientId: 'martin' };

export const bundle = (...resources: readonly object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

export const CONTEXTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'patient-view': anyone,
  'order-select': {
    ...anyone,
    selections: ['MedicationRequest/draft-1'],
    draftOrders: bundle(draft),
  },
  'order-sign': { ...anyone, draftOrders: bundle(draft) },
  'order-dispatch': {
    patientId: 'martin',
    dispatchedOrders: ['ServiceRequest/scan'],
    performer: 'Organization/imaging',
  },
  'encounter-start': { ...anyone, encounterId: 'stay-1' },
  'encounter-discharge': { ...anyone, encounterId: 'stay-1' },
  'appointment-book': {
    ...anyone,
    appointments: bundle({ resourceType: 'Appointment', id: 'a1', status: 'proposed' }),
  },
  'problem-list-item-create': {
    ...anyone,
    conditions: bundle({ resourceType: 'Condition', id: 'c1' }),
  },
  'allergyintolerance-create': {
    ...anyone,
    allergyIntolerance: { resourceType: 'AllergyIntolerance', id: 'al1' },
  },
  'medication-refill': { patientId: 'martin', medications: bundle(draft) },
  'medication-verify': { ...anyone, medication: draft },
};

export function call(hook: string, context: object = {}, envelope: object = {}) {
  return {
    hook,
    hookInstance: HOOK_INSTANCE,
    context: { ...CONTEXTS[hook], ...context },
    ...envelope,
  };
}

export const AUTHORIZATION = {
  access_token: 'some-opaque-token',
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'patient/Observation.rs',
  subject: 'bone-metastasis-cds',
  patient: 'martin',
};

/** The request that was read; a test fails when it was refused. */
export function accepted(body: unknown): HookRequest {
  const reading = readHookRequest(body);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.request;
}

/** The paths of what is wrong; empty when the body is accepted. */
export function refusedAt(body: unknown): readonly string[] {
  const reading = readHookRequest(body);
  return reading.ok ? [] : reading.problems.map((problem) => problem.path);
}
