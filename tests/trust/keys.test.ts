import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK } from 'jose';
import type { JWK } from 'jose';
import type { Client } from '../../src/trust/clients.js';
import { KeyUnavailable, createKeySource } from '../../src/trust/keys.js';
import type { KeySource, KeySourceOptions } from '../../src/trust/keys.js';
import { clientOf, generateSigningKey, startKeyEndpoint } from './issuer.js';
import type { Answer, KeyEndpoint, SigningKey } from './issuer.js';

let a: SigningKey;
let b: SigningKey;
let endpoint: KeyEndpoint;
let client: Client;
let elapsed: number;

beforeAll(async () => {
  [a, b] = await Promise.all([generateSigningKey('ES384', 'key-a'), generateSigningKey('ES384', 'key-b')]);
});

beforeEach(async () => {
  endpoint = await startKeyEndpoint(a.jwk);
  client = clientOf({ jwks: { kind: 'url', url: endpoint.url } });
  elapsed = 0;
});

afterEach(() => endpoint.close());

const sourceOf = (options: KeySourceOptions = {}): KeySource =>
  createKeySource({ elapsedMs: () => elapsed, ...options });

const found = async (source: KeySource, kid: string, of: Client = client): Promise<boolean> => {
  try {
    return (await source.keyFor(of, { alg: 'ES384', kid })).type === 'public';
  } catch (error) {
    if (error instanceof KeyUnavailable) return false;
    throw error;
  }
};

const status =
  (code: number): Answer =>
  (response) => {
    response.writeHead(code).end(JSON.stringify({ keys: [a.jwk] }));
  };

describe('JWT-20: keys at a URL', () => {
  it('are fetched once for many concurrent and later calls', async () => {
    const source = sourceOf();
    const calls = await Promise.all(Array.from({ length: 20 }, () => found(source, 'key-a')));
    expect([...calls, await found(source, 'key-a')].every(Boolean)).toBe(true);
    expect(endpoint.requests()).toBe(1);
  });

  it('are renewed when they are 10 minutes old, so that a withdrawn key stops working', async () => {
    const source = sourceOf();
    expect(await found(source, 'key-a')).toBe(true);
    endpoint.publish(b.jwk);
    elapsed = 600_000;
    expect(await found(source, 'key-a')).toBe(true);
    elapsed = 600_001;
    expect(await found(source, 'key-a')).toBe(false);
    expect(endpoint.requests()).toBe(2);
  });

  it('all stop working when the endpoint publishes an empty set', async () => {
    const source = sourceOf();
    expect(await found(source, 'key-a')).toBe(true);
    endpoint.publish();
    elapsed = 600_001;
    expect(await found(source, 'key-a')).toBe(false);
  });

  it('are kept per URL: two clients with one URL share them, another client has its own', async () => {
    const other = await startKeyEndpoint(b.jwk);
    const source = sourceOf();
    const second = clientOf({ jwks: { kind: 'url', url: other.url } });
    expect(await found(source, 'key-a')).toBe(true);
    expect(await found(source, 'key-a', clientOf({ issuer: 'x', jwks: client.jwks }))).toBe(true);
    expect(await found(source, 'key-a', second)).toBe(false);
    expect(await found(source, 'key-b', second)).toBe(true);
    expect(endpoint.requests()).toBe(1);
    await other.close();
  });

  it('that are odd do not lock out the good one', async () => {
    endpoint.publish(
      null,
      7,
      { kty: 'oct', k: 'AAAA', kid: 'key-a' },
      { kty: 'EC' },
      { kty: 'AKP', kid: 'z' },
      a.jwk,
    );
    expect(await found(sourceOf(), 'key-a')).toBe(true);
  });

  it('that came with their private part are refused', async () => {
    endpoint.publish({ ...(await exportJWK(a.privateKey)), kid: 'key-a' });
    await expect(sourceOf().keyFor(client, { alg: 'ES384', kid: 'key-a' })).rejects.toThrow();
  });

  it('that are for encryption are not used', async () => {
    endpoint.publish({ ...a.jwk, use: 'enc' });
    await expect(sourceOf().keyFor(client, { alg: 'ES384', kid: 'key-a' })).rejects.toThrow();
  });
});

describe('JWT-8 and JWT-20: rotation', () => {
  it('is followed at once: the first token with the new kid is accepted', async () => {
    const source = sourceOf();
    await found(source, 'key-a');
    endpoint.publish(a.jwk, b.jwk);
    expect(await found(source, 'key-b')).toBe(true);
    expect(await found(source, 'key-a')).toBe(true);
    expect(endpoint.requests()).toBe(2);
  });

  it('is followed by concurrent calls with one fetch', async () => {
    const source = sourceOf();
    await found(source, 'key-a');
    endpoint.publish(b.jwk);
    const calls = await Promise.all(Array.from({ length: 20 }, () => found(source, 'key-b')));
    expect(calls.every(Boolean)).toBe(true);
    expect(endpoint.requests()).toBe(2);
  });

  it('is followed however often it happens within a minute', async () => {
    const source = sourceOf();
    for (const kid of ['k1', 'k2', 'k3', 'k4', 'k5', 'k6']) {
      endpoint.publish({ ...a.jwk, kid });
      expect(await found(source, kid)).toBe(true);
    }
  });

  it('is followed right after a token with an invented kid', async () => {
    const source = sourceOf();
    await found(source, 'key-a');
    expect(await found(source, 'invented')).toBe(false);
    endpoint.publish(b.jwk);
    expect(await found(source, 'key-b')).toBe(true);
  });

  it('cannot be used to make us flood the EHR: invented kids cost two fetches, then one per 30 s', async () => {
    const source = sourceOf();
    await found(source, 'key-a');
    for (let n = 0; n < 100; n += 1) await found(source, `invented-${n}`);
    expect(endpoint.requests()).toBe(1 + 2);
    elapsed = 29_999;
    await found(source, 'invented');
    expect(endpoint.requests()).toBe(1 + 2);
    elapsed = 30_000;
    for (let n = 0; n < 100; n += 1) await found(source, `again-${n}`);
    expect(endpoint.requests()).toBe(1 + 2 + 1);
    elapsed = 3_000_000;
    expect(await found(source, 'key-a')).toBe(true);
    for (let n = 0; n < 100; n += 1) await found(source, `late-${n}`);
    expect(endpoint.requests()).toBe(1 + 2 + 1 + 1 + 2);
  });
});

describe('JWT-20: an endpoint that is down', () => {
  it('does not matter to keys that are cached, for a day', async () => {
    const source = sourceOf();
    await found(source, 'key-a');
    await endpoint.close();
    for (elapsed of [1, 600_001, 3_600_000, 86_400_000]) {
      expect(await found(source, 'key-a')).toBe(true);
    }
    elapsed = 86_400_001;
    expect(await found(source, 'key-a')).toBe(false);
  });

  it('is asked again at most every 30 s while cached keys work', async () => {
    const source = sourceOf();
    await found(source, 'key-a');
    endpoint.answerWith(status(503));
    elapsed = 600_001;
    for (let n = 0; n < 10; n += 1) expect(await found(source, 'key-a')).toBe(true);
    expect(endpoint.requests()).toBe(2);
    elapsed += 30_000;
    endpoint.publish(b.jwk);
    expect(await found(source, 'key-a')).toBe(false);
    expect(await found(source, 'key-b')).toBe(true);
    expect(endpoint.requests()).toBe(3);
  });

  it('from the start is asked again after 5 s', async () => {
    endpoint.answerWith(status(503));
    const source = sourceOf();
    for (let n = 0; n < 10; n += 1) expect(await found(source, 'key-a')).toBe(false);
    expect(endpoint.requests()).toBe(1);
    endpoint.publish(a.jwk);
    elapsed = 4999;
    expect(await found(source, 'key-a')).toBe(false);
    elapsed = 5000;
    expect(await found(source, 'key-a')).toBe(true);
  });
});

describe('an endpoint that misbehaves gives no keys', () => {
  const text =
    (body: string): Answer =>
    (response) => {
      response.end(body);
    };

  it.each<[string, Answer]>([
    ['404', status(404)],
    ['500', status(500)],
    ['201', status(201)],
    ['HTML', text('<html></html>')],
    ['truncated JSON', text('{"keys":[')],
    ['a list', text('[]')],
    ['null', text('null')],
    ['keys that are no list', text('{"keys":{}}')],
    ['nothing', text('')],
    ['a closed connection', (response) => void response.destroy()],
  ])('%s', async (_, answer) => {
    endpoint.answerWith(answer);
    expect(await found(sourceOf(), 'key-a')).toBe(false);
  });

  it('a redirect, which is not followed', async () => {
    const target = await startKeyEndpoint(a.jwk);
    endpoint.answerWith((response) => response.writeHead(302, { location: target.url }).end());
    expect(await found(sourceOf(), 'key-a')).toBe(false);
    expect(target.requests()).toBe(0);
    await target.close();
  });

  it('a body beyond the bound, which is not read to its end', async () => {
    let sent = 0;
    endpoint.answerWith((response) => {
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const send = (): void => {
        while (!response.destroyed && sent < 200_000_000 && response.write(chunk)) sent += chunk.length;
        response.once('drain', send);
      };
      send();
    });
    expect(await found(sourceOf(), 'key-a')).toBe(false);
    expect(sent).toBeLessThan(100_000_000);
  });

  it.each<[string, Answer]>([
    ['never answers', () => undefined],
    [
      'drips its body',
      (response) => {
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('one that %s, after the timeout', async (_, answer) => {
    endpoint.answerWith(answer);
    const started = performance.now();
    expect(await found(sourceOf({ timeoutMs: 150 }), 'key-a')).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('a slow one is waited for', async () => {
    endpoint.answerWith((response) => {
      setTimeout(() => response.end(JSON.stringify({ keys: [a.jwk] })), 100);
    });
    expect(await found(sourceOf(), 'key-a')).toBe(true);
  });
});

describe('JWT-22: inline keys', () => {
  const inline = (...keys: readonly JWK[]): Client =>
    clientOf({ jwks: { kind: 'keys', keys, jku: endpoint.url } });

  it('need no network', async () => {
    const source = sourceOf();
    const local = inline(a.jwk);
    expect(await found(source, 'key-a', local)).toBe(true);
    expect(await found(source, 'key-b', local)).toBe(false);
    expect(endpoint.requests()).toBe(0);
  });

  it('rotate with the clients file', async () => {
    const source = sourceOf();
    expect(await found(source, 'key-a', inline(a.jwk))).toBe(true);
    expect(await found(source, 'key-a', inline(b.jwk))).toBe(false);
    expect(await found(source, 'key-b', inline(b.jwk))).toBe(true);
  });
});
