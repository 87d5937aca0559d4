import { isFhirResource, isList, member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { isObject } from '../json.js';
import { resourceTypes } from '../resource-table.js';

/** The `urn:uuid:` addresses under which a Bundle holds the patient, and those of other patients. */
export type PatientAliases = { readonly own: ReadonlySet<string>; readonly others: ReadonlySet<string> };

const NO_ALIASES: PatientAliases = { own: new Set(), others: new Set() };

/** Elements that say whose data a resource is; a Coverage, which is not read, may be sent too. */
export const ownerElements: readonly string[] = [
  ...new Set([...resourceTypes.values()].map(({ patient }) => patient)),
  'beneficiary',
].filter((element) => element !== 'id' && !element.includes('.'));

/** The bare id of `123`, `Patient/123` or an absolute address; the text itself when it is none of them. */
export function patientIdOf(text: string): string {
  return patientInReference(text) ?? text;
}

/** Learns from the entries of Bundles which `urn:uuid:` stands for the patient. */
export function patientAliases(
  entries: readonly { readonly resource: FhirResource; readonly fullUrl?: string }[],
  patientId: string,
): PatientAliases {
  const own = new Set<string>();
  const others = new Set<string>();
  for (const { resource, fullUrl } of entries) {
    if (resource.resourceType !== 'Patient' || fullUrl === undefined) continue;
    if (!fullUrl.startsWith('urn:')) continue;
    (resource.id === undefined || resource.id === patientId ? own : others).add(fullUrl);
  }
  return { own, others };
}

/**
 * The resources that are known to be about another patient, by position. A subject that names no id (an
 * identifier, a contained patient) cannot be verified and is accepted: the server or client answered for it.
 */
export function foreignPatients(
  resources: readonly FhirResource[],
  patientId: string,
  aliases: PatientAliases = NO_ALIASES,
): readonly { readonly path: string; readonly resource: FhirResource }[] {
  const patient = ownerNamed(patientId, aliases);
  return resources.flatMap((resource, index) => {
    const element = foreignElement(resource, patient);
    return element === undefined ? [] : [{ path: `[${index}].${element}`, resource }];
  });
}

/** The patient of the call, as references may name them. */
interface Owner {
  readonly id: string;
  readonly reference: string;
  readonly aliases: PatientAliases;
}

const ownerNamed = (id: string, aliases: PatientAliases): Owner => ({
  id,
  reference: `Patient/${id}`,
  aliases,
});

/** Whether a resource is known to be about another patient, where no Bundle names patients by addresses of its own. */
export function isOfAnother(patientId: string): (resource: FhirResource) => boolean {
  const patient = ownerNamed(patientId, NO_ALIASES);
  return (resource) => foreignElement(resource, patient) !== undefined;
}

function foreignElement(resource: FhirResource, patient: Owner): string | undefined {
  if (resource.resourceType === 'Patient') {
    return resource.id === undefined || resource.id === patient.id ? undefined : 'id';
  }
  for (const name of ownerElements) {
    const value = member(resource, name);
    if (value === undefined) continue;
    const isOther = (reference: unknown): boolean => ownerOf(reference, patient) === 'other';
    if (isList(value) ? value.some(isOther) : isOther(value)) return name;
  }
  return isForeignAppointment(resource, patient) ? 'participant' : undefined;
}

/** An appointment may have several patients (a group session); it is foreign when the patient is none of them. */
function isForeignAppointment(resource: FhirResource, patient: Owner): boolean {
  if (resource.resourceType !== 'Appointment') return false;
  const owners = listed(member(resource, 'participant')).map((participant) =>
    ownerOf(isObject(participant) ? member(participant, 'actor') : undefined, patient),
  );
  return owners.includes('other') && !owners.includes('own');
}

function ownerOf(found: unknown, { id, reference, aliases }: Owner): 'own' | 'other' | 'unverifiable' {
  const text = isObject(found) ? member(found, 'reference') : undefined;
  if (typeof text !== 'string') return 'unverifiable';
  // The common spelling, before the costly look at the others.
  if (text === reference || aliases.own.has(text)) return 'own';
  if (aliases.others.has(text)) return 'other';
  // The Bundle holds the patient under another address of this kind: then this one is somebody else's.
  if (text.startsWith('urn:') && aliases.own.size > 0) return 'other';
  const named = patientInReference(text);
  if (named === undefined) return 'unverifiable';
  return named === id ? 'own' : 'other';
}

/** The id in a literal reference to a Patient. */
export function patientInReference(text: string): string | undefined {
  return /^(?:.*\/)?Patient\/([^/?#]+)(?:\/_history\/[^/]*)?\/?$/.exec(text)?.[1];
}

function listed(value: unknown): readonly unknown[] {
  return isList(value) ? value : [value];
}

/** The resources of the hook's context (draft orders, appointments, conditions …), by field. */
export function resourcesByField(context: object): ReadonlyMap<string, readonly FhirResource[]> {
  const fields = new Map<string, readonly FhirResource[]>();
  for (const [field, value] of Object.entries(context)) {
    const resources = listed(value).flatMap(unbundled);
    if (resources.length > 0) fields.set(field, resources);
  }
  return fields;
}

function unbundled(value: unknown): readonly FhirResource[] {
  if (!isFhirResource(value)) return [];
  if (value.resourceType !== 'Bundle') return [value];
  return listed(member(value, 'entry'))
    .map((entry) => (isObject(entry) ? member(entry, 'resource') : undefined))
    .filter(isFhirResource);
}
