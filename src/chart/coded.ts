import type { FhirResource } from '../cds-hooks/types.js';
import type { CodedElement } from '../knowledge/types.js';
import { codings, objects, referenceKey, text, type CodingValue } from './element.js';

/** Elements of R4 in which each type says what it is about. A Map: the type comes from the chart (`constructor`). */
const codeElements: ReadonlyMap<string, readonly string[]> = new Map([
  ['Appointment', ['serviceType', 'appointmentType']],
  ['Encounter', ['type', 'serviceType']],
  ['ImagingStudy', ['procedureCode', 'modality']],
  ['DocumentReference', ['type']],
  ['BodyStructure', ['location', 'locationQualifier', 'morphology']],
  ['MedicationRequest', ['medicationCodeableConcept']],
  ['MedicationAdministration', ['medicationCodeableConcept']],
  ['MedicationStatement', ['medicationCodeableConcept']],
]);

const siteElements: ReadonlyMap<string, readonly string[]> = new Map([
  ['BodyStructure', ['location', 'locationQualifier']],
]);

const reasonElements = ['reasonCode'];

export interface CodedReading {
  readonly codings: readonly CodingValue[];
  /** Something is written, but no code: what it is stays unknown, and it is never guessed from the text. */
  readonly uncoded: boolean;
}

/**
 * The codings of one element of a resource.
 * @param medications `Medication` resources by `Type/id`, for `medicationReference`
 */
export function readCoded(
  resource: FhirResource,
  element: CodedElement,
  medications: ReadonlyMap<string, FhirResource>,
): CodedReading {
  const names = elementNames(resource.resourceType, element);
  const [only = '', ...more] = names;
  const own = more.length === 0 ? codings(resource[only]) : names.flatMap((name) => codings(resource[name]));
  const found =
    element === 'bodySite' ? [...own, ...names.flatMap((name) => qualifiers(resource[name]))] : own;
  if (found.length > 0) return { codings: found, uncoded: false };
  if (element === 'code' && resource['medicationReference'] !== undefined) {
    const medication = referencedMedication(resource, medications);
    const codes = medication === undefined ? [] : codings(medication['code']);
    return { codings: codes, uncoded: codes.length === 0 };
  }
  return { codings: [], uncoded: element === 'code' && !isSite(resource) };
}

/** What an extension adds to a body site; mCODE writes the side of the body there. */
function qualifiers(sites: unknown): readonly CodingValue[] {
  return objects(sites)
    .flatMap(({ extension }) => objects(extension))
    .flatMap(({ valueCodeableConcept }) => codings(valueCodeableConcept));
}

function elementNames(type: string, element: CodedElement): readonly string[] {
  if (element === 'bodySite') return siteElements.get(type) ?? ['bodySite'];
  if (element === 'reason') return reasonElements;
  if (element === 'category') return ['category'];
  return codeElements.get(type) ?? ['code'];
}

function isSite(resource: FhirResource): boolean {
  return resource.resourceType === 'BodyStructure' || resource.resourceType === 'Patient';
}

function referencedMedication(
  resource: FhirResource,
  medications: ReadonlyMap<string, FhirResource>,
): FhirResource | undefined {
  const key = referenceKey(resource['medicationReference']);
  if (key === undefined) return undefined;
  if (!key.startsWith('#')) return medications.get(key);
  const contained = objects(resource['contained']).find(({ id }) => text(id) === key.slice(1));
  return contained === undefined ? undefined : { ...contained, resourceType: 'Medication' };
}
