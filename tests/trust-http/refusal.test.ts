import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codesOf, type JsonAnswer } from '../http/running.js';
import { reportAttack } from '../security/report.js';
import { bearer, claimsOf, generateSigningKey, nowSeconds } from '../trust/issuer.js';
import {
  endpoints,
  es384,
  PUBLIC,
  rs384,
  startProduction,
  tokenFor,
  writtenClient,
  type Production,
} from './production.js';

let hospital: Production;
beforeAll(async () => {
  hospital = await startProduction();
});
afterAll(() => hospital.stop());

const path = '/cds-services/bone-metastasis-review';
const stranger = await generateSigningKey('ES384', es384.kid);
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const goodClaims = (): Record<string, unknown> => claimsOf({ aud: `${PUBLIC}${path}`, tenant: 'north' });

/** All of an answer that the one refused can see, but for the date. */
const visible = ({ status, headers, text }: JsonAnswer): unknown => [
  status,
  text,
  [...headers].filter(([name]) => name !== 'date'),
];

const used = await tokenFor(path);
const refusals: readonly (readonly [string, string | undefined, RegExp])[] = [
  ['no token', undefined, /no Authorization/],
  ['Basic credentials', 'Basic dXNlcjpwYXNz', /not Bearer/],
  ['something that is no JWT', 'Bearer a.b.c', /not a JWT/],
  [
    'a token without signature',
    `Bearer ${encoded({ alg: 'none', typ: 'JWT', kid: es384.kid })}.${encoded(goodClaims())}.`,
    /not Bearer/,
  ],
  [
    'alg none with a signature',
    `Bearer ${encoded({ alg: 'none', typ: 'JWT', kid: es384.kid })}.${encoded(goodClaims())}.AAAA`,
    /ALG_NOT_ALLOWED/,
  ],
  ['a signature of another key', await bearer(stranger, goodClaims()), /SIGNATURE/],
  ['the public key used as a shared secret', hmacToken(), /ALG_NOT_ALLOWED/],
  ['the aud of another endpoint', await tokenFor('/cds-services'), /aud/],
  ['the aud of the base URL', await tokenFor(''), /aud/],
  [
    'the address listened on as aud',
    await bearer(es384, { ...goodClaims(), aud: 'http://127.0.0.1' }),
    /aud/,
  ],
  ['an expired token', await tokenFor(path, { iat: nowSeconds - 700, exp: nowSeconds - 400 }), /exp/],
  ['a token of the future', await tokenFor(path, { iat: nowSeconds + 300, exp: nowSeconds + 600 }), /iat/],
  ['a token without exp', await tokenFor(path, { exp: undefined }), /exp/],
  ['a token without jti', await tokenFor(path, { jti: undefined }), /jti/],
  ['a token that lives too long', await tokenFor(path, { exp: nowSeconds + 90_000 }), /lifetime|too long/],
  ['an issuer that nobody lists', await tokenFor(path, { iss: 'https://evil.example' }), /iss not allowed/],
  ['a tenant that is not listed', await tokenFor(path, { tenant: 'south' }), /tenant/],
  ['no tenant', await tokenFor(path, { tenant: undefined }), /tenant/],
  ['an unknown kid', await bearer(es384, goodClaims(), { kid: 'other' }), /key/i],
  ['no kid', await bearer(es384, goodClaims(), { kid: undefined }), /kid/],
  ['a jku of its own', await bearer(es384, goodClaims(), { jku: 'https://evil.example/jwks' }), /jku/],
  ['a token that was used before', used, /used before/],
];

function hmacToken(): string {
  const signed = `${encoded({ alg: 'HS384', typ: 'JWT', kid: es384.kid })}.${encoded(goodClaims())}`;
  const mac = createHmac('sha384', JSON.stringify(es384.jwk)).update(signed).digest('base64url');
  return `Bearer ${signed}.${mac}`;
}

describe('in production, a token', () => {
  it.each(endpoints)('is needed for %s %s', async (method, endpoint) => {
    const answer = await hospital.send(method, endpoint);
    expect([answer.status, ...codesOf(answer)]).toEqual([401, 'UNAUTHORIZED']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(endpoints)('of ES384 or RS384 whose aud is %s %s opens it', async (method, endpoint) => {
    for (const key of [es384, rs384]) {
      const authorization = await tokenFor(endpoint, {}, key);
      const answer = await hospital.send(method, endpoint, { headers: { authorization } });
      // An empty body is refused by what stands behind the gate.
      expect(answer.status).toBe(method === 'GET' ? 200 : 400);
    }
  });

  it.each(endpoints)('for another endpoint does not open %s %s', async (method, endpoint) => {
    for (const [, other] of endpoints.filter(([, each]) => each !== endpoint)) {
      const authorization = await tokenFor(other);
      expect((await hospital.send(method, endpoint, { headers: { authorization } })).status).toBe(401);
    }
  });

  it('may name the URL with the slash with which it was called', async () => {
    const called = async (at: string, aud: string): Promise<number> =>
      (await hospital.send('GET', at, { headers: { authorization: await tokenFor(aud) } })).status;
    expect(await called('/cds-services/', '/cds-services/')).toBe(200);
    expect(await called('/cds-services/', '/cds-services')).toBe(200);
    expect(await called('/cds-services', '/cds-services/')).toBe(401);
  });

  it('is checked against the public URL, whatever the Host header says', async () => {
    const authorization = await bearer(es384, {
      ...goodClaims(),
      aud: `${hospital.service.listeningOn}${path}`,
    });
    const answer = await hospital.send('POST', path, {
      headers: { authorization, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
    });
    expect(answer.status).toBe(401);
  });

  it('is not used up by a refusal that only its thief could cause', async () => {
    const authorization = await tokenFor(path);
    expect((await hospital.send('POST', '/scores', { headers: { authorization } })).status).toBe(401);
    expect((await hospital.send('POST', path, { headers: { authorization } })).status).toBe(400);
  });
});

describe('a refusal', () => {
  it('is the same for every reason, byte for byte, and the reason is in the log without the token', async () => {
    expect((await hospital.send('POST', path, { headers: { authorization: used } })).status).toBe(400);
    const first = visible(await hospital.send('POST', path));
    for (const [what, authorization, why] of refusals) {
      const before = hospital.service.logged().length;
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await hospital.send('POST', path, { headers });
      expect([what, visible(answer)]).toEqual([what, first]);
      const told = hospital.service.logged().slice(before);
      expect([what, told.length, told[0]?.['msg']]).toEqual([what, 1, 'caller refused']);
      expect([what, told[0]?.['why']]).toEqual([what, expect.stringMatching(why)]);
      const token = authorization?.split(' ')[1] ?? 'no token';
      expect(hospital.service.logText()).not.toContain(token);
      for (const part of token.split('.').filter((each) => each.length > 8)) {
        expect(hospital.service.logText()).not.toContain(part);
      }
      reportAttack({
        suite: 'Tokens',
        kind: what,
        outcome: 'refused',
        detail: '401, the same byte for byte',
      });
    }
  });

  it('meets two headers, whichever of them holds', async () => {
    const statusOf = async (...authorizations: readonly string[]): Promise<number | undefined> => {
      const sent = request(`${hospital.service.listeningOn}/cds-services`);
      sent.setHeader('authorization', authorizations).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    const good = (): Promise<string> => tokenFor('/cds-services');
    const bad = await bearer(stranger, goodClaims());
    expect(await statusOf(await good())).toBe(200);
    expect(await statusOf(await good(), bad)).toBe(401);
    expect(await statusOf(bad, await good())).toBe(401);
    expect(await statusOf(await good(), await good())).toBe(401);
  });

  it('does not write into the log what the caller wrote into the address', async () => {
    const answer = await hospital.send('POST', '/cds-services/PLANTED-MRN-4711');
    expect(answer.status).toBe(401);
    expect(hospital.service.logText()).not.toContain('PLANTED-MRN-4711');
  });
});

describe('replay', () => {
  it('is refused by another instance on the same store', async () => {
    const database = hospital.service.deployment.config.database;
    if (database.kind !== 'sqlite') throw new Error('the tests run on SQLite');
    const other = await startProduction([writtenClient()], { DATABASE_URL: `file:${database.path}` });
    try {
      const authorization = await tokenFor('/cds-services');
      const headers = { authorization };
      expect((await hospital.send('GET', '/cds-services', { headers })).status).toBe(200);
      expect((await other.send('GET', '/cds-services', { headers })).status).toBe(401);
      const fresh = { authorization: await tokenFor('/cds-services') };
      const both = await Promise.all(
        [hospital, other, hospital, other].map((each) =>
          each.send('GET', '/cds-services', { headers: fresh }),
        ),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    } finally {
      await other.stop();
    }
  });
});
