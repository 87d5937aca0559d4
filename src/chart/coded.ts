import type { FhirResource } from '../cds-hooks/types.js';
import type { CodedElement } from '../knowledge/types.js';
import { codings, list, objects, referenceKey, text, type CodingValue } from './element.js';
import { isObject, type JsonObject } from '../json.js';
import { documentTypes, elementsOf, jsonOf, resourceTypes } from '../resource-table.js';

/** What an input may select by, and what a registry writes as value. */
export type ReadElement = CodedElement | 'value';

export interface CodedReading {
  readonly codings: readonly CodingValue[];
  /** Something is written, but no code: what it is stays unknown, and it is never guessed from the text. */
  readonly uncoded: boolean;
}

/** `Medication` and `Substance` resources by `Type/id`, or by the `urn:` address under which others refer to them. */
export type Medications = ReadonlyMap<string, FhirResource>;

/** The codings of one element of a resource. */
export function readCoded(
  resource: FhirResource,
  element: ReadElement,
  medications: Medications,
): CodedReading {
  const names = elementNames(resource.resourceType, element);
  const [only = '', ...more] = names;
  const own =
    more.length === 0
      ? codings(resource[only])
      : names.flatMap((name) => valuesAt(resource, name).flatMap((value) => codings(value)));
  const found =
    element === 'bodySite' ? [...own, ...names.flatMap((name) => qualifiers(resource[name]))] : own;
  if (found.length > 0) return { codings: found, uncoded: false };
  if (element === 'code' && resource['medicationReference'] !== undefined) {
    const codes = drugConcepts(resource, medications).flatMap((concept) => codings(concept));
    return { codings: codes, uncoded: codes.length === 0 };
  }
  return { codings: [], uncoded: element === 'code' && !isSite(resource) };
}

/** The codings that name the thing itself: those that nobody understands are worth adding to a value set. */
export function readNaming(resource: FhirResource, medications: Medications): readonly CodingValue[] {
  // The first element of a document says what it is; category and specialty only say more beside it.
  if (!documentTypes.includes(resource.resourceType)) return readCoded(resource, 'code', medications).codings;
  const [first = 'code'] = elementNames(resource.resourceType, 'code');
  return codings(resource[first]);
}

/** The values of an element, or of one inside it (`context.event`). */
function valuesAt(resource: FhirResource, path: string): readonly unknown[] {
  const [outer = '', inner] = path.split('.');
  return inner === undefined
    ? list(resource[outer])
    : objects(resource[outer]).flatMap((each) => list(each[inner]));
}

/** What an extension adds to a body site; mCODE writes the side of the body there. */
function qualifiers(sites: unknown): readonly CodingValue[] {
  return objects(sites)
    .flatMap(({ extension }) => objects(extension))
    .flatMap(({ valueCodeableConcept }) => codings(valueCodeableConcept));
}

const namesOf = (type: string, element: CodedElement): readonly string[] =>
  elementsOf(type, element).map((name) => jsonOf(name, 'CodeableConcept'));

/** Elements in which each type says what it is, by their JSON names. Maps: the type comes from the chart (`constructor`). */
const codeNames = new Map([...resourceTypes.keys()].map((type) => [type, namesOf(type, 'code')]));
const siteNames = new Map([...resourceTypes.keys()].map((type) => [type, namesOf(type, 'bodySite')]));
const otherNames = {
  code: namesOf('', 'code'),
  bodySite: namesOf('', 'bodySite'),
  reason: namesOf('', 'reason'),
  category: namesOf('', 'category'),
  value: ['valueCodeableConcept'],
} as const satisfies Readonly<Record<ReadElement, readonly string[]>>;

function elementNames(type: string, element: ReadElement): readonly string[] {
  const names =
    element === 'code' ? codeNames.get(type) : element === 'bodySite' ? siteNames.get(type) : undefined;
  return names ?? otherNames[element];
}

function isSite(resource: FhirResource): boolean {
  return resource.resourceType === 'BodyStructure' || resource.resourceType === 'Patient';
}

/**
 * What is written about a resource's code in words: texts of its concepts, displays of codings, also of those without a
 * code, and what a reference calls the drug. Words never make a fact.
 */
export function wordsOf(resource: FhirResource, medications: Medications): readonly string[] {
  const concepts = elementNames(resource.resourceType, 'code').flatMap((name) => valuesAt(resource, name));
  const reference = resource['medicationReference'];
  const drug = reference === undefined ? [] : drugConcepts(resource, medications);
  const called = isObject(reference) ? text(reference['display']) : undefined;
  // Bookings are often made in words alone.
  const booked = resource.resourceType === 'Appointment' ? text(resource['description']) : undefined;
  return [
    ...[...concepts, ...drug].flatMap(conceptWords),
    ...[called, booked].filter((each) => each !== undefined),
  ];
}

function conceptWords(concept: unknown): readonly string[] {
  if (!isObject(concept)) return [];
  const displays = objects('coding' in concept ? concept['coding'] : concept).map(({ display }) => display);
  return [concept['text'], ...displays].flatMap((each) => text(each) ?? []);
}

/** A drug is a code, and often its ingredients, each coded or by reference, as ward pharmacies write mixtures. */
function drugConcepts(resource: FhirResource, medications: Medications): readonly unknown[] {
  const medication = referenced(resource['medicationReference'], [resource], medications);
  if (medication === undefined) return [];
  const ingredients = objects(medication['ingredient']).flatMap(
    ({ itemCodeableConcept, itemReference }): readonly unknown[] => {
      const item = referenced(itemReference, [medication, resource], medications);
      return [itemCodeableConcept, item?.['code']];
    },
  );
  return [medication['code'], ...ingredients].flatMap((concept) => list(concept));
}

/** @param holders the resources in which a contained one (`#id`) may stand, the nearest first */
function referenced(
  reference: unknown,
  holders: readonly JsonObject[],
  medications: Medications,
): JsonObject | undefined {
  const key = referenceKey(reference);
  if (key === undefined) return undefined;
  if (!key.startsWith('#')) return medications.get(key);
  return holders.flatMap(({ contained }) => objects(contained)).find(({ id }) => text(id) === key.slice(1));
}
