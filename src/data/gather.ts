import { member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import type { SearchEntry } from '../fhir/types.js';
import { sortAnswer } from './answer.js';
import { chartExcess } from './chart-bounds.js';
import { localNames, withLiteralReferences, type LocalNames } from './local-references.js';
import { readMedications } from './medications.js';
import { resourcesByField, foreignPatients, patientAliases, patientIdOf } from './patient.js';
import { readPrefetched, type PrefetchedValue } from './prefetch.js';
import { coverOf, refusalOfAccess, retrieve, type Access, type Retrieved } from './retrieve.js';
import type {
  DataNeed,
  DataProblem,
  GatherRequest,
  GatherResult,
  Provision,
  SetAsideReason,
} from './types.js';
import { isObject } from '../json.js';
import { readWholeRequest } from './whole-request.js';

type Sorted = { readonly provision: Provision; readonly setAside: readonly SetAsideReason[] };

/**
 * Gathers what a service needs for one hook call: per key given, fetched or missing, with the same resources
 * however they arrived. Keys are fetched in parallel within the client's budget.
 * @returns problems, to be answered with 400, when the request holds data or access of another patient
 */
export async function gather(request: GatherRequest): Promise<GatherResult> {
  const patientId = patientIdOf(request.patientId);
  const whole = readWholeRequest(request, patientId);
  if (whole !== undefined) return { ok: true, gathered: whole };
  const prefetch = prefetchOf(request);
  const problems = problemsOf(request, prefetch, patientId);
  if (problems.length > 0) return { ok: false, problems };

  const access: Access = {
    context: { ...request.context, patientId },
    fhir: request.fhir,
    authorization: request.authorization,
    unserved: request.unserved,
  };
  const retrieved = await Promise.all(
    request.needs.map(async (need) => [need, await retrieve(need, prefetch.get(need.key), access)] as const),
  );
  const names = localNames(
    retrieved.flatMap(([, one]) => (one.state === 'missing' ? [] : one.answer.entries)),
  );
  const sorted = new Map(
    retrieved.map(([need, one]) => {
      // What came with the request alone has been looked at for other patients above.
      const isFetched = one !== prefetch.get(need.key);
      return [need.key, sortRetrieved(need, literal(one, names), isFetched ? patientId : undefined)];
    }),
  );
  const provisions = new Map([...sorted].map(([key, { provision }]) => [key, provision]));

  const medications = await readMedications(
    [...provisions.values(), ...resourcesByField(request.context).values()].map(resourcesOf),
    mayReadMedications(access) ? access.fhir : undefined,
  );
  const setAside = count([
    ...[...sorted.values()].flatMap((one) => one.setAside),
    ...Array.from({ length: medications.unresolved }, () => 'unresolved-medication' as const),
  ]);
  return {
    ok: true,
    gathered: {
      provisions,
      companions: medications.found,
      setAside,
      requests: request.fhir?.requests() ?? 0,
    },
  };
}

/** The keys that were asked for and came; others are ignored (PF-14). */
function prefetchOf({ needs, prefetch }: GatherRequest): ReadonlyMap<string, PrefetchedValue> {
  if (!isObject(prefetch)) return new Map();
  return new Map(
    needs.flatMap(({ key, resourceType }) => {
      const value = member(prefetch, key);
      return value === undefined ? [] : [[key, readPrefetched(value, resourceType)] as const];
    }),
  );
}

function problemsOf(
  request: GatherRequest,
  prefetch: ReadonlyMap<string, PrefetchedValue>,
  patientId: string,
): readonly DataProblem[] {
  const granted = request.authorization?.patient;
  const isForeignGrant = granted !== undefined && granted !== '' && patientIdOf(granted) !== patientId;
  const inContext = [...resourcesByField(request.context)]
    .filter(([, resources]) => foreignPatients(resources, patientId).length > 0)
    .map(([field]) => `context.${field}`);

  const given = [...prefetch].map(
    ([key, value]) => [key, value.state === 'given' ? value.answer.entries : []] as const,
  );
  const aliases = patientAliases(
    given.flatMap(([, entries]) => entries),
    patientId,
  );
  const inPrefetch = given
    .filter(([, entries]) => foreignPatients(entries.map(resourceOf), patientId, aliases).length > 0)
    .map(([key]) => `prefetch.${key}`);
  const excess = chartExcess(given.flatMap(([, entries]) => entries.map(resourceOf)));
  return [
    ...(excess === undefined ? [] : [{ path: 'prefetch', message: excess }]),
    ...(isForeignGrant
      ? [{ path: 'fhirAuthorization.patient', message: 'is not the patient of the context' }]
      : []),
    ...[...inContext, ...inPrefetch].map((path) => ({
      path,
      message: 'holds data of a patient who is not the patient of the context',
    })),
  ];
}

/** One key may refer to what came with another by the address in its Bundle. */
function literal(retrieved: Retrieved, names: LocalNames): Retrieved {
  if (retrieved.state === 'missing') return retrieved;
  const { answer } = retrieved;
  return { ...retrieved, answer: { ...answer, entries: withLiteralReferences(answer.entries, names) } };
}

/** @param patientId given where the resources are yet to be looked at for other patients */
function sortRetrieved(need: DataNeed, retrieved: Retrieved, patientId: string | undefined): Sorted {
  if (retrieved.state === 'missing') return { provision: retrieved, setAside: [] };
  const sorted = sortAnswer(retrieved.answer, need.resourceType);
  if (!sorted.ok) return { provision: { state: 'missing', reason: 'wrong-resource' }, setAside: [] };

  const resources = sorted.entries.map(resourceOf);
  const foreign = patientId === undefined ? nobodyElse : foreignIn(sorted.entries, resources, patientId);
  const because = foreign.size > 0 ? 'another-patient' : sorted.because;
  return {
    provision: {
      state: retrieved.state,
      resources: foreign.size === 0 ? resources : resources.filter((resource) => !foreign.has(resource)),
      incomplete: because !== undefined,
      ...(because === undefined ? {} : { because }),
    },
    setAside: [...sorted.setAside, ...[...foreign].map(() => 'another-patient' as const)],
  };
}

const nobodyElse: ReadonlySet<FhirResource> = new Set();

function foreignIn(
  entries: readonly SearchEntry[],
  resources: readonly FhirResource[],
  patientId: string,
): ReadonlySet<FhirResource> {
  const foreign = foreignPatients(resources, patientId, patientAliases(entries, patientId));
  return foreign.length === 0 ? nobodyElse : new Set(foreign.map(resourceOf));
}

function mayReadMedications(access: Access): boolean {
  return refusalOfAccess(access) === undefined && coverOf(access, 'Medication', 'Medication/id') !== 'none';
}

function resourceOf({ resource }: { readonly resource: FhirResource }): FhirResource {
  return resource;
}

function resourcesOf(source: Provision | readonly FhirResource[]): readonly FhirResource[] {
  if (!('state' in source)) return source;
  return source.state === 'missing' ? [] : source.resources;
}

function count(reasons: readonly SetAsideReason[]): ReadonlyMap<SetAsideReason, number> {
  const counts = new Map<SetAsideReason, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
