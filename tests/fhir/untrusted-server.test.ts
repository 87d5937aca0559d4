import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { LIMITS, QUERY, client, serve } from './calls.js';
import { observation, searchset, sendJson, sendText } from './misbehaving-server.js';

describe('a FHIR server that talks nonsense', () => {
  it.each<[string, string, string]>([
    ['HTML', '<html><body>Sign in</body></html>', 'not-fhir'],
    ['truncated JSON', '{"resourceType":"Bundle","entry":[{', 'not-fhir'],
    ['an empty body', '', 'not-fhir'],
    ['null', 'null', 'not-fhir'],
    ['an array', '[]', 'not-fhir'],
    ['JSON that is no resource', '{"error":"none"}', 'not-fhir'],
    ['an OperationOutcome', '{"resourceType":"OperationOutcome"}', 'operation-outcome'],
    [
      'nesting too deep to walk',
      `{"resourceType":"Bundle","x":${'['.repeat(5000)}${']'.repeat(5000)}}`,
      'not-fhir',
    ],
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
      '/fhir/x/..;/Observation',
      '/fhir/%2e%2e/fhir/Observation',
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
      'Patient/..;/admin',
      'Patient/..;a=b/../fhir/Patient/1',
      'x/%2e%2e/Patient/1',
      'x/%252e%252e/Patient/1',
      'x%5c..%5cPatient/1',
      'x/..\t/Patient/1',
      './Patient/1',
      'Patient%3b/1',
      '/fhirX/Patient/1',
    ]) {
      expect(await client(server.base).read(address)).toEqual({ ok: false, reason: 'outside-base' });
    }
    expect(server.seen).toEqual([]);
  });
});
