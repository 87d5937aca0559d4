import { describe, expect, it } from '@jest/globals';
import { BUDGET_MS, QUERY, TOKEN, client, serve, timed } from './calls.js';
import { observation, searchset, sendJson } from './misbehaving-server.js';

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

  it('is sent no character that RFC 3986 has in no query, on later pages too (Tomcat answers 400)', async () => {
    const codes = 'http://loinc.org|2000-8,http://loinc.org|17861-6';
    const server = await serve((request, response) => {
      const { searchParams } = new URL(request.url ?? '', server.origin);
      if (/[^\w\-.~!$&'()*+,;=:@/?%]/.test(request.url ?? '')) response.writeHead(400).end();
      else if (searchParams.get('code') !== codes) sendJson(response, searchset([]));
      else if (searchParams.has('page')) sendJson(response, searchset([observation('b')]));
      else
        sendJson(response, searchset([observation('a')], `${server.base}/${QUERY}&code=${codes}&page=[2]`));
    });
    const result = await client(server.base).search(`${QUERY}&code=${codes}`);
    expect(result).toMatchObject({ incomplete: false, resources: [{ id: 'a' }, { id: 'b' }] });
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
