import { isFhirResource, isList, member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { isLastPage } from '../fhir/searchset.js';
import { isObject } from '../json.js';
import { chartExcess } from './chart-bounds.js';
import { resourcesByField, isOfAnother } from './patient.js';
import type { DataNeed, Gathered, GatherRequest, Provision } from './types.js';

const given = (resources: readonly FhirResource[]): Provision => ({
  state: 'given',
  resources,
  incomplete: false,
});

/**
 * What the ordinary request holds, in one pass over its resources: every key came whole, as `null`, one resource of its type, or
 * one page of nothing but resources of its type, all of this patient, and no drug stands elsewhere. Undefined where anything is
 * otherwise: it is then read, judged and fetched key by key.
 */
export function readWholeRequest(request: GatherRequest, patientId: string): Gathered | undefined {
  const { needs, prefetch, context, authorization, fhir } = request;
  if (!isObject(prefetch) || authorization?.patient !== undefined) return undefined;
  const isForeign = isOfAnother(patientId);
  const isPlain = (resource: FhirResource): boolean => !isForeign(resource) && !namesDrugElsewhere(resource);
  const provisions = new Map<string, Provision>();
  const all: FhirResource[] = [];
  for (const need of needs) {
    const resources = resourcesFor(need, member(prefetch, need.key));
    if (resources?.every(isPlain) !== true) return undefined;
    all.push(...resources);
    provisions.set(need.key, given(resources));
  }
  const isRefused =
    chartExcess(all) !== undefined ||
    [...resourcesByField(context).values()].some((drafts) => !drafts.every(isPlain));
  if (isRefused) return undefined;
  return { provisions, companions: [], setAside: new Map(), requests: fhir?.requests() ?? 0 };
}

const none: readonly FhirResource[] = [];

/** The resources of one key; undefined where it holds, or may lack, anything else. */
function resourcesFor({ resourceType }: DataNeed, value: unknown): readonly FhirResource[] | undefined {
  if (value === null) return none;
  if (!isFhirResource(value)) return undefined;
  if (value.resourceType === resourceType) return [value];
  if (value.resourceType !== 'Bundle' || !isLastPage(value)) return undefined;
  const entry = member(value, 'entry') ?? none;
  if (!isList(entry)) return undefined;
  const resources: FhirResource[] = [];
  for (const item of entry) {
    if (!isObject(item)) return undefined;
    const { resource, fullUrl, search } = item;
    if (!isFhirResource(resource) || resource.resourceType !== resourceType) return undefined;
    // By these addresses the resources of a Bundle refer to one another; what was included was not searched for.
    if (typeof fullUrl === 'string' && fullUrl.startsWith('urn:')) return undefined;
    if (isObject(search) && search['mode'] === 'include') return undefined;
    resources.push(resource);
  }
  const total = member(value, 'total');
  return typeof total === 'number' && total > resources.length ? undefined : resources;
}

/** A drug that is named by a reference, or that others may refer to. */
function namesDrugElsewhere(resource: FhirResource): boolean {
  return (
    resource['medicationReference'] !== undefined ||
    resource['medication'] !== undefined ||
    resource.resourceType === 'Medication'
  );
}
