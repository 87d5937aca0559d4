import { withoutRepeats } from '../fhir/searchset.js';
import type { FhirClient, SearchResult } from '../fhir/types.js';
import type { KeyAnswer } from './answer.js';
import { chartExcess } from './chart-bounds.js';
import type { PrefetchedValue } from './prefetch.js';
import { scopeCover, type ScopeCover } from './scope.js';
import { resolveTemplate } from './tokens.js';
import type { DataNeed, FhirAccess, MissingReason } from './types.js';
import { isOfWholeType, type UnservedTypes } from './unserved.js';

/** One key answered from the request or from the FHIR server, not yet sorted. */
export type Retrieved =
  | { readonly state: 'given' | 'fetched'; readonly answer: KeyAnswer }
  | { readonly state: 'missing'; readonly reason: MissingReason };

/** What a request allows on its client's FHIR server. */
export type Access = {
  readonly context: object;
  readonly fhir?: FhirClient | undefined;
  readonly authorization?: FhirAccess | undefined;
  readonly unserved?: UnservedTypes | undefined;
};

/**
 * Answers one key: from the prefetch when it is there, from the FHIR server when it is not (PF-4). A query that
 * failed at the client is not repeated (PF-10). A first page is completed, or it is no answer (PF-12).
 */
export async function retrieve(
  need: DataNeed,
  prefetched: PrefetchedValue | undefined,
  access: Access,
): Promise<Retrieved> {
  if (prefetched === undefined) return fetchKey(need, access, 'no-fhir-access');
  if (prefetched.state === 'missing') {
    return prefetched.reason === 'wrong-shape' ? fetchKey(need, access, 'wrong-shape') : prefetched;
  }
  if (prefetched.next === undefined) return prefetched;
  const { fhir } = access;
  const cover = coverOf(access, need.resourceType, queryOf(need, access) ?? `${need.resourceType}?`);
  if (fhir === undefined || refusalOfAccess(access) !== undefined || cover === 'none') {
    return { state: 'missing', reason: 'incomplete-page' };
  }
  const answer = followedBy(prefetched.answer, await fhir.search(prefetched.next));
  if (chartExcess(answer.entries.map(({ resource }) => resource)) !== undefined) {
    return { state: 'missing', reason: 'too-many-resources' };
  }
  return { state: 'given', answer: withinScope(answer, cover) };
}

function queryOf(need: DataNeed, access: Access): string | undefined {
  return resolveTemplate(need.template, access.context);
}

/** A server leaves out what a filtered scope does not cover without saying so. */
function withinScope(answer: KeyAnswer, cover: ScopeCover): KeyAnswer {
  return cover === 'all' ? answer : { because: 'scope', ...answer };
}

/** Why nothing may be fetched for this request at all. */
export function refusalOfAccess(access: Access): MissingReason | undefined {
  if (access.fhir === undefined) return 'no-fhir-access';
  const seconds = access.authorization?.expires_in;
  return seconds !== undefined && seconds <= 0 ? 'token-expired' : undefined;
}

/** Whether the scopes cover a query; a token without scopes says nothing, and the server decides. */
export function coverOf(access: Access, resourceType: string, query: string): ScopeCover {
  const scope = access.authorization?.scope?.trim() ?? '';
  return scope === '' ? 'all' : scopeCover(scope, resourceType, query);
}

async function fetchKey(
  need: DataNeed,
  access: Access,
  withoutAccess: 'no-fhir-access' | 'wrong-shape',
): Promise<Retrieved> {
  if (access.fhir === undefined) return { state: 'missing', reason: withoutAccess };
  const refusal = refusalOfAccess(access);
  if (refusal !== undefined) return { state: 'missing', reason: refusal };
  const query = queryOf(need, access);
  if (query === undefined) return { state: 'missing', reason: 'token-unresolved' };
  const cover = coverOf(access, need.resourceType, query);
  if (cover === 'none') return { state: 'missing', reason: 'scope' };

  const refused = access.unserved?.because(need.resourceType);
  if (refused !== undefined) return { state: 'missing', reason: refused };
  const fetched = await answerOf(query, access.fhir);
  if (fetched.state === 'missing') {
    const { reason } = fetched;
    if (query.includes('?') && isOfWholeType(reason)) access.unserved?.learn(need.resourceType, reason);
    return fetched;
  }
  return { state: 'fetched', answer: withinScope(fetched.answer, cover) };
}

async function answerOf(query: string, fhir: FhirClient): Promise<Retrieved> {
  if (query.includes('?')) {
    const result = await fhir.search(query);
    if (!result.ok) return { state: 'missing', reason: result.reason };
    // A part of what may not be looked at as a whole would pass for all there is.
    return chartExcess(result.resources) === undefined
      ? { state: 'fetched', answer: searchAnswer(result) }
      : { state: 'missing', reason: 'too-many-resources' };
  }
  const result = await fhir.read(query);
  return result.ok
    ? {
        state: 'fetched',
        answer: { entries: [{ resource: result.resource, mode: 'match' }], outcomes: [], malformed: 0 },
      }
    : { state: 'missing', reason: result.reason };
}

function searchAnswer(result: Extract<SearchResult, { ok: true }>): KeyAnswer {
  return {
    entries: result.entries,
    outcomes: result.outcomeEntries,
    malformed: result.malformed,
    ...(result.total === undefined ? {} : { total: result.total }),
    ...(result.incomplete ? { because: result.because ?? 'incomplete-page' } : {}),
  };
}

function followedBy(first: KeyAnswer, rest: SearchResult): KeyAnswer {
  if (!rest.ok) return { ...first, because: rest.reason };
  const later = searchAnswer(rest);
  return {
    ...later,
    ...first,
    entries: withoutRepeats([...first.entries, ...later.entries]),
    outcomes: [...first.outcomes, ...later.outcomes],
    malformed: first.malformed + later.malformed,
  };
}
