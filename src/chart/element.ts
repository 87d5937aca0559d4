import type { FhirResource } from '../cds-hooks/types.js';
import { isObject, type JsonObject } from '../json.js';

/**
 * Cautious readers of FHIR JSON: real charts hold wrong shapes, and a wrong shape must read as absent,
 * never as a value and never as an exception.
 */

/** A Coding that can be used: its code is a text. */
export interface CodingValue {
  readonly system?: string;
  readonly code: string;
  readonly display?: string;
}

/** A text that is not empty; undefined for anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The elements of a list; a single object where FHIR wants a list is taken as a list of one (lax clients). */
export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** The objects among the elements of a list; a single object is a list of one. */
export function objects(value: unknown): readonly JsonObject[] {
  return list(value).filter(isObject);
}

/** Codings with a code, of one CodeableConcept, a list of them, or a bare Coding (Encounter.class). */
export function codings(value: unknown): readonly CodingValue[] {
  const found: CodingValue[] = [];
  for (const concept of list(value)) {
    if (!isObject(concept)) continue;
    for (const coding of 'coding' in concept ? list(concept['coding']) : [concept]) {
      if (isObject(coding) && isCoding(coding)) found.push(coding);
    }
  }
  return found;
}

/** A code that is a string; a system or display of another type makes the coding unusable. */
function isCoding(coding: JsonObject): coding is JsonObject & CodingValue {
  const { code, system, display } = coding;
  return (
    typeof code === 'string' &&
    code !== '' &&
    (system === undefined || typeof system === 'string') &&
    (display === undefined || typeof display === 'string')
  );
}

/** The human text of a CodeableConcept, for evidence lines only: it never feeds a decision. */
export function conceptText(value: unknown): string | undefined {
  for (const concept of objects(value)) {
    const found = text(concept['text']) ?? codings(concept).find(({ display }) => display)?.display;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Ids that can stand in a reference. Wider than R4 (`draft_1`), but nothing that an answer could not repeat. */
const NAMEABLE = /^[\w.~-]{1,128}$/;

/** `Type/id` of a literal reference, whatever its base URL or version; undefined for the other kinds. */
export function referenceKey(value: unknown): string | undefined {
  const literal = text(isObject(value) ? value['reference'] : value);
  if (literal === undefined) return undefined;
  if (literal.startsWith('urn:') || literal.startsWith('#')) return literal;
  const [path = ''] = literal.split(/[?#]/, 1);
  const segments = path.replace(/\/_history\/[^/]+$/, '').split('/');
  const [type, id] = segments.slice(-2);
  return type !== undefined && id !== undefined && /^[A-Z]/.test(type) && NAMEABLE.test(id)
    ? `${type}/${id}`
    : undefined;
}

/** `Type/id` of the resource itself, or its type alone when it has no id by which it can be named. */
export function referenceOf(resource: FhirResource): string {
  const id = text(resource.id);
  return id === undefined || !NAMEABLE.test(id) ? resource.resourceType : `${resource.resourceType}/${id}`;
}
