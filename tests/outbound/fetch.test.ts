import { afterAll, describe, expect, it } from '@jest/globals';
import { fetch as fetchOfUndici } from 'undici';
import { fhirBudget } from '../../src/fhir/budget.js';
import { fhirClient } from '../../src/fhir/client.js';
import { outboundAgent, useOwnFetch } from '../../src/outbound/agent.js';
import { hostileAnswers, hostileServer } from '../security/hostile-answers.js';

useOwnFetch();
const { default: nock } = await import('nock');
afterAll(() => {
  nock.restore();
});

const limits = { maxPages: 5, maxResources: 100, maxBytes: 100_000, maxTotalBytes: 100_000 };
const dispatcher = outboundAgent({ connections: 2, timeoutMs: 12_000 });
afterAll(() => dispatcher.destroy());
const read = (baseUrl: string) =>
  fhirClient({ baseUrl, budget: fhirBudget(10_000), limits, dispatcher }).read('Patient/1');

describe('fetch', () => {
  it('is that of the dependency, and a test that plays an EHR by nock still can', async () => {
    nock.restore();
    expect(globalThis.fetch).toBe(fetchOfUndici);
    nock.activate();
    nock('https://ehr.example').get('/fhir/Patient/1').reply(200, { resourceType: 'Patient', id: '1' });
    expect(await read('https://ehr.example/fhir')).toMatchObject({ ok: true });
    nock.restore();
  });

  it.each([
    ['gzip twice, both of them right', 'unreachable'],
    ['«wait» without end', 'unreachable'],
    ['gzip followed by something else', undefined],
  ])('ends an answer of the kind «%s» before its time', async (kind, reason) => {
    const answer = hostileAnswers[kind];
    if (answer === undefined) throw new Error(kind);
    const server = await hostileServer(answer);
    const started = performance.now();
    const result = await read(`${server.origin}/fhir`);
    server.close();
    expect(result.ok).toBe(false);
    if (!result.ok && reason !== undefined) expect(result.reason).toBe(reason);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
