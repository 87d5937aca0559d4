import { isDeeperThan, DEEPEST_BODY, isFhirResource, isList, member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { localNames, withLiteralReferences } from '../data/local-references.js';
import { resourceTypes } from '../fhir/resource-types.js';
import { isObject } from '../json.js';

/** What one line of an export holds. */
export type LineReading =
  | { readonly ok: true; readonly resources: readonly FhirResource[]; readonly others: number }
  | { readonly ok: false; readonly why: string };

/**
 * The resources of a line: one, or those of a Bundle with its own addresses made literal. What is of no type of FHIR R4
 * is counted as `others`; what is no JSON object with a resourceType is no line of an export at all.
 */
export function readLine(line: string): LineReading {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, why: 'not JSON' };
  }
  if (!isObject(value)) return { ok: false, why: 'not a JSON object' };
  if (typeof member(value, 'resourceType') !== 'string') return { ok: false, why: 'no resourceType' };
  if (!isFhirResource(value)) return { ok: false, why: 'an id that is no text' };
  if (isDeeperThan(value, DEEPEST_BODY)) return { ok: false, why: 'nested too deeply' };
  if (value.resourceType === 'Bundle') return readBundle(value);
  return resourceTypes.has(value.resourceType)
    ? { ok: true, resources: [value], others: 0 }
    : { ok: true, resources: [], others: 1 };
}

function readBundle(bundle: FhirResource): LineReading {
  const entry = member(bundle, 'entry') ?? [];
  if (!isList(entry)) return { ok: false, why: 'a Bundle whose entry is no list' };
  const addressed = entry.flatMap((each) => {
    const resource = isObject(each) ? member(each, 'resource') : undefined;
    if (!isObject(each) || !isFhirResource(resource) || resource.resourceType === 'Bundle') return [];
    const fullUrl = member(each, 'fullUrl');
    return [typeof fullUrl === 'string' ? { resource, fullUrl } : { resource }];
  });
  const named = withLiteralReferences(
    addressed.map((each) => withPatientId(each)),
    localNames(addressed.map((each) => withPatientId(each))),
  ).map(({ resource }) => resource);
  const known = named.filter(({ resourceType }) => resourceTypes.has(resourceType));
  return { ok: true, resources: known, others: entry.length - known.length };
}

/** A whole record in one Bundle: its Patient is named by the address that the others refer to. */
function withPatientId<Entry extends { readonly resource: FhirResource; readonly fullUrl?: string }>(
  entry: Entry,
): Entry {
  const { resource, fullUrl } = entry;
  const id = /^urn:(?:uuid|oid):([A-Za-z0-9\-.]{1,64})$/.exec(fullUrl ?? '')?.[1];
  return resource.resourceType === 'Patient' && resource.id === undefined && id !== undefined
    ? { ...entry, resource: { ...resource, id } }
    : entry;
}
