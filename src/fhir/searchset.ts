import { isAbsent, isFhirResource, isList, member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import type { SearchEntry } from './types.js';
import { isObject } from '../json.js';

/** One page of search results, with what is no data set apart. */
export type Searchset = {
  readonly entries: readonly SearchEntry[];
  readonly outcomes: readonly FhirResource[];
  readonly malformed: number;
  /** The address of the next page. */
  readonly next?: string;
  /** Matches on all pages, as the server says. */
  readonly total?: number;
};

/** Lax clients leave the type out; a batch or a history is no answer to a query. */
const TYPES = new Set<unknown>(['searchset', 'collection', undefined, null]);

/**
 * Reads a Bundle as a page of search results; undefined when it is not one. A page without entries is a valid
 * answer: nothing was found (PF-9).
 */
export function readSearchset(value: unknown): Searchset | undefined {
  if (!isObject(value) || member(value, 'resourceType') !== 'Bundle') return undefined;
  if (!TYPES.has(member(value, 'type'))) return undefined;
  const entry = member(value, 'entry') ?? [];
  if (!isList(entry)) return undefined;

  const entries: SearchEntry[] = [];
  const outcomes: FhirResource[] = [];
  let malformed = 0;
  for (const item of entry) {
    const resource = isObject(item) ? member(item, 'resource') : undefined;
    if (!isObject(item) || !isFhirResource(resource)) malformed += 1;
    else if (resource.resourceType === 'OperationOutcome') outcomes.push(resource);
    else entries.push(searchEntry(item, resource));
  }
  const next = nextLink(member(value, 'link'));
  const total = member(value, 'total');
  return {
    entries,
    outcomes,
    malformed,
    ...(next === undefined ? {} : { next }),
    ...(typeof total === 'number' ? { total } : {}),
  };
}

/** Whether a Bundle is an answer to a query, and no other page follows. */
export function isLastPage(bundle: Readonly<Record<string, unknown>>): boolean {
  return TYPES.has(member(bundle, 'type')) && nextLink(member(bundle, 'link')) === undefined;
}

function searchEntry(item: Readonly<Record<string, unknown>>, resource: FhirResource): SearchEntry {
  const fullUrl = member(item, 'fullUrl');
  const search = member(item, 'search');
  const included = isObject(search) && member(search, 'mode') === 'include';
  const mode = included ? 'include' : 'match';
  return typeof fullUrl === 'string' ? { resource, mode, fullUrl } : { resource, mode };
}

/** An unreadable `next` still says that there is another page: it is kept as an address that leads nowhere. */
function nextLink(link: unknown): string | undefined {
  if (!isList(link)) return undefined;
  for (const item of link) {
    if (!isObject(item) || member(item, 'relation') !== 'next') continue;
    const url = member(item, 'url');
    if (typeof url === 'string') return url;
    if (!isAbsent(url)) return '';
  }
  return undefined;
}

/** The entries of several pages; a list that changes while it is paged through shows a resource twice. */
export function withoutRepeats(entries: readonly SearchEntry[]): readonly SearchEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ resource: { resourceType, id } }) => {
    if (id === undefined) return true;
    const name = `${resourceType}/${id}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
