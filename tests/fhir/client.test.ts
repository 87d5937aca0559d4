import { afterEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { fhirAgent } from '../../src/fhir/agent.js';
import { fhirBudget } from '../../src/fhir/budget.js';
import { fhirClient } from '../../src/fhir/client.js';
import type { FhirClient, FhirLimits } from '../../src/fhir/types.js';
import {
  misbehavingServer,
  observation,
  searchset,
  sendJson,
  sendText,
  type Behaviour,
  type MisbehavingServer,
} from './misbehaving-server.js';

const LIMITS: FhirLimits = { maxPages: 5, maxResources: 100, maxBytes: 20_000, maxTotalBytes: 50_000 };
const TOKEN = 'planted-access-token';
const QUERY = 'Observation?patient=1';
const BUDGET_MS = 400;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(behaviour: Behaviour): Promise<MisbehavingServer> {
  const server = await misbehavingServer(behaviour);
  closers.push(server.close);
  return server;
}

function client(
  base: string,
  options: { caller?: AbortSignal; budgetMs?: number; limits?: Partial<FhirLimits> } = {},
): FhirClient {
  const dispatcher = fhirAgent({ connections: 4, timeoutMs: 5000 });
  closers.push(() => dispatcher.destroy());
  return fhirClient({
    baseUrl: base,
    accessToken: TOKEN,
    budget: fhirBudget(options.budgetMs ?? BUDGET_MS, options.caller),
    limits: { ...LIMITS, ...options.limits },
    dispatcher,
    jitter: () => 0,
  });
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}

describe('a FHIR server that works', () => {
  it('is asked with the token and for FHIR JSON, with and without a slash after the base', async () => {
    const server = await serve((_request, response) => {
      sendJson(response, searchset([observation('a')]));
    });
    for (const base of [server.base, `${server.base}/`]) {
      expect(await client(base).search(QUERY)).toMatchObject({ ok: true, incomplete: false });
    }
    const expected = {
      url: `/fhir/${QUERY}`,
      authorization: `Bearer ${TOKEN}`,
      accept: 'application/fhir+json',
    };
    expect(server.seen).toEqual([expected, expected]);
  });

  it('has all its pages read, HAPI links to the bare base included', async () => {
    const server = await serve((request, response) => {
      const page = new URL(request.url ?? '', server.origin).searchParams.get('_getpages');
      sendJson(
        response,
        page === null
          ? searchset([observation('a')], `${server.base}?_getpages=2`)
          : searchset([observation('b')]),
      );
    });
    const result = await client(server.base).search(QUERY);
    expect(result).toMatchObject({ incomplete: false, resources: [{ id: 'a' }, { id: 'b' }] });
    expect(server.seen.map(({ authorization }) => authorization)).toEqual(Array(2).fill(`Bearer ${TOKEN}`));
  });

  it('may redirect within its base', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/fhir/Patient/1')
        response.writeHead(307, { location: '/fhir/v2/Patient/1' }).end();
      else sendJson(response, { resourceType: 'Patient', id: '1' });
    });
    const fhir = client(server.base);
    expect(await fhir.read('Patient/1')).toEqual({
      ok: true,
      resource: { resourceType: 'Patient', id: '1' },
    });
    expect(fhir.requests()).toBe(2);
  });

  it('may send warnings and companions along, which are kept apart and kept', async () => {
    const outcome = {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: 'informational' }],
    };
    const medication = { resourceType: 'Medication', id: 'm' };
    const server = await serve((_request, response) => {
      sendJson(response, {
        ...searchset([observation('a')]),
        total: 1,
        entry: [
          { resource: observation('a') },
          { resource: medication, search: { mode: 'include' } },
          { resource: outcome, search: { mode: 'outcome' } },
          { fullUrl: 'urn:uuid:without-resource' },
        ],
      });
    });
    expect(await client(server.base).search(QUERY)).toEqual({
      ok: true,
      entries: [
        { resource: observation('a'), mode: 'match' },
        { resource: medication, mode: 'include' },
      ],
      resources: [observation('a'), medication],
      outcomeEntries: [outcome],
      malformed: 1,
      total: 1,
      incomplete: false,
    });
  });
});

describe('a FHIR server that refuses', () => {
  it.each([
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [410, 'not-found'],
    [500, 'server-error'],
  ])('with %i is asked once and reported as %s', async (status, reason) => {
    const server = await serve((_request, response) => {
      sendJson(response, { resourceType: 'OperationOutcome' }, status);
    });
    expect(await client(server.base).search(QUERY)).toEqual({ ok: false, reason });
    expect(server.seen).toHaveLength(1);
  });

  it.each([429, 502, 503, 504])('with %i and then answers is asked again', async (status) => {
    const server = await serve((_request, response) => {
      if (server.seen.length === 1) response.writeHead(status).end();
      else sendJson(response, searchset([observation('a')]));
    });
    expect(await client(server.base).search(QUERY)).toMatchObject({ ok: true, resources: [{ id: 'a' }] });
    expect(server.seen).toHaveLength(2);
  });

  it.each([
    [429, 'rate-limited'],
    [503, 'server-error'],
  ])('with %i for good is asked three times and reported as %s', async (status, reason) => {
    const server = await serve((_request, response) => response.writeHead(status).end());
    const { result, ms } = await timed(client(server.base).search(QUERY));
    expect(result).toEqual({ ok: false, reason });
    expect(server.seen).toHaveLength(3);
    expect(ms).toBeLessThan(BUDGET_MS + 200);
  });

  it('is left alone as long as Retry-After says', async () => {
    const server = await serve((_request, response) => {
      if (server.seen.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else sendJson(response, searchset([]));
    });
    const { result, ms } = await timed(client(server.base, { budgetMs: 3000 }).search(QUERY));
    expect(result).toMatchObject({ ok: true });
    expect(ms).toBeGreaterThanOrEqual(990);
  });

  it.each(['3', 'Sat, 21 Nov 2026 10:00:30 GMT'])(
    'with a Retry-After of %s beyond the budget is given up at once',
    async (retryAfter) => {
      const server = await serve((_request, response) =>
        response.writeHead(503, { 'retry-after': retryAfter, date: 'Sat, 21 Nov 2026 10:00:00 GMT' }).end(),
      );
      const { result, ms } = await timed(client(server.base).search(QUERY));
      expect(result).toEqual({ ok: false, reason: 'server-error' });
      expect(server.seen).toHaveLength(1);
      expect(ms).toBeLessThan(BUDGET_MS);
    },
  );
});

describe('a FHIR server that cannot be reached or does not finish', () => {
  it('is unreachable when it is down', async () => {
    const server = await misbehavingServer(() => undefined);
    await server.close();
    expect(await client(server.base).search(QUERY)).toEqual({ ok: false, reason: 'unreachable' });
  });

  it('is unreachable when it hangs up', async () => {
    const server = await serve((request) => request.socket.destroy());
    expect(await client(server.base).read('Patient/1')).toEqual({ ok: false, reason: 'unreachable' });
  });

  it.each<[string, Behaviour]>([
    ['hangs', () => undefined],
    [
      'drips',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/fhir+json' });
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => {
          clearInterval(drip);
        });
      },
    ],
  ])('takes no more than the budget when it %s', async (_how, behaviour) => {
    const server = await serve(behaviour);
    const { result, ms } = await timed(client(server.base).search(QUERY));
    expect(result).toEqual({ ok: false, reason: 'timeout' });
    expect(ms).toBeLessThan(BUDGET_MS + 200);
  });

  it('shares one budget over all calls, and is not called when it is spent', async () => {
    const server = await serve(() => undefined);
    const fhir = client(server.base);
    const { result, ms } = await timed(Promise.all([fhir.search(QUERY), fhir.read('Patient/1')]));
    expect(result.map((one) => (one.ok ? 'ok' : one.reason))).toEqual(['timeout', 'timeout']);
    expect(ms).toBeLessThan(BUDGET_MS + 200);
    expect(await fhir.search(QUERY)).toEqual({ ok: false, reason: 'timeout' });
    expect(fhir.requests()).toBe(2);
  });

  it('gives what came of a search whose second page is too slow, and says that it is not all', async () => {
    const server = await serve((_request, response) => {
      if (server.seen.length === 1)
        sendJson(response, searchset([observation('a')], `${server.base}/x?page=2`));
    });
    const { result, ms } = await timed(client(server.base).search(QUERY));
    expect(result).toMatchObject({
      ok: true,
      resources: [{ id: 'a' }],
      incomplete: true,
      because: 'timeout',
    });
    expect(ms).toBeLessThan(BUDGET_MS + 200);
  });

  it('is let go when the client has disconnected', async () => {
    let closed = 0;
    const server = await serve((_request, response) => {
      response.on('close', () => (closed += 1));
    });
    const caller = new AbortController();
    setTimeout(() => {
      caller.abort();
    }, 50);
    const { result, ms } = await timed(client(server.base, { caller: caller.signal }).search(QUERY));
    expect(result).toEqual({ ok: false, reason: 'aborted' });
    expect(ms).toBeLessThan(BUDGET_MS);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toBe(1);
  });

  it('is not waited for between retries when the client has disconnected', async () => {
    const server = await serve((_request, response) => response.writeHead(503, { 'retry-after': '2' }).end());
    const caller = new AbortController();
    setTimeout(() => {
      caller.abort();
    }, 50);
    const fhir = client(server.base, { caller: caller.signal, budgetMs: 5000 });
    const { result, ms } = await timed(fhir.search(QUERY));
    expect(result).toEqual({ ok: false, reason: 'aborted' });
    expect(ms).toBeLessThan(1000);
  });
});

describe('a FHIR server that talks nonsense', () => {
  it.each<[string, string, string]>([
    ['HTML', '<html><body>Sign in</body></html>', 'not-fhir'],
    ['truncated JSON', '{"resourceType":"Bundle","entry":[{', 'not-fhir'],
    ['an empty body', '', 'not-fhir'],
    ['null', 'null', 'not-fhir'],
    ['an array', '[]', 'not-fhir'],
    ['JSON that is no resource', '{"error":"none"}', 'not-fhir'],
    ['an OperationOutcome', '{"resourceType":"OperationOutcome"}', 'operation-outcome'],
    ['a resource instead of a Bundle', '{"resourceType":"Observation","id":"a"}', 'wrong-resource'],
    ['a Bundle of another kind', '{"resourceType":"Bundle","type":"batch-response"}', 'wrong-resource'],
    ['a Bundle whose entry is no list', '{"resourceType":"Bundle","entry":{}}', 'wrong-resource'],
  ])('gives no data when it answers %s', async (_what, body, reason) => {
    const server = await serve((_request, response) => {
      sendText(response, body);
    });
    expect(await client(server.base).search(QUERY)).toEqual({ ok: false, reason });
  });

  it('is not believed when it answers with another resource than was read', async () => {
    const server = await serve((_request, response) => {
      sendJson(response, { resourceType: 'Patient', id: '2' });
    });
    expect(await client(server.base).read('Patient/1')).toEqual({ ok: false, reason: 'wrong-resource' });
    expect(await client(server.base).read('Medication/2')).toEqual({ ok: false, reason: 'wrong-resource' });
  });

  it.each(['with', 'without'])('is cut off at the limit when it sends too much, %s a length', async (how) => {
    let sent = 0;
    const server = await serve((_request, response) => {
      if (how === 'with') response.writeHead(200, { 'content-length': '100000000' });
      const pump = (): void => {
        while (!response.destroyed && response.write(' '.repeat(16_384))) sent += 16_384;
      };
      response.on('drain', pump);
      pump();
    });
    expect(await client(server.base).search(QUERY)).toEqual({ ok: false, reason: 'too-large' });
    expect(sent).toBeLessThan(20_000_000);
  });

  it('is cut off when a small answer unpacks to a large one', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000, ' '));
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    expect(bomb.byteLength).toBeLessThan(LIMITS.maxBytes);
    expect(await client(server.base).search(QUERY)).toEqual({ ok: false, reason: 'too-large' });
  });

  it('is cut off when all its answers together are too large', async () => {
    const server = await serve((_request, response) => {
      sendText(response, JSON.stringify(searchset([observation('a')])).padEnd(600));
    });
    const fhir = client(server.base, { limits: { maxBytes: 1000, maxTotalBytes: 1000 } });
    expect(await fhir.search(QUERY)).toMatchObject({ ok: true });
    expect(await fhir.search(QUERY)).toEqual({ ok: false, reason: 'too-large' });
  });
});

describe('a FHIR server that leads astray', () => {
  it('is not followed in circles', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: `/fhir/${QUERY}` }).end(),
    );
    expect(await client(server.base).search(QUERY)).toEqual({ ok: false, reason: 'redirected' });
    expect(server.seen).toHaveLength(4);
  });

  it('does not lead the token to another origin, or out of the base, by a redirect', async () => {
    const thief = await serve((_request, response) => {
      sendJson(response, searchset([]));
    });
    for (const location of [
      `${thief.base}/${QUERY}`,
      '/elsewhere',
      '/fhir/../elsewhere',
      '//127.0.0.1:1/fhir/',
    ]) {
      const server = await serve((_request, response) => response.writeHead(302, { location }).end());
      expect(await client(server.base).search(QUERY)).toEqual({ ok: false, reason: 'redirected' });
      expect(server.seen).toHaveLength(1);
    }
    expect(thief.seen).toEqual([]);
  });

  it('does not lead the token to another origin, or out of the base, by a page link', async () => {
    const thief = await serve((_request, response) => {
      sendJson(response, searchset([]));
    });
    for (const next of [
      `${thief.base}/${QUERY}`,
      '/elsewhere',
      '/fhirX/Observation',
      'file:///etc/passwd',
      '',
    ]) {
      const server = await serve((_request, response) => {
        sendJson(response, searchset([observation('a')], next));
      });
      const result = await client(server.base).search(QUERY);
      expect(result).toMatchObject({ ok: true, incomplete: true, resources: [{ id: 'a' }] });
      expect(server.seen).toHaveLength(1);
    }
    expect(thief.seen).toEqual([]);
  });

  it.each([
    ['for ever', (page: number) => `?page=${page}`, 5, 'too-many-pages'],
    ['in a circle', () => '?page=2', 2, 'too-many-pages'],
  ])('is not paged %s', async (_how, link, requests, because) => {
    const server = await serve((_request, response) => {
      const page = server.seen.length + 1;
      sendJson(response, searchset([observation(`o${page}`)], `${server.base}/Observation${link(page)}`));
    });
    const result = await client(server.base).search(QUERY);
    expect(result).toMatchObject({ ok: true, incomplete: true, because });
    expect(server.seen).toHaveLength(requests);
  });

  it('is not paged beyond the number of resources allowed', async () => {
    const server = await serve((_request, response) => {
      const page = server.seen.length + 1;
      const resources = [observation(`a${page}`), observation(`b${page}`)];
      sendJson(response, searchset(resources, `${server.base}/Observation?page=${page}`));
    });
    const result = await client(server.base, { limits: { maxResources: 4 } }).search(QUERY);
    expect(result).toMatchObject({ incomplete: true, because: 'too-many-resources' });
    expect(server.seen).toHaveLength(2);
  });

  it('is never asked for an address outside its base', async () => {
    const server = await serve((_request, response) => {
      sendJson(response, searchset([]));
    });
    const port = new URL(server.origin).port;
    for (const address of [
      'http://127.0.0.1:1/fhir/Patient/1',
      `http://user:secret@127.0.0.1:${port}/fhir/Patient/1`,
      '../admin',
      '..%2fadmin',
      '/fhirX/Patient/1',
    ]) {
      expect(await client(server.base).read(address)).toEqual({ ok: false, reason: 'outside-base' });
    }
    expect(server.seen).toEqual([]);
  });
});
