import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gather } from '../../src/data/gather.js';
import type { DataNeed, Gathered, GatherRequest, Provision } from '../../src/data/types.js';
import { fhirAgent } from '../../src/fhir/agent.js';
import { fhirBudget } from '../../src/fhir/budget.js';
import { fhirClient } from '../../src/fhir/client.js';
import type { FhirClient } from '../../src/fhir/types.js';
import { misbehavingServer, observation, searchset, sendJson } from '../fhir/misbehaving-server.js';

const NEEDS: readonly DataNeed[] = [
  { key: 'patient', resourceType: 'Patient', template: 'Patient/{{context.patientId}}' },
  {
    key: 'observations',
    resourceType: 'Observation',
    template: 'Observation?patient={{context.patientId}}',
  },
  {
    key: 'medications',
    resourceType: 'MedicationRequest',
    template: 'MedicationRequest?patient={{context.patientId}}',
  },
];
const PATIENT = { resourceType: 'Patient', id: '1' };
const ORDER = {
  resourceType: 'MedicationRequest',
  id: 'r',
  subject: { reference: 'Patient/1' },
  medicationReference: { reference: 'Medication/m' },
};
const MEDICATION = { resourceType: 'Medication', id: 'm' };

/** What the server answers, by the path after the base; a number is a status. */
let answers: Record<string, unknown>;
const server = await misbehavingServer((request, response) => {
  const answer = answers[(request.url ?? '').replace('/fhir/', '')];
  if (answer === 'never') return;
  if (typeof answer === 'number') response.writeHead(answer).end();
  else if (answer === undefined) response.writeHead(404).end();
  else sendJson(response, answer);
});
const dispatcher = fhirAgent({ connections: 8, timeoutMs: 5000 });
afterAll(async () => {
  await dispatcher.destroy();
  await server.close();
});

beforeEach(() => {
  server.seen.length = 0;
  answers = {
    'Patient/1': PATIENT,
    'Observation?patient=1': searchset([observation('a')], `${server.base}/Observation?page=2`),
    'Observation?page=2': searchset([observation('b')]),
    'MedicationRequest?patient=1': searchset([ORDER]),
    'Medication/m': MEDICATION,
  };
});

function fhir(budgetMs = 2000): FhirClient {
  return fhirClient({
    baseUrl: server.base,
    accessToken: 'token',
    budget: fhirBudget(budgetMs),
    limits: { maxPages: 5, maxResources: 100, maxBytes: 100_000, maxTotalBytes: 1_000_000 },
    dispatcher,
  });
}

async function gathered(request: Partial<GatherRequest>): Promise<Gathered> {
  const result = await gather({
    needs: NEEDS,
    context: { patientId: '1', userId: 'Practitioner/p' },
    patientId: '1',
    ...request,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.gathered;
}

async function provision(key: string, request: Partial<GatherRequest>): Promise<Provision | undefined> {
  return (await gathered(request)).provisions.get(key);
}

/** What a service can see of the data, whatever the way they came. */
function visible({ provisions, companions, setAside }: Gathered): unknown {
  return [
    [...provisions].map(([key, one]) =>
      one.state === 'missing' ? [key, one] : [key, one.resources, one.incomplete, one.because],
    ),
    companions,
    [...setAside],
  ];
}

const seenUrls = () => server.seen.map(({ url }) => url).sort();

describe('what is prefetched', () => {
  it('is not fetched again; only missing keys are', async () => {
    const prefetch = { patient: PATIENT, medications: null, unknownKey: { resourceType: 'Observation' } };
    const { provisions, requests } = await gathered({ prefetch, fhir: fhir() });
    expect(provisions.get('patient')).toEqual({ state: 'given', resources: [PATIENT], incomplete: false });
    expect(provisions.get('medications')).toEqual({ state: 'given', resources: [], incomplete: false });
    expect(provisions.get('observations')).toMatchObject({
      state: 'fetched',
      resources: [{ id: 'a' }, { id: 'b' }],
      incomplete: false,
    });
    expect([...provisions.keys()]).toEqual(['patient', 'observations', 'medications']);
    expect(requests).toBe(2);
    expect(seenUrls()).toEqual(['/fhir/Observation?page=2', '/fhir/Observation?patient=1']);
  });

  it.each([undefined, null, {}, 'x', []])('may be nothing at all: %j', async (prefetch) => {
    expect(await provision('patient', { prefetch })).toEqual({ state: 'missing', reason: 'no-fhir-access' });
  });

  it('that failed at the client is neither repeated nor read as no data', async () => {
    const prefetch = {
      patient: PATIENT,
      medications: null,
      observations: { resourceType: 'OperationOutcome' },
    };
    expect(await provision('observations', { prefetch, fhir: fhir() })).toEqual({
      state: 'missing',
      reason: 'failed-prefetch',
    });
    expect(server.seen).toEqual([]);
  });

  it('in a wrong shape is fetched, or missing when it cannot be', async () => {
    const prefetch = { patient: '1' };
    expect(await provision('patient', { prefetch })).toEqual({ state: 'missing', reason: 'wrong-shape' });
    expect(await provision('patient', { prefetch, fhir: fhir() })).toMatchObject({ state: 'fetched' });
  });

  it('is completed from its next page, or missing when that cannot be had', async () => {
    const prefetch = { observations: answers['Observation?patient=1'] };
    expect(await provision('observations', { prefetch, fhir: fhir() })).toMatchObject({
      state: 'given',
      resources: [{ id: 'a' }, { id: 'b' }],
      incomplete: false,
    });
    expect(await provision('observations', { prefetch })).toEqual({
      state: 'missing',
      reason: 'incomplete-page',
    });
    answers['Observation?page=2'] = 500;
    expect(await provision('observations', { prefetch, fhir: fhir() })).toMatchObject({
      resources: [{ id: 'a' }],
      incomplete: true,
      because: 'server-error',
    });
  });

  it.each([
    ['a failed part', { resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] }, true],
    ['an unreadable outcome', { resourceType: 'OperationOutcome' }, true],
    ['a warning', { resourceType: 'OperationOutcome', issue: [{ severity: 'warning' }] }, false],
    ['another type', { resourceType: 'Task', id: 't' }, false],
    ['an empty entry', undefined, true],
  ])('beside %s is used, complete or not', async (_what, resource, incomplete) => {
    const entry = [{ resource: observation('a') }, { resource }];
    const prefetch = { observations: { resourceType: 'Bundle', entry } };
    const { provisions, setAside } = await gathered({ prefetch });
    expect(provisions.get('observations')).toMatchObject({ resources: [{ id: 'a' }], incomplete });
    expect([...setAside.values()]).toEqual([1]);
  });

  it('is incomplete when the client counted more than it sent', async () => {
    const prefetch = { observations: { ...searchset([observation('a')]), total: 2 } };
    expect(await provision('observations', { prefetch })).toMatchObject({ because: 'fewer-than-total' });
  });
});

describe('data of another patient', () => {
  const stranger = observation('planted-id', 'planted-patient');

  it.each<[string, Partial<GatherRequest>]>([
    ['prefetch.observations', { prefetch: { observations: searchset([observation('a'), stranger]) } }],
    ['prefetch.patient', { prefetch: { patient: { resourceType: 'Patient', id: 'planted-patient' } } }],
    ['context.draftOrders', { context: { patientId: '1', draftOrders: searchset([stranger]) } }],
    ['context.medication', { context: { patientId: '1', medication: stranger } }],
    ['fhirAuthorization.patient', { authorization: { patient: 'planted-patient' } }],
  ])('in the request refuse it, at %s, before any call', async (path, request) => {
    const context = { patientId: '1' };
    const result = await gather({ needs: NEEDS, context, patientId: '1', fhir: fhir(), ...request });
    expect(result).toEqual({ ok: false, problems: [{ path, message: expect.any(String) }] });
    expect(JSON.stringify(result)).not.toContain('planted');
    expect(server.seen).toEqual([]);
  });

  it('from the FHIR server are refused one by one, and the key is not complete', async () => {
    answers['Observation?page=2'] = searchset([stranger, observation('b')]);
    const { provisions, setAside } = await gathered({ fhir: fhir() });
    expect(provisions.get('observations')).toEqual({
      state: 'fetched',
      resources: [observation('a'), observation('b')],
      incomplete: true,
      because: 'another-patient',
    });
    expect([...setAside]).toEqual([['another-patient', 1]]);
  });

  it('are not taken for it when the context says Patient/1', async () => {
    const { provisions } = await gathered({
      context: { patientId: 'Patient/1' },
      patientId: 'Patient/1',
      authorization: { patient: 'Patient/1' },
      fhir: fhir(),
    });
    expect([...provisions.values()].map(({ state }) => state)).toEqual(['fetched', 'fetched', 'fetched']);
  });
});

describe('what the token allows', () => {
  it('decides which keys are tried', async () => {
    const authorization = { scope: 'patient/Patient.r patient/Observation.rs?category=laboratory' };
    const { provisions, companions } = await gathered({ authorization, fhir: fhir() });
    expect(provisions.get('patient')).toMatchObject({ state: 'fetched', incomplete: false });
    expect(provisions.get('observations')).toMatchObject({ incomplete: true, because: 'scope' });
    expect(provisions.get('medications')).toEqual({ state: 'missing', reason: 'scope' });
    expect(companions).toEqual([]);
    expect(seenUrls().some((url) => url.includes('Medication'))).toBe(false);
  });

  it.each([0, -1])('is nothing when it has expired: %i', async (seconds) => {
    const request = { authorization: { expires_in: seconds }, fhir: fhir() };
    expect(await provision('patient', request)).toEqual({ state: 'missing', reason: 'token-expired' });
    expect(server.seen).toEqual([]);
  });
});

describe('a key that cannot be fetched', () => {
  it('says why, and takes nothing from the others', async () => {
    answers['Observation?patient=1'] = 403;
    const { provisions } = await gathered({ fhir: fhir() });
    expect(provisions.get('observations')).toEqual({ state: 'missing', reason: 'forbidden' });
    expect(provisions.get('patient')).toMatchObject({ state: 'fetched' });
  });

  it('because a token of its template has no value is not asked for', async () => {
    const needs = [{ key: 'e', resourceType: 'Encounter', template: 'Encounter/{{context.encounterId}}' }];
    expect(await provision('e', { needs, fhir: fhir() })).toEqual({
      state: 'missing',
      reason: 'token-unresolved',
    });
    expect(server.seen).toEqual([]);
  });

  it('costs all keys together no more than the budget', async () => {
    for (const query of Object.keys(answers)) answers[query] = 'never';
    const start = performance.now();
    const { provisions } = await gathered({ fhir: fhir(300) });
    expect(performance.now() - start).toBeLessThan(500);
    expect([...provisions.values()]).toEqual(Array(3).fill({ state: 'missing', reason: 'timeout' }));
  });
});

describe('a medication that is only referred to', () => {
  it('is read once, for orders of the chart and of the context alike', async () => {
    const draftOrders = searchset([{ ...ORDER, id: 'draft' }]);
    const { companions } = await gathered({ context: { patientId: '1', draftOrders }, fhir: fhir() });
    expect(companions).toEqual([MEDICATION]);
    expect(seenUrls().filter((url) => url === '/fhir/Medication/m')).toHaveLength(1);
  });

  it('is not read when it came along', async () => {
    answers['MedicationRequest?patient=1'] = searchset([ORDER, MEDICATION]);
    const { provisions, companions } = await gathered({ fhir: fhir() });
    expect(companions).toEqual([]);
    expect(provisions.get('medications')).toMatchObject({ resources: [{ id: 'r' }, { id: 'm' }] });
    expect(seenUrls()).not.toContain('/fhir/Medication/m');
  });

  it.each<[string, FhirClient | undefined]>([
    ['without FHIR access', undefined],
    ['when it is not found', fhir()],
  ])('stays unresolved %s', async (_why, client) => {
    answers['Medication/m'] = 404;
    const { companions, setAside } = await gathered({
      prefetch: { patient: PATIENT, observations: null, medications: searchset([ORDER]) },
      fhir: client,
    });
    expect(companions).toEqual([]);
    expect(setAside.get('unresolved-medication')).toBe(1);
  });

  it('contained in its order needs no reading', async () => {
    const order = { ...ORDER, contained: [MEDICATION], medicationReference: { reference: '#m' } };
    const { setAside } = await gathered({ prefetch: { medications: searchset([order]) } });
    expect([...setAside]).toEqual([]);
  });
});

it('gives the same data whatever subset of keys was prefetched', async () => {
  const full: Record<string, unknown> = {
    patient: PATIENT,
    observations: searchset([observation('a'), observation('b')]),
    medications: searchset([ORDER]),
  };
  const expected = visible(await gathered({ fhir: fhir() }));
  const subset = fc.subarray(Object.keys(full));
  const pagedPrefetch = fc.boolean();
  await fc.assert(
    fc.asyncProperty(subset, pagedPrefetch, async (keys, paged) => {
      const prefetch = Object.fromEntries(keys.map((key) => [key, full[key]]));
      if (paged && keys.includes('observations')) prefetch.observations = answers['Observation?patient=1'];
      expect(visible(await gathered({ prefetch, fhir: fhir() }))).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

it('survives any prefetched value, and reads no data into what is no resource', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const [one] = (await gathered({ prefetch: { observations: value } })).provisions.values();
      expect(one).toEqual({ state: 'missing', reason: 'no-fhir-access' });
      const observations = await provision('observations', { prefetch: { observations: value } });
      if (value !== null) expect(observations).toEqual({ state: 'missing', reason: 'wrong-shape' });
    }),
  );
});
