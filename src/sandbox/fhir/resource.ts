import { isObject } from '../../json.js';

/** A FHIR R4 resource as it travels in JSON; what is inside is looked at only by element name. */
export interface FhirResource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}

/** A resource that the store has accepted: it has an id, a version and a time. */
export interface StoredResource extends FhirResource {
  readonly id: string;
  readonly meta: { readonly versionId: string; readonly lastUpdated: string };
}

/** The id characters that FHIR R4 allows (datatypes, `id`). */
export const idPattern = /^[A-Za-z0-9.-]{1,64}$/;

/** Whether the value is a JSON object that names a resource type. */
export function isResource(value: unknown): value is FhirResource {
  return (
    isObject(value) &&
    typeof value.resourceType === 'string' &&
    (value.id === undefined || typeof value.id === 'string')
  );
}

/** The element's value as a list: nothing, the one value, or the array's members. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Own element of a JSON object; never an inherited property. */
export function elementOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** All values at a dotted path, arrays flattened: `participant.actor` gives every actor. */
export function elementsAt(root: unknown, path: string): readonly unknown[] {
  return path
    .split('.')
    .reduce<readonly unknown[]>(
      (values, name) => values.flatMap((value) => asList(elementOf(value, name))),
      [root],
    );
}
