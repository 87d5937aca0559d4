import { asList, elementOf, type FhirResource } from './fhir/resource.js';

/** How a Patient is called: the text of the first name, or its parts; without any, the id. */
export function nameOf(patient: FhirResource): string {
  const [name] = asList(elementOf(patient, 'name'));
  const text = elementOf(name, 'text');
  if (typeof text === 'string') return text;
  const parts = [...asList(elementOf(name, 'given')), elementOf(name, 'family')];
  const words = parts.filter((part) => typeof part === 'string').join(' ');
  return words === '' ? (patient.id ?? '') : words;
}
