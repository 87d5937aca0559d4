import { randomUUID } from 'node:crypto';
import { fhirProblem } from './problem.js';
import { type FhirResource, type StoredResource } from './resource.js';
import { indexedResource, indexKey, referenceParts, type IndexedResource } from './search-index.js';
import { inSortOrder, satisfies } from './search-match.js';
import { searchQuery, type Criterion, type QueryPairs, type SearchQuery } from './search-query.js';
import { parametersOf } from './search-parameters.js';
import { writableResource } from './validation.js';
import { isObject } from '../../json.js';

/** One page of a search; `total` counts all matches, `included` are what `_include` added. */
export interface SearchPage {
  readonly total: number;
  readonly matches: readonly StoredResource[];
  readonly included: readonly StoredResource[];
  readonly count: number;
  readonly offset: number;
}

/** What a write did. */
export interface Written {
  readonly resource: StoredResource;
  readonly created: boolean;
}

/** A FHIR R4 store in memory. All methods throw FhirProblem with the HTTP status of the RESTful API. */
export interface SandboxStore {
  /** 404 when never known, 410 when deleted. */
  readonly read: (type: string, id: string) => StoredResource;
  /** Stores under `id` or a new one; an id in the body is ignored, as FHIR R4 http 3.1.0.8 wants. */
  readonly create: (body: unknown, type?: string, id?: string) => StoredResource;
  /** Stores under the given id; `ifMatch` is the version that must be current, else 412. */
  readonly update: (body: unknown, type: string, id: string, ifMatch?: string) => Written;
  /** Deleting twice is no error; deleting what never existed is 404. */
  readonly delete: (type: string, id: string) => void;
  /** 400 on parameters that are not understood. */
  readonly search: (type: string, pairs: QueryPairs) => SearchPage;
  /** Runs the work; when it throws, the store is as if nothing had happened. */
  readonly transaction: <T>(work: () => T) => T;
}

/** A store that can be put back to what it was filled with. */
export interface RefillableStore extends SandboxStore {
  /** Forgets every resource and stores these instead; versions go on. */
  readonly refill: (resources: readonly FhirResource[]) => void;
}

interface TypeTable {
  readonly entries: Map<string, IndexedResource>;
  readonly byKey: Map<string, Set<IndexedResource>>;
  /** Last version of each id ever used: survives deletion. */
  readonly versions: Map<string, number>;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) frozen(child);
    Object.freeze(value);
  }
  return value;
}

function place(table: TypeTable, id: string, entry: IndexedResource | undefined): void {
  const former = table.entries.get(id);
  for (const key of former?.keys ?? []) {
    const holders = table.byKey.get(key);
    if (former !== undefined) holders?.delete(former);
    if (holders?.size === 0) table.byKey.delete(key);
  }
  if (entry === undefined) {
    table.entries.delete(id);
    return;
  }
  table.entries.set(id, entry);
  for (const key of entry.keys) {
    const holders = table.byKey.get(key);
    if (holders === undefined) table.byKey.set(key, new Set([entry]));
    else holders.add(entry);
  }
}

/** The fewest resources that can hold all answers: those of the rarest indexed criterion, else the whole type. */
function candidates(table: TypeTable, criteria: readonly Criterion[]): Iterable<IndexedResource> {
  let best: readonly ReadonlySet<IndexedResource>[] | undefined;
  let fewest = table.entries.size;
  for (const criterion of criteria) {
    if (criterion.kind !== 'keys' || criterion.negated) continue;
    const sets = criterion.keys.flatMap((key) => table.byKey.get(key) ?? []);
    const size = sets.reduce((sum, set) => sum + set.size, 0);
    if (size > fewest) continue;
    best = sets;
    fewest = size;
  }
  if (best === undefined) return table.entries.values();
  return best.length === 1 ? (best[0] ?? []) : new Set(best.flatMap((set) => [...set]));
}

function referredTo(
  page: readonly IndexedResource[],
  { parameter, target }: SearchQuery['include'][number],
): readonly { type: string; id: string }[] {
  const start = indexKey(parameter, 'reference', '');
  return page
    .flatMap((entry) => [...entry.keys])
    .filter((key) => key.startsWith(start))
    .flatMap((key) => referenceParts(key.slice(start.length)) ?? [])
    .filter(({ type }) => target === undefined || target === type);
}

/**
 * A store that holds the given resources.
 * @param now the clock that stamps `meta.lastUpdated`
 * @throws FhirProblem when one of the resources may not be stored
 */
export function sandboxStore(
  resources: readonly FhirResource[] = [],
  now: () => Date = () => new Date(),
): RefillableStore {
  const tables = new Map<string, TypeTable>();
  let undo: (() => void)[] | undefined;

  function tableOf(type: string): TypeTable {
    if (parametersOf(type) === undefined) {
      throw fhirProblem(404, 'not-supported', 'this resource type is not stored here');
    }
    const known = tables.get(type);
    if (known !== undefined) return known;
    const table: TypeTable = { entries: new Map(), byKey: new Map(), versions: new Map() };
    tables.set(type, table);
    return table;
  }

  function put(table: TypeTable, id: string, body: FhirResource | undefined): StoredResource | undefined {
    const former = table.entries.get(id);
    const formerVersion = table.versions.get(id);
    undo?.push(() => {
      place(table, id, former);
      if (formerVersion === undefined) table.versions.delete(id);
      else table.versions.set(id, formerVersion);
    });
    const version = (formerVersion ?? 0) + 1;
    table.versions.set(id, version);
    if (body === undefined) {
      place(table, id, undefined);
      return undefined;
    }
    const meta = {
      ...(isObject(body.meta) ? body.meta : {}),
      versionId: String(version),
      lastUpdated: now().toISOString(),
    };
    const { resourceType } = body;
    const resource = frozen<StoredResource>({ ...structuredClone(body), resourceType, id, meta });
    place(table, id, indexedResource(resource));
    return resource;
  }

  function stored(resource: StoredResource | undefined): StoredResource {
    if (resource === undefined) throw fhirProblem(500, 'exception', 'the resource could not be stored');
    return resource;
  }

  const store: RefillableStore = {
    read(type, id) {
      const table = tableOf(type);
      const entry = table.entries.get(id);
      if (entry !== undefined) return entry.resource;
      if (table.versions.has(id)) throw fhirProblem(410, 'deleted', 'this resource was deleted');
      throw fhirProblem(404, 'not-found', 'no such resource');
    },

    create(body, type, id = randomUUID()) {
      const resource = writableResource(body, type);
      return stored(put(tableOf(resource.resourceType), id, resource));
    },

    update(body, type, id, ifMatch) {
      const resource = writableResource(body, type);
      if (resource.id !== id) throw fhirProblem(400, 'invalid', 'the id in the body must be that of the URL');
      const table = tableOf(type);
      const current = table.entries.get(id)?.resource.meta.versionId;
      if (ifMatch !== undefined && ifMatch !== current) {
        throw fhirProblem(412, 'conflict', 'the resource has changed since this version');
      }
      return { resource: stored(put(table, id, resource)), created: current === undefined };
    },

    delete(type, id) {
      const table = tableOf(type);
      if (table.entries.has(id)) put(table, id, undefined);
      else if (!table.versions.has(id)) throw fhirProblem(404, 'not-found', 'no such resource');
    },

    search(type, pairs) {
      const table = tableOf(type);
      const query = searchQuery(type, pairs);
      const found: IndexedResource[] = [];
      for (const entry of candidates(table, query.criteria)) {
        if (query.criteria.every((criterion) => satisfies(entry, criterion))) found.push(entry);
      }
      const { count, offset } = query;
      if (query.summaryCount) return { total: found.length, matches: [], included: [], count: 0, offset: 0 };
      const page = inSortOrder(found, query.sort).slice(offset, offset + count);
      const matches = page.map((entry) => entry.resource);
      const included = query.include
        .flatMap((include) => referredTo(page, include))
        .flatMap(({ type: kind, id }) => tables.get(kind)?.entries.get(id)?.resource ?? [])
        .filter((resource) => !matches.includes(resource));
      return { total: found.length, matches, included: [...new Set(included)], count, offset };
    },

    refill(all) {
      for (const table of tables.values()) {
        for (const id of [...table.entries.keys()]) put(table, id, undefined);
      }
      for (const resource of all) {
        const { id } = resource;
        if (id === undefined) store.create(resource);
        else store.update(resource, resource.resourceType, id);
      }
    },

    transaction(work) {
      const outer = undo;
      const steps: (() => void)[] = [];
      undo = steps;
      try {
        const result = work();
        outer?.push(...steps);
        return result;
      } catch (error) {
        for (const step of steps.reverse()) step();
        throw error;
      } finally {
        undo = outer;
      }
    },
  };

  store.refill(resources);
  return store;
}
