import type { FhirResource } from '../cds-hooks/types.js';
import { isList, member } from '../cds-hooks/json-value.js';
import { ownerElements, patientInReference } from '../data/patient.js';
import { isObject } from '../json.js';

/**
 * Ids of the patients whose data a resource is: itself, its subject, or the patients among the participants of an
 * appointment. Empty where none is named by a literal reference: to whom it belongs is not guessed.
 */
export function patientsOf(resource: FhirResource): readonly string[] {
  if (resource.resourceType === 'Patient') return resource.id === undefined ? [] : [resource.id];
  for (const name of ownerElements) {
    const id = patientIn(member(resource, name));
    if (id !== undefined) return [id];
  }
  const participants = member(resource, 'participant');
  if (resource.resourceType !== 'Appointment' || !isList(participants)) return [];
  const ids = participants.flatMap((each) =>
    isObject(each) ? (patientIn(member(each, 'actor')) ?? []) : [],
  );
  return [...new Set(ids)];
}

function patientIn(value: unknown): string | undefined {
  const reference = isObject(value) ? member(value, 'reference') : undefined;
  return typeof reference === 'string' ? patientInReference(reference) : undefined;
}
