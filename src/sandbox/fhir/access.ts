import { fhirProblem } from './problem.js';
import { elementsAt, type FhirResource, type StoredResource } from './resource.js';
import { referenceParts } from './search-index.js';
import { parametersOf } from './search-parameters.js';
import type { SandboxStore } from './store.js';

/** What a caller may do: everything, one patient's data within SMART scopes, or nothing. */
export type Authorization = 'open' | 'refused' | { readonly patient: string; readonly scopes: string };

type Action = 'c' | 'r' | 'u' | 'd' | 's';

const v1Actions: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/**
 * Whether the SMART scopes, v1 (`patient/Observation.read`) or v2 (`patient/Observation.rs`), allow the action.
 * A v2 scope narrowed by a query is not understood and therefore grants nothing.
 */
export function scopesAllow(scopes: string, type: string, action: Action): boolean {
  return scopes.split(/\s+/).some((scope) => {
    const match = /^(?:patient|user|system)\/(\*|[A-Z][A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)$/.exec(scope);
    const [, resource, permission = ''] = match ?? [];
    if (resource !== '*' && resource !== type) return false;
    return (v1Actions[permission] ?? permission).includes(action);
  });
}

function isOfPatients(type: string): boolean {
  return type === 'Patient' || parametersOf(type)?.patient !== undefined;
}

function concerns(resource: FhirResource, patient: string): boolean {
  if (resource.resourceType === 'Patient') return resource.id === patient;
  const parameter = parametersOf(resource.resourceType)?.patient;
  return (parameter?.paths ?? [])
    .flatMap((path) => elementsAt(resource, `${path}.reference`))
    .some((reference) => {
      const parts = typeof reference === 'string' ? referenceParts(reference) : undefined;
      return parts?.type === 'Patient' && parts.id === patient;
    });
}

/**
 * The store as the caller may use it: with a token, every action needs a scope and only the token's patient is there.
 * @throws FhirProblem 401 when the caller is refused; the returned store's methods throw 403.
 */
export function authorizedStore(store: SandboxStore, authorization: Authorization): SandboxStore {
  if (authorization === 'refused') throw fhirProblem(401, 'login', 'a valid access token is needed');
  if (authorization === 'open') return store;
  const { patient, scopes } = authorization;

  function demand(type: string, action: Action): void {
    if (parametersOf(type) !== undefined && !scopesAllow(scopes, type, action)) {
      throw fhirProblem(403, 'forbidden', `the token's scopes do not allow this on ${type}`);
    }
  }
  function own<T extends FhirResource>(resource: T): T {
    if (isOfPatients(resource.resourceType) && !concerns(resource, patient)) {
      throw fhirProblem(403, 'forbidden', "this is not in the token's patient's chart");
    }
    return resource;
  }
  function ownIfPresent(type: string, id: string): void {
    const { matches } = store.search(type, [['_id', id]]);
    for (const resource of matches) own(resource);
  }
  const isOwn = (resource: StoredResource): boolean =>
    scopesAllow(scopes, resource.resourceType, 'r') &&
    (!isOfPatients(resource.resourceType) || concerns(resource, patient));

  return {
    read(type, id) {
      demand(type, 'r');
      return own(store.read(type, id));
    },
    create(body, type, id) {
      return store.transaction(() => {
        const resource = store.create(body, type, id);
        demand(resource.resourceType, 'c');
        return own(resource);
      });
    },
    update(body, type, id, ifMatch) {
      demand(type, 'u');
      ownIfPresent(type, id);
      return store.transaction(() => {
        const written = store.update(body, type, id, ifMatch);
        own(written.resource);
        return written;
      });
    },
    delete(type, id) {
      demand(type, 'd');
      ownIfPresent(type, id);
      store.delete(type, id);
    },
    search(type, pairs) {
      demand(type, 's');
      const bound: readonly (readonly [string, string])[] =
        type === 'Patient' ? [['_id', patient]] : [['patient', `Patient/${patient}`]];
      const page = store.search(type, isOfPatients(type) ? [...pairs, ...bound] : pairs);
      return { ...page, included: page.included.filter(isOwn) };
    },
    transaction: store.transaction,
  };
}
