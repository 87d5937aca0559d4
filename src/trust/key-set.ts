import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet, LocalJWKSet } from 'jose';

/** Public keys of one client at one moment. */
export interface KeySet {
  readonly kids: ReadonlySet<string>;
  readonly find: LocalJWKSet;
}

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** A JSON object: not null, not a list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPublishedKey = (key: unknown): key is JSONWebKeySet['keys'][number] & { readonly kid: string } =>
  isRecord(key) && typeof key['kid'] === 'string' && ['EC', 'RSA', 'OKP'].includes(String(key['kty']));

/**
 * The usable keys of a JWK Set (RFC 7517). Keys without `kid`, of unknown type, or symmetric are left out,
 * since one odd key must not lock out an EHR. Undefined when it is not a JWK Set.
 */
export const keySetOf = (jwks: unknown): KeySet | undefined => {
  if (!isRecord(jwks) || !Array.isArray(jwks['keys'])) return undefined;
  const listed: readonly unknown[] = jwks['keys'];
  const keys = listed.filter(isPublishedKey);
  return { kids: new Set(keys.map(({ kid }) => kid)), find: createLocalJWKSet({ keys }) };
};

const boundedText = async (response: Response, maxBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const body: AsyncIterable<unknown> | null = response.body;
  for await (const chunk of body ?? []) {
    if (!ArrayBuffer.isView(chunk)) throw new TypeError('JWK Set not readable');
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new RangeError('JWK Set too large');
    chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  return Buffer.concat(chunks).toString('utf8');
};

/**
 * Fetches a JWK Set. Undefined for whatever goes wrong: the endpoint is down, slow, redirects, answers
 * another status, too much, or something else. The body is under the same deadline as the answer.
 */
export const fetchKeySet = async (url: string, limits: FetchLimits): Promise<KeySet | undefined> => {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(limits.timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return undefined;
    }
    return keySetOf(JSON.parse(await boundedText(response, limits.maxBytes)));
  } catch {
    return undefined;
  }
};
