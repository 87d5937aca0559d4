import type { FhirResource } from 'fhir/r4.js';
import { issueTexts, jsonOf, listOf, RequestFailed } from './json.js';
import { isObject } from '../../json.js';

/** Where the EHR keeps its charts. */
export const fhirPath = '/sandbox/fhir';

export type ResourceType = FhirResource['resourceType'];
export type ResourceOf<T extends ResourceType> = Extract<FhirResource, { readonly resourceType: T }>;

export function isResource(value: unknown): value is FhirResource {
  return isObject(value) && typeof value.resourceType === 'string';
}

/** The resources of one type. */
export function ofType<T extends ResourceType>(
  resources: readonly FhirResource[],
  type: T,
): readonly ResourceOf<T>[] {
  return resources.filter((resource): resource is ResourceOf<T> => resource.resourceType === type);
}

async function send(method: string, path: string, body?: FhirResource): Promise<unknown> {
  const response = await fetch(`${fhirPath}/${path}`, {
    method,
    headers: { accept: 'application/fhir+json', 'content-type': 'application/fhir+json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  if (response === undefined) throw new RequestFailed(0, []);
  const answer = await jsonOf(response);
  if (!response.ok) throw new RequestFailed(response.status, issueTexts(answer));
  return answer;
}

/** The answer to a relative read or search, as it came: a prefetch value. */
export function query(path: string): Promise<unknown> {
  return send('GET', path);
}

/** All resources that a search finds (one page of a thousand is more than a demo chart holds). */
export async function search(
  type: ResourceType,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly FhirResource[]> {
  const asked = new URLSearchParams({ ...parameters, _count: '1000' });
  const bundle = await query(`${type}?${asked.toString()}`);
  return listOf(isObject(bundle) ? bundle.entry : undefined)
    .map((entry) => (isObject(entry) ? entry.resource : undefined))
    .filter(isResource);
}

/** Writes under the resource's own id. */
export async function put(resource: FhirResource): Promise<void> {
  await send('PUT', `${resource.resourceType}/${resource.id ?? ''}`, resource);
}

export async function create(resource: FhirResource): Promise<void> {
  await send('POST', resource.resourceType, resource);
}

/** `reference` is `Type/id`. */
export async function remove(reference: string): Promise<void> {
  await send('DELETE', reference);
}
