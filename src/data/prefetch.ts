import { isFhirResource } from '../cds-hooks/json-value.js';
import { readSearchset } from '../fhir/searchset.js';
import { sortAnswer, type KeyAnswer } from './answer.js';

export type PrefetchedValue =
  | { readonly state: 'given'; readonly answer: KeyAnswer; readonly next?: string }
  | { readonly state: 'missing'; readonly reason: 'failed-prefetch' | 'wrong-shape' };

const NOTHING: KeyAnswer = { entries: [], outcomes: [], malformed: 0 };

/**
 * Reads one prefetch value as it was received (PF-8 to PF-16). `null` and an empty searchset mean that
 * there is nothing; an OperationOutcome means that the client's own query failed, which says nothing about the
 * patient; anything else that is no resource counts as a key that was not satisfied.
 */
export function readPrefetched(value: unknown, resourceType: string): PrefetchedValue {
  if (value === null) return { state: 'given', answer: NOTHING };
  if (!isFhirResource(value)) return { state: 'missing', reason: 'wrong-shape' };
  if (value.resourceType === 'OperationOutcome') return { state: 'missing', reason: 'failed-prefetch' };
  if (value.resourceType === resourceType) {
    return { state: 'given', answer: { ...NOTHING, entries: [{ resource: value, mode: 'match' }] } };
  }
  const searchset = readSearchset(value);
  if (searchset === undefined) return { state: 'missing', reason: 'wrong-shape' };
  const { next, ...answer } = searchset;
  if (!sortAnswer(answer, resourceType).ok) return { state: 'missing', reason: 'wrong-shape' };
  return { state: 'given', answer, ...(next === undefined ? {} : { next }) };
}
