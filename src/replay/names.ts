import type { FhirResource } from '../cds-hooks/types.js';
import { objects, text } from '../chart/element.js';
import { nameWords, wordsOf } from '../chart/not-understood.js';

/** Shorter numbers are values as well, and would be found everywhere. */
const shortestNumber = 5;

/** The words by which a patient can be recognised: those of the names, and the identifiers. */
export function namesOf(patient: FhirResource): ReadonlySet<string> {
  const identifiers = [...objects(patient['identifier']).map(({ value }) => value), patient.id]
    .flatMap((each) => wordsOf(text(each) ?? ''))
    .filter((word) => !/^\d+$/.test(word) || word.length >= shortestNumber);
  return new Set([...nameWords(patient), ...identifiers]);
}

/** Whether one of the words is among the names. */
export function holdsName(words: string, names: ReadonlySet<string>): boolean {
  return names.size > 0 && wordsOf(words).some((word) => names.has(word));
}
