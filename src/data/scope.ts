/** Whether a token's scopes let a query be tried, and whether its answer would be all there is. */
export type ScopeCover = 'all' | 'some' | 'none';

type Scope = { readonly type: string; readonly permissions: string; readonly filter: string };

const SCOPE = /^(?:patient|user|system)\/([A-Za-z]+|\*)\.([a-z]+|\*)(?:\?(.*))?$/;
const V1_PERMISSIONS: ReadonlyMap<string, string> = new Map([
  ['read', 'rs'],
  ['write', 'cud'],
  ['*', 'cruds'],
]);

/**
 * Reads SMART scopes of both versions (FHIR-8): `patient/Observation.read`, `user/*.rs`,
 * `patient/Observation.rs?category=laboratory`. A filtered scope covers a query fully only when the query asks for
 * nothing else; otherwise the server will leave out the rest without saying so.
 * @param query resolved template: `Type/id` or `Type?…`
 */
export function scopeCover(scope: string, resourceType: string, query: string): ScopeCover {
  const search = query.indexOf('?');
  const permission = search === -1 ? 'r' : 's';
  const parameters = new URLSearchParams(search === -1 ? '' : query.slice(search + 1));
  const covering = scope
    .split(/\s+/)
    .map(parseScope)
    .filter((one) => one !== undefined)
    .filter(({ type }) => type === '*' || type === resourceType)
    .filter(({ permissions }) => permissions.includes(permission));
  if (covering.some(({ filter }) => asksForThatOnly(parameters, filter))) return 'all';
  return covering.length > 0 ? 'some' : 'none';
}

function parseScope(text: string): Scope | undefined {
  const [, type, permissions, filter = ''] = SCOPE.exec(text) ?? [];
  if (type === undefined || permissions === undefined) return undefined;
  return { type, permissions: V1_PERMISSIONS.get(permissions) ?? permissions, filter };
}

function asksForThatOnly(parameters: URLSearchParams, filter: string): boolean {
  return [...new URLSearchParams(filter)].every(([name, value]) => parameters.getAll(name).includes(value));
}
