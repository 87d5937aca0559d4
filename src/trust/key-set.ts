import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet, LocalJWKSet } from 'jose';
import type { Dispatcher } from 'undici';
import { discard, readBody } from '../outbound/body.js';
import { isObject } from '../json.js';

/** Public keys of one client at one moment. */
export interface KeySet {
  readonly kids: ReadonlySet<string>;
  readonly find: LocalJWKSet;
}

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly dispatcher?: Dispatcher | undefined;
}

const isPublishedKey = (key: unknown): key is JSONWebKeySet['keys'][number] & { readonly kid: string } =>
  isObject(key) && typeof key['kid'] === 'string' && ['EC', 'RSA', 'OKP'].includes(String(key['kty']));

/**
 * The usable keys of a JWK Set (RFC 7517). Keys without `kid`, of unknown type, or symmetric are left out,
 * since one odd key must not lock out an EHR. Undefined when it is not a JWK Set.
 */
export const keySetOf = (jwks: unknown): KeySet | undefined => {
  if (!isObject(jwks) || !Array.isArray(jwks['keys'])) return undefined;
  const listed: readonly unknown[] = jwks['keys'];
  const keys = listed.filter(isPublishedKey);
  return { kids: new Set(keys.map(({ kid }) => kid)), find: createLocalJWKSet({ keys }) };
};

/**
 * Fetches a JWK Set. Undefined for whatever goes wrong: the endpoint is down, slow, redirects, answers
 * another status, too much, or something else. The body is under the same deadline as the answer.
 */
export const fetchKeySet = async (url: string, limits: FetchLimits): Promise<KeySet | undefined> => {
  const { dispatcher, maxBytes, timeoutMs } = limits;
  const signal = AbortSignal.timeout(timeoutMs);
  const init: RequestInit = {
    headers: { accept: 'application/jwk-set+json, application/json' },
    // Followed, it might lead anywhere; as an error of fetch, its body would stay on the connection.
    redirect: 'manual',
    signal,
  };
  try {
    const response = await fetch(url, dispatcher === undefined ? init : Object.assign(init, { dispatcher }));
    if (response.status !== 200) {
      discard(response);
      return undefined;
    }
    const body = await readBody(response, maxBytes, signal);
    return body === undefined ? undefined : keySetOf(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
};
