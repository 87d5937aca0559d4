import { isList } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { isObject } from '../json.js';

/** A resource with the address under which its Bundle holds it. */
interface Addressed {
  readonly resource: FhirResource;
  readonly fullUrl?: string;
}

/** `Type/id` by the address that means something inside a Bundle only. */
export type LocalNames = ReadonlyMap<string, string>;

const LOCAL = /^urn:(?:uuid|oid):([A-Za-z0-9\-.]{1,64})$/;

/**
 * The names that a server would give what a Bundle holds under `urn:` addresses. An exported or not yet stored chart
 * refers to its own resources by these; unread, a score would be torn from its lesion. A Patient without id gets none:
 * whose chart it is must not be invented.
 */
export function localNames(entries: readonly Addressed[]): LocalNames {
  const names = new Map<string, string>();
  for (const { fullUrl, resource } of entries) {
    const address = fullUrl === undefined ? null : LOCAL.exec(fullUrl);
    if (address === null || fullUrl === undefined) continue;
    const id = resource.id ?? (resource.resourceType === 'Patient' ? undefined : address[1]);
    if (id !== undefined) names.set(fullUrl, `${resource.resourceType}/${id}`);
  }
  return names;
}

/** The same entries with `Type/id` in the place of local addresses; what has none is passed on as it is. */
export function withLiteralReferences<Entry extends Addressed>(
  entries: readonly Entry[],
  names: LocalNames,
): readonly Entry[] {
  if (names.size === 0) return entries;
  return entries.map((entry) => ({ ...entry, resource: literal(entry, names) }));
}

function literal({ resource, fullUrl }: Addressed, names: LocalNames): FhirResource {
  const own = fullUrl === undefined ? undefined : names.get(fullUrl);
  const id = resource.id ?? own?.slice(resource.resourceType.length + 1);
  return { ...resource, ...rewritten(resource, names), ...(id !== undefined && { id }) };
}

/** Recursion is safe: no body that is nested deeper than `DEEPEST_BODY` comes this far. */
function rewritten(
  record: Readonly<Record<string, unknown>>,
  names: LocalNames,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      name === 'reference' && typeof value === 'string' ? (names.get(value) ?? value) : within(value, names),
    ]),
  );
}

function within(value: unknown, names: LocalNames): unknown {
  if (isList(value)) return value.map((inner) => within(inner, names));
  return isObject(value) ? rewritten(value, names) : value;
}
