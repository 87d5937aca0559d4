import type { FhirResource } from '../cds-hooks/types.js';
import type { FactState } from '../knowledge/types.js';
import { codings, text } from './element.js';

/** What a status says of a resource: a state that counts, or why it is set aside. */
export type StatusReading =
  | { readonly counts: true; readonly state: FactState | undefined }
  | { readonly counts: false; readonly reason: string };

const set = (...values: readonly string[]): ReadonlySet<string> => new Set(values);

/** Whether a result has been given, and may still change. */
export function isPreliminary(resource: FhirResource): boolean {
  return reported.has(resource.resourceType) && text(resource['status']) === 'preliminary';
}

const retracted = set('entered-in-error', 'nullified');
const final = set('final', 'amended', 'corrected', 'appended');

/** One object for each answer: this is asked of every resource of a chart. */
const readings: Readonly<Record<FactState, StatusReading>> = {
  ordered: { counts: true, state: 'ordered' },
  done: { counts: true, state: 'done' },
  current: { counts: true, state: 'current' },
  past: { counts: true, state: 'past' },
  preliminary: { counts: false, reason: 'status-not-final' },
};
const stateless: StatusReading = { counts: true, state: undefined };
const counts = (state?: FactState): StatusReading => (state === undefined ? stateless : readings[state]);
const aside = (reason: string): StatusReading => ({ counts: false, reason });

const table = (statuses: Readonly<Record<string, FactState>>): ReadonlyMap<string, FactState> =>
  new Map(Object.entries(statuses));

/**
 * Ordered | done | current | past by the status of the types that are judged by one status table. Maps: type and status
 * come from the chart, and may be `constructor`.
 */
const byStatus: ReadonlyMap<string, ReadonlyMap<string, FactState>> = new Map([
  ['Procedure', table({ completed: 'done', 'in-progress': 'ordered', preparation: 'ordered' })],
  ['ServiceRequest', table({ active: 'ordered', completed: 'past' })],
  // What is on hold was prescribed and is not being taken: neither ordered nor never given.
  ['MedicationRequest', table({ active: 'ordered', completed: 'past', stopped: 'past', 'on-hold': 'past' })],
  ['MedicationAdministration', table({ completed: 'done', 'in-progress': 'done' })],
  [
    'MedicationStatement',
    table({ active: 'current', completed: 'past', stopped: 'past', 'on-hold': 'past', intended: 'ordered' }),
  ],
  [
    'Appointment',
    table({
      proposed: 'ordered',
      pending: 'ordered',
      booked: 'ordered',
      arrived: 'ordered',
      'checked-in': 'ordered',
      waitlist: 'ordered',
      fulfilled: 'done',
    }),
  ],
  [
    'Encounter',
    table({
      finished: 'done',
      planned: 'ordered',
      arrived: 'ordered',
      triaged: 'ordered',
      'in-progress': 'ordered',
      onleave: 'ordered',
    }),
  ],
  ['ImagingStudy', table({ available: 'done', registered: 'ordered' })],
  ['DocumentReference', table({ current: 'done' })],
  ['Composition', table({ final: 'done', amended: 'done' })],
  ['CarePlan', table({ active: 'current', completed: 'past' })],
]);

/** What has come to its end: a draft that says so withdraws an order, it does not make one. */
const ended = set('stopped', 'completed');

const reported = set('Observation', 'DiagnosticReport');
const pastConditions = set('inactive', 'remission', 'resolved');

/**
 * The statuses with which a type is read in one of these states, so that a query asks for all that counts and for
 * nothing else. None for a type that is not judged by its status.
 */
export function statusesOf(resourceType: string, states: readonly FactState[]): readonly string[] {
  if (reported.has(resourceType)) return states.includes('done') ? [...final] : [];
  return [...(byStatus.get(resourceType) ?? [])].flatMap(([status, state]) =>
    states.includes(state) ? [status] : [],
  );
}

/**
 * Whether a resource of the request's context makes or revises an order. One that is signed to stop a drug is what the
 * chart will hold, and nothing to warn of (order-sign may carry revised orders).
 */
export function isDraft(resource: FhirResource): boolean {
  const status = text(resource['status']);
  return (
    status === undefined || !ended.has(status) || byStatus.get(resource.resourceType)?.get(status) !== 'past'
  );
}

/**
 * Reads the life cycle of a resource. A draft of the request's context counts as
 * ordered whatever its status, save a retracted one. A missing status, where FHIR requires one, does not count.
 */
export function readStatus(resource: FhirResource, draft: boolean): StatusReading {
  const status = text(resource['status']);
  if (status !== undefined && retracted.has(status)) return aside('entered-in-error');
  switch (resource.resourceType) {
    case 'Condition':
      return readCondition(resource);
    case 'AllergyIntolerance':
      return readCondition(resource);
    case 'Goal':
      return readGoal(resource);
    case 'BodyStructure':
      return resource['active'] === false ? aside('inactive') : counts('current');
    case 'Patient':
    case 'Medication':
    case 'Practitioner':
      return counts();
    default:
  }
  // A modifier of R4 that turns the meaning round: an order not to give is no order.
  if (resource['doNotPerform'] === true) return aside('do-not-perform');
  if (draft) {
    return status === 'cancelled' || status === 'revoked' ? aside(`status-${status}`) : counts('ordered');
  }
  if (status === undefined) return aside('status-missing');
  const written = text(resource['docStatus']);
  if (written !== undefined && !final.has(written))
    return aside(retracted.has(written) ? 'entered-in-error' : 'status-not-final');
  if (reported.has(resource.resourceType)) {
    return final.has(status) ? counts('done') : aside('status-not-final');
  }
  const state = byStatus.get(resource.resourceType)?.get(status);
  return state === undefined ? aside('status-does-not-count') : counts(state);
}

/** A goal has a life cycle of its own; one that was proposed and not taken is none. */
function readGoal(resource: FhirResource): StatusReading {
  const status = text(resource['lifecycleStatus']);
  if (status === 'entered-in-error') return aside('entered-in-error');
  if (status === 'active' || status === 'accepted') return counts('current');
  return status === 'completed' || status === 'on-hold' ? counts('past') : aside('status-does-not-count');
}

function readCondition(resource: FhirResource): StatusReading {
  const verification = codings(resource['verificationStatus']).map(({ code }) => code);
  if (verification.includes('entered-in-error')) return aside('entered-in-error');
  if (verification.includes('refuted')) return aside('refuted');
  if (
    verification.some((code) => code === 'unconfirmed' || code === 'differential' || code === 'provisional')
  ) {
    return aside('not-confirmed');
  }
  const clinical = codings(resource['clinicalStatus']).map(({ code }) => code);
  return counts(clinical.some((code) => pastConditions.has(code)) ? 'past' : 'current');
}
