import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  misbehavingServer,
  searchset,
  sendJson,
  sendText,
  type Behaviour,
  type MisbehavingServer,
} from '../fhir/misbehaving-server.js';
import {
  call,
  cardsOf,
  codesOf,
  denosumab,
  orderSign,
  patientView,
  post,
  startService,
  type TestService,
} from '../http/running.js';

const budgetMs = 800;
/** What a busy machine may need beside the waiting. */
const slackMs = 1500;
const patient = 'planted';
let service: TestService;
let server: MisbehavingServer | undefined;
let keys: readonly string[] = [];

beforeAll(async () => {
  service = await startService({ FHIR_BUDGET_MS: String(budgetMs) }, { sandbox: false });
  const { services } = (await call(`${service.url}/cds-services`)).body as {
    services: readonly { id: string; prefetch: Record<string, string> }[];
  };
  keys = Object.keys(services.find(({ id }) => id === 'antiresorptive-safety')?.prefetch ?? {});
  // The first call of a process compiles expressions.
  await post(`${service.url}/cds-services/antiresorptive-safety`, order(none()));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => service.stop());

const order = (extra: Readonly<Record<string, unknown>>) => orderSign(patient, [denosumab(patient)], extra);
const none = (...without: readonly string[]) => ({
  prefetch: {
    ...Object.fromEntries(keys.filter((key) => !without.includes(key)).map((key) => [key, null])),
    conditions: searchset(
      ['254637007', '94222008'].map((code) => ({
        resourceType: 'Condition',
        id: code,
        clinicalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
        },
        code: { coding: [{ system: 'http://snomed.info/sct', code }] },
        subject: { reference: `Patient/${patient}` },
      })),
    ),
  },
});

/** Every kind of resource is asked for; the answer is of that kind. */
const typeOf = (url = ''): string => /\/fhir\/([A-Za-z]+)/.exec(url)?.[1] ?? '';
const ofPatient = (type: string, id: string, whose: string) => ({
  resourceType: type,
  id,
  status: 'completed',
  subject: { reference: `Patient/${whose}` },
  patient: { reference: `Patient/${whose}` },
});
const status =
  (code: number): Behaviour =>
  (_request, response) => {
    sendJson(response, { resourceType: 'OperationOutcome', issue: [] }, code);
  };
const drip = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/fhir+json' });
  const dripping = setInterval(() => response.write(' '), 50);
  response.once('close', () => {
    clearInterval(dripping);
  });
};
const flood = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/fhir+json' });
  const block = ' '.repeat(262_144);
  const pump = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', pump);
  pump();
};

const faults: readonly (readonly [string, Behaviour | undefined])[] = [
  ['is down', undefined],
  ['hangs', () => undefined],
  ['closes the connection', (request) => request.socket.destroy()],
  [
    'drips',
    (_request, response) => {
      drip(response);
    },
  ],
  ...[400, 401, 403, 404, 410, 429, 500, 503].map((code) => [`answers ${code}`, status(code)] as const),
  [
    'asks to wait for an hour',
    (_request, response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
  ],
  [
    'answers HTML',
    (_request, response) => {
      sendText(response, '<html>Sign in</html>', 'text/html');
    },
  ],
  [
    'answers truncated JSON',
    (_request, response) => {
      sendText(response, '{"resourceType":"Bundle","entry":[{');
    },
  ],
  [
    'breaks off in the middle',
    (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"resourceType":"Bundle"');
      setTimeout(() => response.destroy(), 20);
    },
  ],
  [
    'answers JSON that is no FHIR',
    (_request, response) => {
      sendText(response, '{"entry":[]}');
    },
  ],
  [
    'answers null',
    (_request, response) => {
      sendText(response, 'null');
    },
  ],
  ['answers 200 with an OperationOutcome', status(200)],
  [
    'answers with another kind of resource',
    (_request, response) => {
      sendJson(response, searchset([{ resourceType: 'Basic', id: 'x' }]));
    },
  ],
  ['redirects in circles', (request, response) => response.writeHead(302, { location: request.url }).end()],
  [
    'redirects elsewhere',
    (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/fhir/' }).end(),
  ],
  [
    'pages without end',
    (request, response) => {
      const [, page = '0'] = /page=(\d+)/.exec(request.url ?? '') ?? [];
      const type = typeOf(request.url);
      const next = `/fhir/${type}?page=${Number(page) + 1}`;
      sendJson(response, searchset([ofPatient(type, `x${page}`, patient)], next));
    },
  ],
  [
    'sends without end',
    (_request, response) => {
      flood(response);
    },
  ],
  [
    'announces 100 MB',
    (_request, response) => response.writeHead(200, { 'content-length': '104857600' }).write('{'),
  ],
  [
    'answers with another patient',
    (request, response) => {
      const type = typeOf(request.url);
      sendJson(response, searchset([ofPatient(type, 'other', 'somebody-else')]));
    },
  ],
];

const serverThat = async (behaviour: Behaviour | undefined): Promise<string> => {
  if (behaviour === undefined) return 'http://127.0.0.1:1/fhir';
  server = await misbehavingServer(behaviour);
  return server.base;
};

describe('a FHIR server that', () => {
  it.each(faults)(
    '%s costs no more than the budget, and never reads as «no data»',
    async (_what, behaviour) => {
      const fhirServer = await serverThat(behaviour);
      const started = performance.now();
      const [all, one, view] = await Promise.all([
        post(`${service.url}/cds-services/antiresorptive-safety`, order({ fhirServer })),
        // All that is missing is the key of a guard: whether the dental assessment was done.
        post(
          `${service.url}/cds-services/antiresorptive-safety`,
          order({ fhirServer, ...none('procedures') }),
        ),
        post(`${service.url}/cds-services/bone-metastasis-review`, patientView(patient, { fhirServer })),
      ]);
      expect(performance.now() - started).toBeLessThan(budgetMs + slackMs);
      for (const answer of [all, view]) {
        if (answer.status === 412) expect(new Set(codesOf(answer))).toEqual(new Set(['DATA_UNAVAILABLE']));
        else {
          expect(answer.status).toBe(200);
          const outcomes = cardsOf(answer).map(
            ({ extension }) => extension['example.bone-metastasis-cds']?.outcome,
          );
          expect(new Set(outcomes)).toEqual(new Set(['unknown']));
        }
      }
      expect(one.status).toBe(200);
      const dental = cardsOf(one).find(({ extension }) =>
        extension['example.bone-metastasis-cds']?.recommendations.includes('T-18'),
      );
      expect(dental?.extension['example.bone-metastasis-cds']).toMatchObject({
        outcome: 'fires',
        unchecked: ['procedures'],
      });
      expect(dental?.indicator).toBe('warning');
      // The service's own address stands in cards, as that of their guideline page.
      const said = (all.text + one.text + view.text).replaceAll(service.url, '');
      expect(said).not.toMatch(/127\.0\.0\.1:|node_modules|ECONN|somebody-else/);
    },
  );

  it('has no data, and says so, is believed: the rule above tells the two apart', async () => {
    const fhirServer = await serverThat((_request, response) => {
      sendJson(response, searchset([]));
    });
    const answer = await post(
      `${service.url}/cds-services/antiresorptive-safety`,
      order({ fhirServer, ...none('procedures') }),
    );
    const dental = cardsOf(answer).find(({ extension }) =>
      extension['example.bone-metastasis-cds']?.recommendations.includes('T-18'),
    );
    const own = dental?.extension['example.bone-metastasis-cds'];
    expect([own?.outcome, own?.unchecked]).toEqual(['fires', undefined]);
  });

  it('hangs sees its requests end when the EHR hangs up', async () => {
    const patientService = await startService({ FHIR_BUDGET_MS: '20000' }, { sandbox: false });
    let open = 0;
    let asked = 0;
    const fhirServer = await serverThat((_request, response) => {
      asked += 1;
      open += 1;
      response.once('close', () => (open -= 1));
    });
    const hangUp = new AbortController();
    const started = performance.now();
    const answer = fetch(`${patientService.url}/cds-services/antiresorptive-safety`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order({ fhirServer })),
      signal: hangUp.signal,
    }).catch(() => 'gone');
    while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    hangUp.abort();
    expect(await answer).toBe('gone');
    while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(performance.now() - started).toBeLessThan(10_000);
    const asked1 = asked;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked).toBe(asked1);
    await patientService.stop();
  });
});

describe('the clock', () => {
  it('may jump while a call waits: the budget is measured, not dated', async () => {
    let now = new Date('2026-11-20T10:00:00');
    const jumping = await startService(
      { FHIR_BUDGET_MS: String(budgetMs) },
      { sandbox: false, now: () => now },
    );
    try {
      for (const then of ['2031-01-01T00:00:00', '1999-12-31T23:59:59']) {
        const fhirServer = await serverThat(() => {
          now = new Date(then);
        });
        const started = performance.now();
        const answer = await post(`${jumping.url}/cds-services/antiresorptive-safety`, order({ fhirServer }));
        const ms = performance.now() - started;
        expect(answer.status === 412 || cardsOf(answer).length > 0).toBe(true);
        expect([ms > budgetMs - 100, ms < budgetMs + slackMs]).toEqual([true, true]);
        const item = {
          card: randomUUID(),
          outcome: 'accepted',
          acceptedSuggestions: [{ id: randomUUID() }],
          outcomeTimestamp: '2026-11-20T10:00:00Z',
        };
        const feedback = `${jumping.url}/cds-services/antiresorptive-safety/feedback`;
        expect((await post(feedback, { feedback: [item] })).status).toBe(200);
        await server?.close();
      }
    } finally {
      await jumping.stop();
    }
  });
});
