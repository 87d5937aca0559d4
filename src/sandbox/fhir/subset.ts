import { fhirProblem } from './problem.js';
import type { FhirResource } from './resource.js';
import type { QueryPairs } from './search-query.js';

/** Elements that say what a resource is, whatever is left out of it. */
const always: readonly string[] = ['resourceType', 'id', 'meta'];
const withText: readonly string[] = ['text', 'status', 'intent', 'subject', 'patient', 'code'];

const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};

/**
 * What `_elements` and `_summary` leave of a resource (FHIR R4 search 3.1.1.5.7, 3.1.1.5.8); it is marked as not whole. `true` leaves
 * out the narrative and what is contained, which the standard lets a server decide.
 * @throws FhirProblem 400 for a value that R4 does not know
 */
export function subsetOf(pairs: QueryPairs): (resource: FhirResource) => FhirResource {
  const elements = pairs
    .filter(([name]) => name === '_elements')
    .flatMap(([, value]) => value.split(',').map((part) => part.trim().split('.').at(-1) ?? ''))
    .filter((part) => part !== '');
  const summary = pairs.findLast(([name]) => name === '_summary')?.[1] ?? 'false';
  if (!['true', 'text', 'data', 'count', 'false'].includes(summary)) {
    throw fhirProblem(400, 'value', '_summary is one of true, text, data, count, false');
  }
  if (elements.length > 0) return (resource) => kept(resource, (name) => elements.includes(name));
  if (summary === 'text') return (resource) => kept(resource, (name) => withText.includes(name));
  if (summary === 'data') return (resource) => kept(resource, (name) => name !== 'text');
  if (summary === 'true') {
    return (resource) => kept(resource, (name) => name !== 'text' && name !== 'contained');
  }
  return (resource) => resource;
}

function kept(resource: FhirResource, wanted: (name: string) => boolean): FhirResource {
  const entries = Object.entries(resource).filter(([name]) => always.includes(name) || wanted(name));
  const meta: unknown = resource['meta'];
  const known = typeof meta === 'object' && meta !== null ? meta : {};
  const tags: unknown = 'tag' in known ? known.tag : [];
  const tag = [...(Array.isArray(tags) ? (tags as readonly unknown[]) : []), subsetted];
  return { ...Object.fromEntries(entries), resourceType: resource.resourceType, meta: { ...known, tag } };
}
