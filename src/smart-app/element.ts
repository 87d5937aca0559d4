import { isObject, type JsonObject } from '../json.js';

/** The objects of a list; none when the value is something else. */
export function recordsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of a list; none when the value is something else. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : [];
}

/** `Type/id` of a resource. */
export function referenceOf(resource: JsonObject): string {
  const { resourceType, id } = resource;
  return `${typeof resourceType === 'string' ? resourceType : ''}/${typeof id === 'string' ? id : ''}`;
}
