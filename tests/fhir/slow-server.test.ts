import { describe, expect, it } from '@jest/globals';
import { BUDGET_MS, QUERY, client, serve, timed } from './calls.js';
import { misbehavingServer, observation, searchset, sendJson, type Behaviour } from './misbehaving-server.js';

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
