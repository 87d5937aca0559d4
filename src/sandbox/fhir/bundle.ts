import { randomUUID } from 'node:crypto';
import { FhirProblem, fhirProblem, operationOutcome } from './problem.js';
import { asList, elementOf, isResource, type FhirResource, type StoredResource } from './resource.js';
import type { QueryPairs } from './search-query.js';
import type { SandboxStore, SearchPage } from './store.js';
import { writableResource } from './validation.js';
import { isObject } from '../../json.js';

/** The version tag of HTTP for a stored resource. */
export function etagOf(resource: StoredResource): string {
  return `W/"${resource.meta.versionId}"`;
}

/** The version inside an `If-Match` value, `W/"3"` or `"3"`; other text is kept, and so matches no version. */
export function versionOf(etag: string): string {
  return /^(?:W\/)?"([^"]*)"$/.exec(etag.trim())?.[1] ?? etag;
}

/** The searchset Bundle of a page, with `self` and, when there are more, `next` and `previous` links. */
export function searchsetBundle(
  base: string,
  type: string,
  pairs: QueryPairs,
  page: SearchPage,
  subset: (resource: FhirResource) => FhirResource = (resource) => resource,
): FhirResource {
  const address = (offset?: number): string => {
    const kept = pairs.filter(([name]) => offset === undefined || name !== '_offset');
    const query = new URLSearchParams(kept.map(([name, value]): [string, string] => [name, value]));
    if (offset !== undefined && offset > 0) query.set('_offset', String(offset));
    return `${base}/${type}${query.size === 0 ? '' : `?${query.toString()}`}`;
  };
  const { total, count, offset } = page;
  const entry = (mode: 'match' | 'include') => (resource: StoredResource) => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
    resource: subset(resource),
    search: { mode },
  });
  const links = [{ relation: 'self', url: address() }];
  if (count > 0 && offset + count < total) links.push({ relation: 'next', url: address(offset + count) });
  if (offset > 0) links.push({ relation: 'previous', url: address(Math.max(0, offset - count)) });
  const entries = [...page.matches.map(entry('match')), ...page.included.map(entry('include'))];
  return {
    resourceType: 'Bundle',
    id: randomUUID(),
    type: 'searchset',
    total,
    link: links,
    ...(entries.length === 0 ? {} : { entry: entries }),
  };
}

interface Request {
  readonly method: string;
  readonly type: string;
  readonly id: string | undefined;
  readonly pairs: QueryPairs;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  readonly fullUrl: string | undefined;
}

/** In the order in which R4 performs them. */
const methods = ['DELETE', 'POST', 'PUT', 'GET'];

function requestOf(entry: unknown, position: number): Request {
  const request = elementOf(entry, 'request');
  const method = elementOf(request, 'method');
  const url = elementOf(request, 'url');
  const where = `Bundle.entry[${position}].request`;
  if (typeof method !== 'string' || typeof url !== 'string' || !methods.includes(method)) {
    const diagnostics = 'request.method must be GET, POST, PUT or DELETE, with a request.url';
    throw new FhirProblem(400, [{ code: 'structure', diagnostics, expression: where }]);
  }
  const [path = '', query = ''] = url.split('?', 2);
  const [type = '', id, ...rest] = path.replace(/^\//, '').split('/');
  const conditional = query !== '' && method !== 'GET';
  const fits = method === 'GET' || (method === 'POST') === (id === undefined);
  if (type === '' || rest.length > 0 || conditional || !fits) {
    const diagnostics = `request.url does not fit ${method}; conditional requests are not supported`;
    throw new FhirProblem(400, [{ code: 'not-supported', diagnostics, expression: `${where}.url` }]);
  }
  if (elementOf(request, 'ifNoneExist') !== undefined) {
    const diagnostics = 'conditional create is not supported';
    throw new FhirProblem(400, [{ code: 'not-supported', diagnostics, expression: `${where}.ifNoneExist` }]);
  }
  const ifMatch = elementOf(request, 'ifMatch');
  const fullUrl = elementOf(entry, 'fullUrl');
  return {
    method,
    type,
    id,
    pairs: [...new URLSearchParams(query)],
    body: elementOf(entry, 'resource'),
    ifMatch: typeof ifMatch === 'string' ? versionOf(ifMatch) : undefined,
    fullUrl: typeof fullUrl === 'string' ? fullUrl : undefined,
  };
}

/** Every string that is one of the addresses is replaced (FHIR R4 http 3.1.0.11.2). */
function withAddresses(value: unknown, addresses: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return addresses.get(value) ?? value;
  if (Array.isArray(value)) return value.map((member) => withAddresses(member, addresses));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, withAddresses(child, addresses)]),
  );
}

function danglingReference(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(danglingReference);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, child]) =>
    name === 'reference' && typeof child === 'string'
      ? child.startsWith('urn:uuid:')
      : danglingReference(child),
  );
}

function written(resource: StoredResource, created: boolean): object {
  return {
    resource,
    response: {
      status: created ? '201 Created' : '200 OK',
      location: `${resource.resourceType}/${resource.id}/_history/${resource.meta.versionId}`,
      etag: etagOf(resource),
      lastModified: resource.meta.lastUpdated,
    },
  };
}

function performed(store: SandboxStore, base: string, request: Request): object {
  const { method, type, id, body } = request;
  if (method === 'POST') return written(store.create(body, type, id), true);
  if (method === 'PUT' && id !== undefined) {
    const { resource, created } = store.update(body, type, id, request.ifMatch);
    return written(resource, created);
  }
  if (method === 'DELETE' && id !== undefined) {
    store.delete(type, id);
    return { response: { status: '204 No Content' } };
  }
  if (id !== undefined) {
    const resource = store.read(type, id);
    return { resource, response: { status: '200 OK', etag: etagOf(resource) } };
  }
  const page = store.search(type, request.pairs);
  return { resource: searchsetBundle(base, type, request.pairs, page), response: { status: '200 OK' } };
}

function refused(problem: unknown): object {
  const { status, issues } =
    problem instanceof FhirProblem
      ? problem
      : fhirProblem(500, 'exception', 'the entry could not be performed');
  return { response: { status: String(status), outcome: operationOutcome(issues) } };
}

function performBatch(store: SandboxStore, base: string, entries: readonly unknown[]): readonly object[] {
  return entries.map((entry, position) => {
    try {
      return performed(store, base, requestOf(entry, position));
    } catch (problem) {
      return refused(problem);
    }
  });
}

function atEntry<T>(position: number, work: () => T): T {
  try {
    return work();
  } catch (problem) {
    if (!(problem instanceof FhirProblem)) throw problem;
    const entry = `Bundle.entry[${position}]`;
    throw new FhirProblem(
      problem.status,
      problem.issues.map((issue) => ({
        ...issue,
        expression: [entry, issue.expression].filter(Boolean).join(': '),
      })),
    );
  }
}

/** The Bundle's own addresses (`urn:uuid:…` or absolute) and the local references that they become. */
function localAddresses(requests: readonly Request[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  const targets = new Set<string>();
  for (const { method, type, id = '', fullUrl } of requests) {
    if (method === 'GET') continue;
    const target = `${type}/${id}`;
    if (targets.has(target)) throw fhirProblem(400, 'invalid', 'a resource occurs twice in the transaction');
    targets.add(target);
    if (fullUrl !== undefined && method !== 'DELETE') addresses.set(fullUrl, target);
  }
  return addresses;
}

/**
 * New resources get their ids before anything is written, so that entries may refer to one another in any order.
 * DELETE, POST, PUT, GET is the order that R4 prescribes.
 */
function performTransaction(
  store: SandboxStore,
  base: string,
  entries: readonly unknown[],
): readonly object[] {
  const requests = entries.map((entry, position): Request => {
    const request = requestOf(entry, position);
    if (request.method !== 'POST' && request.method !== 'PUT') return request;
    atEntry(position, () => writableResource(request.body, request.type));
    return request.method === 'POST' ? { ...request, id: randomUUID() } : request;
  });
  const addresses = localAddresses(requests);
  const responses = new Map<number, object>();
  store.transaction(() => {
    for (const method of methods) {
      for (const [position, request] of requests.entries()) {
        if (request.method !== method) continue;
        const body = withAddresses(request.body, addresses);
        atEntry(position, () => {
          if (danglingReference(body)) throw fhirProblem(400, 'not-found', 'a urn:uuid is not in the Bundle');
          responses.set(position, performed(store, base, { ...request, body }));
        });
      }
    }
  });
  return requests.map((_, position) => responses.get(position) ?? {});
}

/**
 * Performs a `transaction` (all or nothing) or a `batch` (each entry for itself).
 * @returns the Bundle of responses, in the order of the entries
 * @throws FhirProblem when the Bundle is not understood or a transaction cannot be performed
 */
export function performBundle(store: SandboxStore, base: string, body: unknown): FhirResource {
  if (!isResource(body) || body.resourceType !== 'Bundle') {
    throw fhirProblem(400, 'invalid', 'the body must be a Bundle of type transaction or batch');
  }
  const entries = asList(body.entry);
  if (body.type === 'batch') {
    return { resourceType: 'Bundle', type: 'batch-response', entry: performBatch(store, base, entries) };
  }
  if (body.type === 'transaction') {
    return {
      resourceType: 'Bundle',
      type: 'transaction-response',
      entry: performTransaction(store, base, entries),
    };
  }
  throw fhirProblem(400, 'value', 'Bundle.type must be transaction or batch');
}
