import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  call,
  codesOf,
  denosumab,
  orderSign,
  patientView,
  post,
  startService,
  type TestService,
} from './running.js';

let service: TestService;
let review: string;

beforeAll(async () => {
  service = await startService({ BODY_LIMIT: '2mb' });
  review = `${service.url}/cds-services/bone-metastasis-review`;
});
afterAll(() => service.stop());

const alive = async (): Promise<void> => {
  expect((await call(`${service.url}/healthz`)).status).toBe(200);
};

describe('a body that cannot be read', () => {
  it.each([
    ['truncated JSON', '{', 400, 'REQUEST_INVALID'],
    ['a trailing comma', '{"hook":"patient-view",}', 400, 'REQUEST_INVALID'],
    ['an empty body', '', 400, 'REQUEST_INVALID'],
    ['null', 'null', 400, 'REQUEST_INVALID'],
    ['a string', '"x"', 400, 'REQUEST_INVALID'],
    ['an array', '[]', 400, 'REQUEST_INVALID'],
  ])('%s gets a clean 4xx', async (_, body, status, code) => {
    const answer = await post(review, body);
    expect(answer.status).toBe(status);
    expect(codesOf(answer)).toContain(code);
    expect(answer.text).not.toMatch(/node_modules|\.js:|\/work\/|at /);
  });

  it('of another media type gets 415', async () => {
    const answer = await post(review, 'hook=patient-view', { 'content-type': 'text/plain' });
    expect([answer.status, ...codesOf(answer)]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
  });

  it('over the limit gets 413, and the process lives', async () => {
    const answer = await post(review, JSON.stringify({ filler: 'x'.repeat(3 * 1024 * 1024) }));
    expect([answer.status, ...codesOf(answer)]).toEqual([413, 'BODY_TOO_LARGE']);
    await alive();
  });

  it('nested 10 000 levels deep gets 400', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const answer = await post(review, `{"hook":"patient-view","extension":${deep}}`);
    expect(answer.status).toBe(400);
    await alive();
  });

  it.each([
    ['application/json; charset=UTF8', undefined],
    ['application/json;charset="us-ascii"', undefined],
    ['application/fhir+json; fhirVersion=4.0; charset=utf8', 'gzip'],
    ['application/json', 'x-gzip'],
  ])('is read under another name of what is understood: %s, %s', async (type, encoding) => {
    const text = JSON.stringify(patientView('claire-moreau', { fhirServer: `${service.url}/sandbox/fhir` }));
    const answer = await call(review, {
      method: 'POST',
      headers: { 'content-type': type, ...(encoding !== undefined && { 'content-encoding': encoding }) },
      body: encoding === undefined ? text : gzipSync(text),
    });
    expect(answer.status).toBe(200);
  });

  it('in a charset that would change its letters gets 415', async () => {
    const answer = await post(review, '{}', { 'content-type': 'application/json; charset=iso-8859-1' });
    expect([answer.status, ...codesOf(answer)]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
  });

  it('that is not what its encoding says is told so', async () => {
    for (const body of ['{}', gzipSync(Buffer.from('{"hook":"patient-view"}')).subarray(0, 20)]) {
      const answer = await call(review, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body,
      });
      expect([answer.status, ...codesOf(answer)]).toEqual([400, 'REQUEST_INVALID']);
      expect(answer.text).toContain('Content-Encoding');
    }
  });

  it('in an unknown encoding gets 415', async () => {
    const answer = await post(review, '{}', { 'content-encoding': 'bogus' });
    expect(answer.status).toBe(415);
  });
});

describe('a request that is not a hook call', () => {
  it('lists every problem with its path', async () => {
    const answer = await post(review, {
      hook: 'patient-view',
      hookInstance: 'no',
      context: { patientId: 7 },
    });
    const paths = (answer.body as { issue: { expression: string[] }[] }).issue.flatMap(
      ({ expression }) => expression,
    );
    expect(answer.status).toBe(400);
    expect(paths).toEqual(expect.arrayContaining(['hookInstance', 'context.userId', 'context.patientId']));
  });

  it.each(['hook', 'hookInstance', 'context'])('without %s gets 400', async (field) => {
    const request: Record<string, unknown> = patientView('claire-moreau');
    Reflect.deleteProperty(request, field);
    expect((await post(review, request)).status).toBe(400);
  });

  it('of another hook than the service is for gets HOOK_MISMATCH', async () => {
    const answer = await post(review, orderSign('claire-moreau', [denosumab('claire-moreau')]));
    expect([answer.status, ...codesOf(answer)]).toEqual([400, 'HOOK_MISMATCH']);
  });

  it.each([
    ['of another service, with a context of its own', 'order-sign'],
    ['that the library has withdrawn', 'medication-prescribe'],
    ['that nobody knows', 'nonsense'],
    ['of an organisation', 'org.example.greeting'],
  ])('of a hook %s is told HOOK_MISMATCH before anything else', async (_, hook) => {
    const answer = await post(review, { ...patientView('claire-moreau'), hook });
    const { issue } = answer.body as { issue: { expression: string[]; diagnostics: string }[] };
    expect([answer.status, codesOf(answer)[0], issue[0]?.expression]).toEqual([
      400,
      'HOOK_MISMATCH',
      ['hook'],
    ]);
    expect(issue[0]?.diagnostics).toContain('patient-view');
  });

  it('of another hook is told its other problems as well', async () => {
    const request = { ...patientView('claire-moreau'), hook: 'order-sign', hookInstance: 'no' };
    const { issue } = (await post(review, request)).body as { issue: { expression: string[] }[] };
    expect(issue.flatMap(({ expression }) => expression)).toEqual(
      expect.arrayContaining(['hook', 'hookInstance', 'context.draftOrders']),
    );
  });

  it.each(['nope', 'constructor', '__proto__', 'toString', '..%2f..%2fetc'])(
    'to the unknown service %s gets 404',
    async (id) => {
      const answer = await post(`${service.url}/cds-services/${id}`, patientView('claire-moreau'));
      expect([answer.status, ...codesOf(answer)]).toEqual([404, 'SERVICE_UNKNOWN']);
    },
  );

  it('with a wrong method gets 405 and says which are taken', async () => {
    const answer = await call(review);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await post(`${service.url}/cds-services`, {})).status).toBe(405);
  });

  it.each([
    ['/cds-services', 'GET, HEAD, OPTIONS'],
    ['/cds-services/radiotherapy', 'POST, OPTIONS'],
    ['/scores', 'POST, OPTIONS'],
    ['/healthz', 'GET, HEAD, OPTIONS'],
    ['/readyz', 'GET, HEAD, OPTIONS'],
    ['/metrics', 'GET, HEAD, OPTIONS'],
    ['/fhir/metadata', 'GET, HEAD, OPTIONS'],
    ['/fhir/QuestionnaireResponse/$extract', 'POST, OPTIONS'],
  ])('at %s with DELETE gets 405, and OPTIONS answers what is allowed', async (path, allowed) => {
    const refused = await call(`${service.url}${path}`, { method: 'DELETE' });
    expect([refused.status, ...codesOf(refused), refused.headers.get('allow')]).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
      allowed,
    ]);
    const origin = 'https://not-listed.example';
    const asked = await call(`${service.url}${path}`, { method: 'OPTIONS', headers: { origin } });
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, allowed]);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('at an unknown path gets 404 as JSON', async () => {
    const answer = await call(`${service.url}/nothing/here`);
    expect([answer.status, ...codesOf(answer)]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('what lax clients send', () => {
  const prefetch = { conditions: null, bodyStructures: null, observations: null, procedures: null };

  it.each([
    ['unknown fields', { foo: 1, extension: { 'com.example.x': { a: 1 } } }],
    ['a null prefetch', { prefetch: null }],
    ['Patient/x as patientId', { context: { userId: 'Practitioner/a', patientId: 'Patient/claire-moreau' } }],
    [
      'an empty encounterId',
      { context: { userId: 'Practitioner/a', patientId: 'claire-moreau', encounterId: '' } },
    ],
    ['an upper-case hookInstance', { hookInstance: 'D1577C69-DFBE-44AD-BA6D-3E05E953B2EA' }],
  ])('%s is understood', async (_, extra) => {
    const answer = await post(review, {
      ...patientView('claire-moreau', { fhirServer: `${service.url}/sandbox/fhir` }),
      ...extra,
    });
    expect(answer.status).toBe(200);
  });

  it.each(['*/*', 'application/fhir+json, */*;q=0.1', 'text/html', ''])(
    'Accept «%s» is no reason for 406',
    async (accept) => {
      const answer = await post(review, patientView('x', { prefetch }), { accept });
      expect(answer.status).not.toBe(406);
    },
  );

  it('a fhirServer in capitals is the same server', async () => {
    const capitals = `${service.url.replace('http:', 'HTTP:').replace('127.0.0.1', 'LOCALHOST')}/sandbox/fhir`;
    const answer = await post(review, patientView('claire-moreau', { fhirServer: capitals }));
    expect(answer.status).toBe(200);
  });

  it('a fhirServer with and without a trailing slash is the same', async () => {
    const [a, b] = await Promise.all(
      ['', '/'].map((slash) =>
        post(review, patientView('claire-moreau', { fhirServer: `${service.url}/sandbox/fhir${slash}` })),
      ),
    );
    expect(a?.status).toBe(200);
    expect(a?.text.replace(/[0-9a-f-]{36}/g, '')).toBe(b?.text.replace(/[0-9a-f-]{36}/g, ''));
  });
});

describe('hostile content', () => {
  it('with __proto__ keys changes nothing', async () => {
    const body = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${JSON.stringify(
      patientView('x', { prefetch: { conditions: null } }),
    ).slice(1)}`;
    await post(review, body);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await alive();
  });

  it('with lone surrogates in an order does not break the answer', async () => {
    const order = denosumab('john-whitfield', {
      medicationCodeableConcept: {
        text: 'x\ud800',
        coding: [
          { system: 'http://www.whocc.no/atc', code: 'M05BX04', display: '\udfff<img onerror=alert(1)>' },
        ],
      },
    });
    const answer = await post(
      `${service.url}/cds-services/antiresorptive-safety`,
      orderSign('john-whitfield', [order], { fhirServer: `${service.url}/sandbox/fhir` }),
    );
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('<img');
  });

  it.each(['1&_include=*', '.', '..', '../Patient', 'a/..', '%2e%2e', 'Patient/..'])(
    'in a patient id gets 400 and reaches no FHIR server: %s',
    async (patientId) => {
      const answer = await post(
        review,
        patientView(patientId, { fhirServer: `${service.url}/sandbox/fhir` }),
      );
      expect([answer.status, ...codesOf(answer)]).toEqual([400, 'REQUEST_INVALID']);
      expect(answer.text).toContain('context.patientId');
    },
  );

  it.each(['...', '.a', 'a..b'])('dots within a patient id are an id: %s', async (patientId) => {
    const answer = await post(review, patientView(patientId, { prefetch: { conditions: null } }));
    expect(answer.text).not.toContain('context.patientId');
  });
});

describe('a browser of another origin', () => {
  it('may ask before it calls, on every endpoint', async () => {
    for (const path of [
      '/cds-services',
      '/cds-services/bone-metastasis-review',
      '/cds-services/bone-metastasis-review/feedback',
    ]) {
      const response = await fetch(`${service.url}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:8080',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, content-type',
        },
      });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
      expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
    }
  });

  it('may read answers and errors, unless it is not listed', async () => {
    const ours = await post(review, '{', { origin: 'http://localhost:8080' });
    expect(ours.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
    const foreign = await post(review, '{', { origin: 'https://evil.example' });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    expect(foreign.headers.get('vary')).toContain('Origin');
  });
});

describe('the id of a request', () => {
  const id = '7B1C2E0A-95C9-4D5B-8F6E-0123456789ab';
  const idOf = async (headers: Readonly<Record<string, string>>): Promise<string | null> =>
    (await call(`${service.url}/cds-services`, { headers })).headers.get('x-request-id');

  it('is the caller’s own when it is a UUID or the id of a trace', async () => {
    expect(await idOf({ 'x-request-id': id })).toBe(id);
    expect(await idOf({ 'x-request-id': '4bf92f3577b34da6a3ce929d0e0e4736' })).toBe(
      '4bf92f3577b34da6a3ce929d0e0e4736',
    );
  });

  it('is a new one otherwise, so that no text about a patient is logged', async () => {
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const made = [await idOf({}), await idOf({}), await idOf({ 'x-request-id': 'Claire Moreau' })];
    made.forEach((each) => {
      expect(each).toMatch(uuid);
    });
    expect(new Set(made).size).toBe(3);
  });

  it('stands in the log line of its hook call', async () => {
    await post(review, patientView('claire-moreau'), { 'x-request-id': id });
    expect(service.logged().some((line) => line['msg'] === 'hook call' && line['requestId'] === id)).toBe(
      true,
    );
  });
});
