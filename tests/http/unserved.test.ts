import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  misbehavingServer,
  searchset,
  sendJson,
  type MisbehavingServer,
} from '../fhir/misbehaving-server.js';
import { denosumab, orderSign, post, startService, type TestService } from './running.js';

let service: TestService;
let ehr: MisbehavingServer;
let now = new Date('2026-11-20T10:00:00');
/** How each type is refused; the others are empty. */
let refused: Readonly<Record<string, () => readonly [number, unknown]>> = {};

beforeAll(async () => {
  service = await startService({}, { sandbox: false, now: () => now });
});
afterAll(() => service.stop());

beforeEach(async () => {
  ehr = await misbehavingServer((request, response) => {
    const type = /^\/fhir\/([A-Za-z]+)/.exec(request.url ?? '')?.[1] ?? '';
    const refusal = refused[type]?.();
    if (refusal !== undefined) sendJson(response, refusal[1], refusal[0]);
    else if (type === 'Patient') sendJson(response, { resourceType: 'Patient', id: 'p1', birthDate: '1950' });
    else sendJson(response, searchset([]));
  });
});
afterEach(() => ehr.close());

const outcome = (diagnostics: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'not-supported', diagnostics }],
});

async function sign() {
  ehr.seen.length = 0;
  const answer = await post(`${service.url}/cds-services/antiresorptive-safety`, {
    ...orderSign('p1', [denosumab('p1')]),
    fhirServer: ehr.base,
  });
  const line = service.logged().findLast((each) => each['msg'] === 'hook call');
  return {
    answer,
    asked: ehr.seen.filter(({ url }) => url.startsWith('/fhir/Appointment')).length,
    missing: line?.['missing'],
  };
}

const told = () => service.logged().filter((line) => line['resourceType'] === 'Appointment');

describe('a type that an EHR does not serve', () => {
  it.each([
    ['404', 'not-found', 404, outcome('no')],
    ['403', 'forbidden', 403, {}],
    [
      '400 and the word that it does not know the type',
      'unknown-type',
      400,
      outcome('Unknown resource type'),
    ],
    [
      '501 and a text that says so',
      'unknown-type',
      501,
      {
        resourceType: 'OperationOutcome',
        issue: [{ details: { text: 'ResourceType Appointment is not supported' } }],
      },
    ],
  ])('is asked for once where the answer is %s, and stays unchecked', async (_what, reason, status, body) => {
    refused = { Appointment: () => [status, body] };
    const before = told().length;
    const [first, second] = [await sign(), await sign()];
    expect([first.asked, second.asked]).toEqual([1, 0]);
    for (const { answer, missing } of [first, second]) {
      expect(answer.status).toBe(200);
      expect(missing).toEqual({ appointments: reason });
    }
    expect(told().slice(before)).toEqual([expect.objectContaining({ resourceType: 'Appointment', reason })]);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain(
      `cds_fhir_types_unserved_total{client="",type="Appointment",reason="${reason}"}`,
    );
  });

  it.each([
    ['500', 500, {}],
    ['400 for a parameter', 400, outcome('Unknown search parameter "status"')],
    ['401', 401, {}],
  ])(
    'is another thing than a failure of the moment: after %s it is asked again',
    async (_what, status, body) => {
      refused = { Appointment: () => [status, body] };
      await sign();
      refused = {};
      const { asked, missing } = await sign();
      expect([asked, missing]).toEqual([1, undefined]);
    },
  );

  it('is asked for again after ten minutes, for rights are granted while we run', async () => {
    refused = { Appointment: () => [403, {}] };
    await sign();
    refused = {};
    now = new Date(now.getTime() + 599_000);
    expect((await sign()).asked).toBe(0);
    now = new Date(now.getTime() + 1_000);
    expect(await sign()).toMatchObject({ asked: 1, missing: undefined });
  });
});
