import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { exportSPKI } from 'jose';
import type { Client } from '../../src/trust/clients.js';
import { verifyCaller } from '../../src/trust/jwt.js';
import type { CallToVerify, Caller } from '../../src/trust/jwt.js';
import { createKeySource } from '../../src/trust/keys.js';
import { createReplayMemory } from '../../src/trust/replay.js';
import {
  ENDPOINT,
  ISSUER,
  NOW,
  bearer,
  claimsOf,
  clientOf,
  generateSigningKey,
  nowSeconds,
  startKeyEndpoint,
} from './issuer.js';
import type { KeyEndpoint, SigningKey } from './issuer.js';

let ec: SigningKey;
let rsa: SigningKey;
let stranger: SigningKey;
let endpoint: KeyEndpoint;
let elsewhere: KeyEndpoint;
let client: Client;
let baseline: CallToVerify;

beforeAll(async () => {
  [ec, rsa, stranger] = await Promise.all([
    generateSigningKey('ES384', 'a+b/c='),
    generateSigningKey('RS384', 'rsa'),
    generateSigningKey('ES384', 'a+b/c='),
  ]);
  endpoint = await startKeyEndpoint(ec.jwk, rsa.jwk);
  elsewhere = await startKeyEndpoint(stranger.jwk);
  client = clientOf({ jwks: { kind: 'url', url: endpoint.url } });
  baseline = {
    authorization: undefined,
    endpointUrl: ENDPOINT,
    clients: [client],
    keys: createKeySource(),
    replay: createReplayMemory({ now: () => NOW }),
    now: NOW,
  };
});

afterAll(() => Promise.all([endpoint.close(), elsewhere.close()]));

const verify = (authorization: string | undefined, change: Partial<CallToVerify> = {}): Promise<Caller> =>
  verifyCaller({ ...baseline, authorization, ...change });

const whyOf = async (authorization: string | undefined, change: Partial<CallToVerify> = {}) => {
  const caller = await verify(authorization, change);
  return caller.ok ? 'accepted' : caller.why;
};

const segment = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

const tokenOf = (header: object, claims: object, sign: (input: string) => string): string => {
  const input = `${segment(header)}.${segment(claims)}`;
  return `Bearer ${input}.${sign(input)}`;
};

describe('JWT-2: the header', () => {
  it('with a good token tells who calls', async () => {
    const caller = await verify(await bearer(ec, { jti: 'first', tenant: 'north' }));
    expect(caller).toEqual({ ok: true, client, issuer: ISSUER, jti: 'first', tenant: 'north' });
  });

  it.each(['bearer', 'BEARER', 'Bearer  '])('may write the scheme as "%s"', async (scheme) => {
    const authorization = (await bearer(ec)).replace('Bearer', scheme);
    expect(await whyOf(authorization)).toBe('accepted');
  });

  it('is needed on every call', async () => {
    expect(await whyOf(await bearer(ec))).toBe('accepted');
    expect(await whyOf(undefined)).toBe('no Authorization header');
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a.b', 'Bearer a.b.c.d.e', 'Bearer a.b.'])(
    'is refused as "%s"',
    async (authorization) => {
      expect(await whyOf(authorization)).toBe('Authorization is not Bearer with a signed JWT');
    },
  );

  it('is refused when two tokens are in it, or something follows the token', async () => {
    const good = await bearer(ec);
    for (const authorization of [`${good}, ${good}`, `${good} x`, ` ${good}`]) {
      expect(await whyOf(authorization)).toBe('Authorization is not Bearer with a signed JWT');
    }
  });

  it('is refused without being parsed when it is longer than any token', async () => {
    expect(await whyOf(await bearer(ec, { filler: 'x'.repeat(20_000) }))).toBe(
      'Authorization header too long',
    );
  });
});

describe('JWT-3: the signature', () => {
  it('is checked: one flipped bit anywhere in it is enough to refuse', async () => {
    const authorization = await bearer(ec);
    const [head = '', body = '', signature = ''] = authorization.split('.');
    for (const at of [0, 40, 95]) {
      const bytes = Buffer.from(signature, 'base64url');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(await whyOf(`${head}.${body}.${bytes.toString('base64url')}`)).toBe(
        'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      );
    }
    expect(await whyOf(authorization)).toBe('accepted');
  });

  it('covers the claims: those of another token with this signature are refused', async () => {
    const [head = '', , signature = ''] = (await bearer(ec)).split('.');
    expect(await whyOf(`${head}.${segment(claimsOf())}.${signature}`)).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  it('of another key with the same kid is refused', async () => {
    expect(await whyOf(await bearer(stranger))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  });

  it('of either of two keys with one kid is accepted, published or inline, and of a third is refused', async () => {
    const third = await generateSigningKey('ES384', ec.kid);
    const both = await startKeyEndpoint(ec.jwk, stranger.jwk);
    const locations: readonly Client['jwks'][] = [
      { kind: 'url', url: both.url },
      { kind: 'keys', keys: [ec.jwk, stranger.jwk], jku: undefined },
    ];
    for (const jwks of locations) {
      const clients = [clientOf({ jwks })];
      const outcomes = [ec, stranger, third].map(async (key) => whyOf(await bearer(key), { clients }));
      expect(await Promise.all(outcomes)).toEqual([
        'accepted',
        'accepted',
        'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      ]);
    }
    await both.close();
  });

  it('is not asked from keys that the token brings along', async () => {
    expect(await whyOf(await bearer(stranger, {}, { jwk: stranger.jwk }))).toBe(
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
  });

  it('is refused when the header demands an extension, or an unencoded payload', async () => {
    const header = { alg: 'ES384', typ: 'JWT', kid: ec.kid };
    const crit = tokenOf({ ...header, crit: ['exp'], exp: 1 }, claimsOf(), () => 'AAAA');
    const b64 = tokenOf({ ...header, crit: ['b64'], b64: false }, claimsOf(), () => 'AAAA');
    expect(await whyOf(crit)).toMatch(/^ERR_/);
    expect(await whyOf(b64)).toMatch(/^ERR_/);
  });
});

describe('JWT-4 and JWT-5: alg', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('%s is refused, with and without a signature', async (alg) => {
    const header = { alg, typ: 'JWT', kid: ec.kid };
    expect(await whyOf(`Bearer ${segment(header)}.${segment(claimsOf())}.`)).toBe(
      'Authorization is not Bearer with a signed JWT',
    );
    expect(await whyOf(tokenOf(header, claimsOf(), () => 'AAAA'))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it.each([
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ])('%s keyed with the public key of the EHR is refused (key confusion)', async (alg, hash) => {
    for (const key of [ec, rsa]) {
      const pem = await exportSPKI(key.publicKey);
      for (const secret of [pem, pem.trim(), JSON.stringify(key.jwk)]) {
        const header = { alg, typ: 'JWT', kid: key.kid };
        const sign = (input: string) => createHmac(hash, secret).update(input).digest('base64url');
        expect(await whyOf(tokenOf(header, claimsOf(), sign))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
      }
    }
  });

  it('missing is refused', async () => {
    const header = { typ: 'JWT', kid: ec.kid };
    expect(await whyOf(tokenOf(header, claimsOf(), () => 'AAAA'))).toMatch(/^ERR_/);
  });
});

describe('JWT-6: algorithms', () => {
  it('ES384 and RS384 are accepted', async () => {
    expect(await whyOf(await bearer(ec))).toBe('accepted');
    expect(await whyOf(await bearer(rsa))).toBe('accepted');
  });

  it('are those of the client: RS256 only where it is listed, ES384 not where it is not', async () => {
    const other = await generateSigningKey('RS256', 'rs256');
    const keys: Client['jwks'] = { kind: 'keys', keys: [other.jwk, ec.jwk], jku: undefined };
    const listed = clientOf({ jwks: keys, algorithms: ['RS256'] });
    expect(await whyOf(await bearer(other), { clients: [clientOf({ jwks: keys })] })).toBe(
      'ERR_JOSE_ALG_NOT_ALLOWED',
    );
    expect(await whyOf(await bearer(other), { clients: [listed] })).toBe('accepted');
    expect(await whyOf(await bearer(ec), { clients: [listed] })).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });
});

describe('JWT-7: the header fields', () => {
  it.each([undefined, '', 7])('kid %p is refused', async (kid) => {
    const header = { alg: 'ES384', typ: 'JWT', kid };
    expect(await whyOf(tokenOf(header, claimsOf(), () => 'AAAA'))).toBe('kid missing');
  });

  it.each([undefined, 'JWS', 'at+jwt'])('typ %p is refused', async (typ) => {
    expect(await whyOf(await bearer(ec, {}, { typ }))).toMatch(/^typ /);
  });

  it.each(['JWT', 'jwt'])('typ %s is accepted (media types have no case)', async (typ) => {
    expect(await whyOf(await bearer(ec, {}, { typ }))).toBe('accepted');
  });
});

describe('JWT-8: the key', () => {
  it('of an unknown kid is not found', async () => {
    expect(await whyOf(await bearer(ec, {}, { kid: 'nobody' }))).toBe('no key has this kid');
  });

  it('must fit the algorithm: a token that names the EC key with RS384 is refused', async () => {
    expect(await whyOf(await bearer(rsa, {}, { kid: ec.kid }))).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });

  it('may have a kid with the signs of base64', async () => {
    expect(ec.kid).toMatch(/[+/=]/);
    expect(await whyOf(await bearer(ec))).toBe('accepted');
  });
});

describe('JWT-9, JWT-10, JWT-22: iss and jku', () => {
  it.each([
    'https://ehr.example.org/',
    'https://EHR.example.org',
    'https://ehr.example.org.evil.example',
    '__proto__',
    '',
  ])('iss "%s" is refused', async (iss) => {
    expect(await whyOf(await bearer(ec, { iss }))).toMatch(/^iss /);
  });

  it.each([undefined, null, 7, ['https://ehr.example.org']])('iss %p is refused', async (iss) => {
    expect(await whyOf(await bearer(ec, { iss }))).toBe('iss missing');
  });

  it('a jku that is the configured one is accepted', async () => {
    expect(await whyOf(await bearer(ec, {}, { jku: endpoint.url }))).toBe('accepted');
  });

  it('a jku that is not is refused, and nothing is fetched', async () => {
    const before = endpoint.requests();
    for (const jku of [elsewhere.url, `${endpoint.url}?x`, '', null, [endpoint.url]]) {
      expect(await whyOf(await bearer(stranger, {}, { jku }))).toBe('jku is not the configured one');
    }
    expect(elsewhere.requests()).toBe(0);
    expect(endpoint.requests()).toBe(before);
  });

  it('the jku of another client is refused', async () => {
    const other = clientOf({ issuer: 'other', jwks: { kind: 'url', url: elsewhere.url } });
    const authorization = await bearer(stranger, {}, { jku: elsewhere.url });
    expect(await whyOf(authorization, { clients: [client, other] })).toBe('jku is not the configured one');
  });

  it('keys given out of band need no jku; one that is named beside them is accepted and never fetched', async () => {
    const jwks: Client['jwks'] = { kind: 'keys', keys: [stranger.jwk], jku: elsewhere.url };
    const clients = [clientOf({ jwks })];
    expect(await whyOf(await bearer(stranger), { clients })).toBe('accepted');
    expect(await whyOf(await bearer(stranger, {}, { jku: elsewhere.url }), { clients })).toBe('accepted');
    expect(await whyOf(await bearer(stranger, {}, { jku: endpoint.url }), { clients })).toBe(
      'jku is not the configured one',
    );
    expect(elsewhere.requests()).toBe(0);
  });

  it('the key of one client does not open the door of another', async () => {
    const jwks: Client['jwks'] = { kind: 'keys', keys: [stranger.jwk], jku: undefined };
    const clients = [client, clientOf({ issuer: 'other', jwks })];
    expect(await whyOf(await bearer(stranger, { iss: 'other' }), { clients })).toBe('accepted');
    expect(await whyOf(await bearer(stranger), { clients })).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  });
});

describe('JWT-11 and JWT-12: aud', () => {
  const base = 'https://cds.example.org';

  it.each([`${base}/cds-services`, ENDPOINT, `${ENDPOINT}/feedback`])(
    'is the URL of the endpoint called, as a text or in a list: %s',
    async (endpointUrl) => {
      expect(await whyOf(await bearer(ec, { aud: endpointUrl }), { endpointUrl })).toBe('accepted');
      expect(await whyOf(await bearer(ec, { aud: ['x', endpointUrl] }), { endpointUrl })).toBe('accepted');
    },
  );

  it.each([
    base,
    `${base}/cds-services/radiotherapy`,
    `${ENDPOINT}/`,
    `${ENDPOINT}?x=1`,
    ENDPOINT.toUpperCase(),
    undefined,
    null,
    [],
    [[ENDPOINT]],
    { url: ENDPOINT },
  ])('is refused as %j', async (aud) => {
    expect(await whyOf(await bearer(ec, { aud }))).toMatch(/^aud /);
  });

  it('may end with a slash when the URL was called so', async () => {
    const spelling = `${ENDPOINT}/`;
    expect(await whyOf(await bearer(ec, { aud: spelling }), { spelling })).toBe('accepted');
    expect(await whyOf(await bearer(ec, { aud: ENDPOINT }), { spelling })).toBe('accepted');
    expect(await whyOf(await bearer(ec, { aud: `${base}/` }), { spelling })).toMatch(/^aud /);
  });

  it('may be one that is configured for the client, typed in by hand in the EHR', async () => {
    const clients = [{ ...client, audiences: ['bone-metastasis-cds'] }];
    expect(await whyOf(await bearer(ec, { aud: 'bone-metastasis-cds' }), { clients })).toBe('accepted');
    expect(await whyOf(await bearer(ec, { aud: 'bone-metastasis' }), { clients })).toMatch(/^aud /);
  });
});

describe('JWT-13, JWT-14, JWT-15: times', () => {
  it.each([
    [61, 'accepted'],
    [-59, 'accepted'],
    [-60, 'exp check_failed (ERR_JWT_EXPIRED)'],
    [-3000, 'exp check_failed (ERR_JWT_EXPIRED)'],
  ])('exp %d s from now: %s (skew 60 s)', async (seconds, outcome) => {
    expect(await whyOf(await bearer(ec, { iat: nowSeconds - 3000, exp: nowSeconds + seconds }))).toBe(
      outcome,
    );
  });

  it.each([
    [60, 'accepted'],
    [61, 'iat check_failed (ERR_JWT_CLAIM_VALIDATION_FAILED)'],
  ])('iat %d s from now: %s', async (seconds, outcome) => {
    expect(await whyOf(await bearer(ec, { iat: nowSeconds + seconds }))).toBe(outcome);
  });

  it.each([
    [60, 'accepted'],
    [61, 'nbf check_failed (ERR_JWT_CLAIM_VALIDATION_FAILED)'],
  ])('nbf %d s from now: %s', async (seconds, outcome) => {
    expect(await whyOf(await bearer(ec, { nbf: nowSeconds + seconds }))).toBe(outcome);
  });

  it.each([
    [3600, 'accepted'],
    [3601, 'lifetime too long'],
    [86_400, 'lifetime too long'],
    [0, 'exp is not after iat'],
    [-30, 'exp is not after iat'],
  ])('a lifetime of %d s: %s', async (seconds, outcome) => {
    expect(await whyOf(await bearer(ec, { exp: nowSeconds + seconds }))).toBe(outcome);
  });

  it('the lifetime is a setting of the client', async () => {
    const clients = [{ ...client, maxTokenLifetime: 1200 }];
    const times = (lifetime: number) => ({ iat: nowSeconds - 600, exp: nowSeconds - 600 + lifetime });
    expect(await whyOf(await bearer(ec, times(1200)), { clients })).toBe('accepted');
    expect(await whyOf(await bearer(ec, times(1201)), { clients })).toBe('lifetime too long');
  });

  it('accepts a token as Epic writes it: nbf 5 minutes back, exp 15 minutes ahead, sub beside iss', async () => {
    const claims = { nbf: nowSeconds - 300, exp: nowSeconds + 900, sub: '3fa1-client-id' };
    expect(await whyOf(await bearer(rsa, claims))).toBe('accepted');
  });

  it.each(['exp', 'iat', 'nbf'])('%s as a text, a fraction or nothing finite is refused', async (claim) => {
    const values =
      claim === 'nbf' ? ['1', null] : [String(nowSeconds + 10), null, nowSeconds + 10.5, true, {}];
    for (const value of values) {
      expect(await whyOf(await bearer(ec, { [claim]: value }))).toMatch(new RegExp(`^${claim} `));
    }
  });

  it.each(['exp', 'iat', 'jti'])('%s missing is refused', async (claim) => {
    expect(await whyOf(await bearer(ec, { [claim]: undefined }))).toMatch(new RegExp(`^${claim} missing`));
  });

  it('the skew is a setting', async () => {
    const authorization = await bearer(ec, { iat: nowSeconds - 100, exp: nowSeconds - 1 });
    expect(await whyOf(authorization, { clockSkewSeconds: 0 })).toMatch(/^exp /);
    expect(await whyOf(authorization, { clockSkewSeconds: 2 })).toBe('accepted');
  });
});

describe('JWT-16: jti', () => {
  it('is accepted once', async () => {
    const authorization = await bearer(ec);
    expect(await whyOf(authorization)).toBe('accepted');
    expect(await whyOf(authorization)).toBe('jti used before');
  });

  it('of 50 concurrent uses is accepted exactly once', async () => {
    const authorization = await bearer(rsa);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => whyOf(authorization)));
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
  });

  it('used at one endpoint is used at all, also in a new token', async () => {
    const feedback = `${ENDPOINT}/feedback`;
    expect(await whyOf(await bearer(ec, { jti: 'shared', aud: [ENDPOINT, feedback] }))).toBe('accepted');
    const again = await bearer(ec, { jti: 'shared', aud: feedback });
    expect(await whyOf(again, { endpointUrl: feedback })).toBe('jti used before');
  });

  it('is kept per issuer: two EHRs may choose the same', async () => {
    const jwks: Client['jwks'] = { kind: 'keys', keys: [stranger.jwk], jku: undefined };
    const clients = [client, clientOf({ issuer: 'other', jwks })];
    expect(await whyOf(await bearer(ec, { jti: 'same' }), { clients })).toBe('accepted');
    expect(await whyOf(await bearer(stranger, { jti: 'same', iss: 'other' }), { clients })).toBe('accepted');
  });

  it.each([7, '', null, {}, 'x'.repeat(513)])('is refused when it is %p', async (jti) => {
    expect(await whyOf(await bearer(ec, { jti }))).toBe('jti is not a text');
  });

  it('is not used up by a token that is refused', async () => {
    expect(await whyOf(await bearer(stranger, { jti: 'mine' }))).not.toBe('accepted');
    expect(await whyOf(await bearer(ec, { jti: 'mine', aud: 'x' }))).not.toBe('accepted');
    expect(await whyOf(await bearer(ec, { jti: 'mine' }))).toBe('accepted');
  });

  it('is remembered until the skew has passed too', async () => {
    const seen: Date[] = [];
    const replay = { firstUse: (_: string, __: string, expiresAt: Date) => seen.push(expiresAt) > 0 };
    await verify(await bearer(ec, { exp: nowSeconds + 300 }), { replay, clockSkewSeconds: 30 });
    expect(seen).toEqual([new Date((nowSeconds + 330) * 1000)]);
  });

  it('that cannot be recorded refuses the call', async () => {
    const replay = { firstUse: () => Promise.reject(new Error('disk gone')) };
    expect(await whyOf(await bearer(ec), { replay })).toBe('use of jti could not be recorded');
  });

  it('stays used when the clock jumps ahead and back', async () => {
    let now = NOW;
    const replay = createReplayMemory({ now: () => now });
    const authorization = await bearer(ec);
    expect(await whyOf(authorization, { replay, now })).toBe('accepted');
    now = new Date(NOW.getTime() + 86_400_000);
    expect(await whyOf(authorization, { replay, now })).toMatch(/^exp /);
    expect(
      await whyOf(await bearer(ec, { iat: nowSeconds + 86_400, exp: nowSeconds + 86_500 }), { replay, now }),
    ).toBe('accepted');
    now = NOW;
    expect(await whyOf(authorization, { replay, now })).toBe('jti used before');
    now = new Date(NOW.getTime() - 30_000);
    expect(await whyOf(authorization, { replay, now })).toBe('jti used before');
  });
});

describe('JWT-17: tenant', () => {
  const limited = () => ({ clients: [{ ...client, tenants: ['north', 'south'] }] });

  it.each([
    ['north', 'accepted'],
    ['south', 'accepted'],
    ['North', 'tenant not allowed'],
    ['east', 'tenant not allowed'],
    [undefined, 'tenant not allowed'],
    [['north'], 'tenant is not a text'],
  ])('%j where tenants are listed: %s', async (tenant, outcome) => {
    expect(await whyOf(await bearer(ec, { tenant }), limited())).toBe(outcome);
  });

  it('may be any or none where none are listed', async () => {
    expect(await whyOf(await bearer(ec, { tenant: 'east' }))).toBe('accepted');
    const caller = await verify(await bearer(ec));
    expect(caller.ok && !('tenant' in caller)).toBe(true);
  });
});

describe('JWT-18 and JWT-19: what is told', () => {
  it('is a fixed phrase, without anything that the caller wrote', async () => {
    const planted = 'planted-by-the-caller';
    const tokens = await Promise.all([
      bearer(ec, { aud: planted }),
      bearer(ec, { iss: planted }),
      bearer(ec, { tenant: planted, jti: 9 }),
      bearer(ec, {}, { kid: planted }),
      bearer(ec, {}, { jku: planted }),
      bearer(ec, {}, { typ: planted }),
    ]);
    for (const authorization of [...tokens, `Bearer ${planted}`, planted]) {
      const caller = await verify(authorization);
      expect(caller.ok).toBe(false);
      expect(JSON.stringify(caller)).not.toContain(planted);
      expect(JSON.stringify(caller)).not.toContain(authorization.slice(7, 40));
    }
  });

  it('names the issuer only when it is one of ours', async () => {
    expect(await verify(await bearer(ec, { iss: 'x' }))).toEqual({ ok: false, why: 'iss not allowed' });
    expect(await verify(await bearer(ec, { aud: 'x' }))).toMatchObject({ ok: false, issuer: ISSUER });
  });
});

describe('JWT-23: a third party may issue the tokens', () => {
  it('iss is an opaque key', async () => {
    const clients = [{ ...client, issuer: 'urn:hub:42' }];
    expect(await whyOf(await bearer(ec, { iss: 'urn:hub:42' }), { clients })).toBe('accepted');
  });
});

describe('whatever stands in the header', () => {
  const base64url = fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
  const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
  const part = fc.oneof(base64url, json, fc.string());

  it('never throws and never passes: any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (authorization) => {
        expect((await verify(authorization)).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws and never passes: things that look like a token', async () => {
    await fc.assert(
      fc.asyncProperty(part, part, part, async (head, body, signature) => {
        expect((await verify(`Bearer ${head}.${body}.${signature}`)).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws and never passes: our issuer, any header fields, any claims, a signature of ours', async () => {
    const [, , signature = ''] = (await bearer(ec)).split('.');
    const fields = fc.dictionary(
      fc.constantFrom('alg', 'typ', 'kid', 'jku', 'crit', 'b64', 'jwk'),
      fc.jsonValue(),
    );
    const claims = fc.dictionary(
      fc.constantFrom('aud', 'exp', 'iat', 'nbf', 'jti', 'tenant'),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fields, claims, async (header, body) => {
        const good = { alg: 'ES384', typ: 'JWT', kid: ec.kid };
        const text = tokenOf({ ...good, ...header }, claimsOf(body), () => signature);
        expect((await verify(text)).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
