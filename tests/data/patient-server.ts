import { afterAll, beforeEach } from '@jest/globals';
import { gather } from '../../src/data/gather.js';
import type { DataNeed, Gathered, GatherRequest, Provision } from '../../src/data/types.js';
import { outboundAgent } from '../../src/outbound/agent.js';
import { fhirBudget } from '../../src/fhir/budget.js';
import { fhirClient } from '../../src/fhir/client.js';
import type { FhirClient } from '../../src/fhir/types.js';
import { misbehavingServer, observation, searchset, sendJson } from '../fhir/misbehaving-server.js';

export const NEEDS: readonly DataNeed[] = [
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
export const PATIENT = { resourceType: 'Patient', id: '1' };
export const ORDER = {
  resourceType: 'MedicationRequest',
  id: 'r',
  subject: { reference: 'Patient/1' },
  medicationReference: { reference: 'Medication/m' },
};
export const MEDICATION = { resourceType: 'Medication', id: 'm' };

/** What the server answers, by the path after the base; a number is a status. */
export const answers: Record<string, unknown> = {};
export const server = await misbehavingServer((request, response) => {
  const answer = answers[(request.url ?? '').replace('/fhir/', '')];
  if (answer === 'never') return;
  if (typeof answer === 'number') response.writeHead(answer).end();
  else if (answer === undefined) response.writeHead(404).end();
  else sendJson(response, answer);
});
const dispatcher = outboundAgent({ connections: 8, timeoutMs: 5000 });
afterAll(async () => {
  await dispatcher.destroy();
  await server.close();
});

beforeEach(() => {
  server.seen.length = 0;
  for (const query of Object.keys(answers)) Reflect.deleteProperty(answers, query);
  Object.assign(answers, {
    'Patient/1': PATIENT,
    'Observation?patient=1': searchset([observation('a')], `${server.base}/Observation?page=2`),
    'Observation?page=2': searchset([observation('b')]),
    'MedicationRequest?patient=1': searchset([ORDER]),
    'Medication/m': MEDICATION,
  });
});

export function fhir(budgetMs = 2000): FhirClient {
  return fhirClient({
    baseUrl: server.base,
    accessToken: 'token',
    budget: fhirBudget(budgetMs),
    limits: { maxPages: 5, maxResources: 100, maxBytes: 100_000, maxTotalBytes: 1_000_000 },
    dispatcher,
  });
}

export async function gathered(request: Partial<GatherRequest>): Promise<Gathered> {
  const result = await gather({
    needs: NEEDS,
    context: { patientId: '1', userId: 'Practitioner/p' },
    patientId: '1',
    ...request,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.gathered;
}

export async function provision(
  key: string,
  request: Partial<GatherRequest>,
): Promise<Provision | undefined> {
  return (await gathered(request)).provisions.get(key);
}

export const seenUrls = (): readonly string[] => server.seen.map(({ url }) => url).sort();
