import type { FhirResource } from '../cds-hooks/types.js';
import type { FactState } from '../knowledge/types.js';
import { resourceTypes } from '../resource-table.js';
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

/** What the statuses of each type mean. Maps: type and status come from the chart, and may be `constructor`. */
const byStatus: ReadonlyMap<string, ReadonlyMap<string, FactState>> = new Map(
  [...resourceTypes].map(([type, row]) => [type, new Map(Object.entries(row.status?.states ?? {}))]),
);

const stateOf = (resource: FhirResource, status: string): FactState | undefined =>
  byStatus.get(resource.resourceType)?.get(status);

/** What has come to its end: a draft that says so withdraws an order, it does not make one. */
const ended = set('stopped', 'completed');

const reported = set('Observation', 'DiagnosticReport');

/**
 * The statuses with which a type is read in one of these states, so that a query asks for all that counts and for
 * nothing else. None for a type that is not judged by its status.
 */
export function statusesOf(resourceType: string, states: readonly FactState[]): readonly string[] {
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
  return status === undefined || !ended.has(status) || stateOf(resource, status) !== 'past';
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
  const state = stateOf(resource, status);
  if (state !== undefined) return counts(state);
  return aside(reported.has(resource.resourceType) ? 'status-not-final' : 'status-does-not-count');
}

/** A goal has a life cycle of its own; one that was proposed and not taken is none. */
function readGoal(resource: FhirResource): StatusReading {
  const status = text(resource['lifecycleStatus']);
  if (status === 'entered-in-error') return aside('entered-in-error');
  const state = stateOf(resource, status ?? '');
  return state === undefined ? aside('status-does-not-count') : counts(state);
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
  return counts(clinical.some((code) => stateOf(resource, code) === 'past') ? 'past' : 'current');
}
