import { bounds } from '../bounds.js';
import type { FhirResource } from './types.js';
import { isObject } from '../json.js';

/** An array whose elements are still unknown. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** An own member, so that a key such as `constructor` never reads from the prototype. */
export function member(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** How lax clients say "no value": null, an empty string, an empty object (Use of JSON forbids all three). */
export function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return isObject(value) && Object.keys(value).length === 0;
}

/** The value without lone surrogates, which neither a database nor UTF-8 can hold. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** An object with a `resourceType`; nothing else about it is known. */
export function isFhirResource(value: unknown): value is FhirResource {
  if (!isObject(value)) return false;
  const type = member(value, 'resourceType');
  const id = member(value, 'id');
  return typeof type === 'string' && type !== '' && (id === undefined || typeof id === 'string');
}

/** Levels of nesting of what is read. */
export const DEEPEST_BODY = bounds.nesting;

/** Whether some value lies deeper than `limit`; the recursion itself never goes deeper than that. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit < 0) return true;
  // Every value of a body of megabytes is looked at: no array is made of them, and most are no objects.
  if (isList(value)) {
    for (const inner of value) if (typeof inner === 'object' && isDeeperThan(inner, limit - 1)) return true;
    return false;
  }
  for (const name in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof inner === 'object' && isDeeperThan(inner, limit - 1)) return true;
  }
  return false;
}
