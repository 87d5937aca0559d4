import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  call,
  cardAbout,
  denosumab,
  orderSign,
  patientView,
  post,
  startService,
  type TestService,
} from '../http/running.js';

/**
 * The service beside a FHIR server that is not ours: `FHIR_SANDBOX_URL=http://127.0.0.1:8080/fhir`. Without the variable
 * the embedded one stands in. A chart of its own is written under random ids, and deleted at the end.
 */
const elsewhere = process.env['FHIR_SANDBOX_URL'];
const suffix = crypto.randomUUID().slice(0, 8);

interface Entry {
  readonly resource: Readonly<Record<string, unknown>> & {
    readonly resourceType: string;
    readonly id: string;
  };
}

/** The demo chart with ids that nobody else has. */
function chart(name: string): readonly Entry[] {
  const text = readFileSync(`fixtures/patients/demo/${name}.json`, 'utf8');
  const { entry } = JSON.parse(text) as { readonly entry: readonly Entry[] };
  let renamed = JSON.stringify(entry.map(({ resource }) => ({ resource })));
  for (const { resource } of entry) {
    const to = `${resource.id}-${suffix}`.slice(-64);
    renamed = renamed
      .replaceAll(`"id":"${resource.id}"`, `"id":"${to}"`)
      .replaceAll(`"${resource.resourceType}/${resource.id}"`, `"${resource.resourceType}/${to}"`);
  }
  return JSON.parse(renamed) as readonly Entry[];
}

const charts = { dental: chart('john-whitfield'), spine: chart('claire-moreau') };
/** The Practitioner stands in both charts: a transaction may write it once. */
const entries = [
  ...new Map(
    [...charts.dental, ...charts.spine].map((entry) => [
      `${entry.resource.resourceType}/${entry.resource.id}`,
      entry,
    ]),
  ),
];
let service: TestService;
let fhirServer = '';

async function transaction(method: 'PUT' | 'DELETE'): Promise<number> {
  const answer = await post(
    fhirServer,
    {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: entries.map(([url, { resource }]) => ({
        ...(method === 'PUT' && { resource }),
        request: { method, url },
      })),
    },
    { 'content-type': 'application/fhir+json' },
  );
  return answer.status;
}

beforeAll(async () => {
  service = await startService();
  fhirServer = elsewhere ?? `${service.url}/sandbox/fhir`;
  expect(await transaction('PUT')).toBe(200);
});
afterAll(async () => {
  expect(await transaction('DELETE')).toBe(200);
  await service.stop();
});

describe(`the FHIR server ${elsewhere ?? 'that is embedded'}`, () => {
  it('speaks R4', async () => {
    const { body } = await call(`${fhirServer}/metadata`);
    expect((body as { readonly fhirVersion: string }).fhirVersion).toBe('4.0.1');
  });

  it('gives the service what it needs for the dental card, without prefetch', async () => {
    const patient = `john-whitfield-${suffix}`;
    const request = orderSign(patient, [denosumab(patient)], { fhirServer });
    const answer = await post(`${service.url}/cds-services/antiresorptive-safety`, request);
    expect(answer.status).toBe(200);
    expect(cardAbout(answer, 'T-18')?.indicator).toBe('warning');
  });

  it('gives the service what it needs for the SINS of a vertebra, without prefetch', async () => {
    const request = patientView(`claire-moreau-${suffix}`, { fhirServer });
    const answer = await post(`${service.url}/cds-services/bone-metastasis-review`, request);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('SINS 10');
  });

  it('knows nothing of a patient who does not exist, and nothing is made up', async () => {
    const request = patientView(`nobody-${suffix}`, { fhirServer });
    const answer = await post(`${service.url}/cds-services/bone-metastasis-review`, request);
    expect(answer.status === 412 || answer.text === '{"cards":[]}').toBe(true);
  });
});
