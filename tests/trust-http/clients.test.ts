import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codesOf, patientView } from '../http/running.js';
import { bearer, generateSigningKey } from '../trust/issuer.js';
import {
  endpoints,
  PUBLIC,
  startProduction,
  tokenFor,
  writtenClient,
  type Production,
} from './production.js';

const path = '/cds-services/bone-metastasis-review';
const none = {
  prefetch: Object.fromEntries(
    ['patient', 'conditions', 'bodyStructures', 'observations', 'procedures'].map((key) => [key, null]),
  ),
};

let connections = 0;
/** Stands where a FHIR server would: any connection to it is an outbound call. */
const listener = createServer((socket) => {
  connections += 1;
  socket.on('error', () => undefined);
  socket.destroy();
});
let port = 0;
let hospital: Production;

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  hospital = await startProduction([
    writtenClient({ fhirServers: ['https://ehr.example.org/fhir', `https://127.0.0.1:${port}/fhir`] }),
  ]);
});
afterAll(async () => {
  await hospital.stop();
  await new Promise((resolve) => listener.close(resolve));
});

const hookCall = async (extra: Readonly<Record<string, unknown>>, headers: Record<string, string> = {}) =>
  hospital.send('POST', path, {
    headers: { authorization: await tokenFor(path), ...headers },
    body: patientView('planted', extra),
  });

const fhirAuthorization = {
  access_token: 'planted-token',
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'patient/*.rs',
  subject: 'cds',
};

describe('a FHIR server in production', () => {
  it.each([
    ['in clear text', () => `http://127.0.0.1:${port}/fhir`],
    ['under another path', () => `https://127.0.0.1:${port}/fhirX`],
    ['under a parent path', () => `https://127.0.0.1:${port}/`],
    ['led out of the base by dots', () => `https://127.0.0.1:${port}/fhir/../admin`],
    ['with a user', () => `https://user:secret@127.0.0.1:${port}/fhir`],
    ['that looks like the listed one', () => `https://ehr.example.org@127.0.0.1:${port}/fhir`],
    ['by another name', () => `https://localhost:${port}/fhir`],
    ['by its number', () => `https://2130706433:${port}/fhir`],
    ['with a query', () => `https://127.0.0.1:${port}/fhir?x`],
    ['on a port that is not listed', () => `https://ehr.example.org:${port}/fhir`],
  ])('%s is refused, and nothing is sent to it', async (_what, url) => {
    const before = connections;
    const answer = await hookCall({ fhirServer: url(), fhirAuthorization });
    expect([answer.status, ...codesOf(answer)]).toEqual([400, 'REQUEST_INVALID']);
    expect(answer.text).not.toContain(String(port));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(connections).toBe(before);
  });

  it('that is listed is called, with a token only', async () => {
    const fhirServer = `https://127.0.0.1:${port}/fhir`;
    const before = connections;
    expect((await hookCall({ fhirServer })).status).toBe(412);
    expect(connections).toBe(before);
    expect((await hookCall({ fhirServer, fhirAuthorization })).status).toBe(412);
    expect(connections).toBeGreaterThan(before);
  });
});

describe('a client', () => {
  it('is answered in its own language unless it asks for another', async () => {
    const language = async (method: string, target: string, wanted?: string) => {
      const headers = {
        authorization: await tokenFor(target),
        ...(wanted !== undefined && { 'accept-language': wanted }),
      };
      const body = target === path ? patientView('planted', none) : {};
      return (await hospital.send(method, target, { headers, body })).headers.get('content-language');
    };
    expect(await language('GET', '/cds-services', '')).toBe('fr');
    expect(await language('GET', '/cds-services', 'en')).toBe('en');
    expect(await language('POST', path, '*')).toBe('fr');
    expect(await language('POST', path, 'en')).toBe('en');
  });

  it('that is added to the file is accepted without a restart, and one that is removed no longer', async () => {
    const key = await generateSigningKey('ES384', 'second');
    const second = {
      name: 'Second Hospital',
      issuer: 'https://second.example.org',
      jwks: { keys: [{ ...key.jwk, alg: 'ES384' }] },
    };
    const status = async (): Promise<number> => {
      const claims = { iss: second.issuer, aud: `${PUBLIC}/cds-services` };
      const headers = { authorization: await bearer(key, claims) };
      return (await hospital.send('GET', '/cds-services', { headers })).status;
    };
    const becomes = async (wanted: number): Promise<number> => {
      const until = Date.now() + 8000;
      let found = await status();
      while (found !== wanted && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        found = await status();
      }
      return found;
    };
    const first = writtenClient({
      fhirServers: ['https://ehr.example.org/fhir', `https://127.0.0.1:${port}/fhir`],
    });
    expect(await status()).toBe(401);
    await hospital.rewrite(first, second);
    expect(await becomes(200)).toBe(200);
    await hospital.rewrite(first, { name: 'broken' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await status()).toBe(200);
    await hospital.rewrite(first);
    expect(await becomes(401)).toBe(401);
  });
});

describe('a browser of a listed origin', () => {
  const origin = 'https://ehr.example.org';

  it.each(endpoints)('may ask without a token before it calls %s %s', async (method, endpoint) => {
    const ask = (from: string) =>
      fetch(`${hospital.service.listeningOn}${endpoint}`, {
        method: 'OPTIONS',
        headers: {
          origin: from,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization, content-type',
        },
      });
    const response = await ask(origin);
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-methods')).toContain(method);
    for (const foreign of ['https://evil.example', 'http://localhost:8080', 'null']) {
      expect((await ask(foreign)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('may read every answer, errors included', async () => {
    const answers = [
      await hookCall(none, { origin }),
      await hookCall({ prefetch: 7 }, { origin }),
      await hookCall({}, { origin }),
      await hospital.send('POST', path, { headers: { origin } }),
      await hospital.send('GET', path, { headers: { origin } }),
      await hospital.send('GET', '/cds-services', {
        headers: { origin, authorization: await tokenFor('/cds-services') },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 412, 401, 405, 200]);
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('vary')).toMatch(/\bOrigin\b/);
    }
    const caching = answers.map(({ headers }) => headers.get('cache-control'));
    expect(caching).toEqual([...Array.from({ length: 5 }, () => 'no-store'), 'private, no-cache']);
  });
});

describe('production', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/sandbox'],
    ['GET', '/sandbox/stories.json'],
    ['POST', '/sandbox/reset'],
    ['GET', '/sandbox/fhir/Patient'],
    ['GET', '/sandbox/fhir/metadata'],
    ['GET', '/sandbox/fhir/.well-known/smart-configuration'],
    ['POST', '/sandbox/fhir/_services/smart/Launch'],
    ['POST', '/sandbox/launch'],
    ['GET', '/sandbox/ehr-key.json'],
    ['GET', '/sandbox/ehr/jwks.json'],
    ['POST', '/sandbox/ehr/fhir-authorization'],
    ['GET', '/sandbox/auth/auth'],
    ['GET', '/sandbox/assets/index.js'],
  ])('has no sandbox at %s %s', async (method, target) => {
    expect((await hospital.send(method, target)).status).toBe(404);
  });

  it('keeps no stages of a call for anybody to read', async () => {
    const headers = { authorization: await tokenFor(path) };
    const answer = await hospital.send('POST', path, { headers, body: patientView('claire-moreau') });
    const id = answer.headers.get('x-request-id') ?? '';
    expect(id).not.toBe('');
    expect((await hospital.send('GET', `/sandbox/traces/${id}`)).status).toBe(404);
  });

  it('lets the EHRs of the file frame the SMART pages, and nobody frame the rest', async () => {
    const policy = async (target: string) =>
      (await fetch(`${hospital.service.listeningOn}${target}`)).headers.get('content-security-policy');
    expect(await policy('/smart/launch')).toContain('frame-ancestors https://ehr.example.org');
    expect(await policy('/cds-services')).toContain("frame-ancestors 'none'");
  });
});

describe('a rate limit', () => {
  it('is told with each answer and refuses one client, over all endpoints, not the other', async () => {
    const key = await generateSigningKey('ES384', 'other');
    const jwks = { keys: [{ ...key.jwk, alg: 'ES384' }] };
    const other = { name: 'Other', issuer: 'https://other.example.org', jwks };
    const limited = await startProduction([writtenClient(), other], { RATE_LIMIT: '3' });
    try {
      const send = async ([method, endpoint]: readonly [string, string]) =>
        limited.send(method, endpoint, {
          headers: { authorization: await tokenFor(endpoint), origin: 'https://ehr.example.org' },
        });
      const answers = [];
      for (const endpoint of endpoints) answers.push(await send(endpoint));
      expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 429, 429]);
      expect(answers[0]?.headers.get('ratelimit')).toMatch(/r=2/);
      expect(answers[0]?.headers.get('ratelimit-policy')).toMatch(/q=3/);
      const refused = answers[3];
      if (refused === undefined) throw new Error('no answer');
      expect(codesOf(refused)).toEqual(['RATE_LIMITED']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('access-control-allow-origin')).toBe('https://ehr.example.org');
      expect(refused.headers.get('access-control-expose-headers')).toContain('Retry-After');
      const claims = { iss: other.issuer, aud: `${PUBLIC}/cds-services` };
      const headers = { authorization: await bearer(key, claims) };
      expect((await limited.send('GET', '/cds-services', { headers })).status).toBe(200);
      const metrics = await (await fetch(`${limited.service.listeningOn}/metrics`)).text();
      expect(metrics).toContain('cds_refused_total{code="RATE_LIMITED"} 2');
    } finally {
      await limited.stop();
    }
  });
});

describe('a clients file that allows what is hardly meant', () => {
  it('is taken, and the log of the service says where', async () => {
    const lax = await startProduction([writtenClient({ frameAncestors: ['https://*.example.org'] })]);
    try {
      const warned = lax.service.logged().filter(({ level }) => level === 40);
      expect(warned).toContainEqual(
        expect.objectContaining({
          msg: 'clients file allows what is hardly meant',
          problems: [expect.objectContaining({ path: 'clients[0].frameAncestors[0]' })],
        }),
      );
    } finally {
      await lax.stop();
    }
  });

  it('is not warned of where nothing is lax', () => {
    expect(hospital.service.logText()).not.toContain('hardly meant');
  });
});
