import type { CryptoKey, JWSHeaderParameters } from 'jose';
import { fetchKeySet, keySetOf } from './key-set.js';
import type { FetchLimits, KeySet } from './key-set.js';
import type { Client } from './clients.js';

/** Finds the key that a token's header names, among the keys of the client. Rejects when there is none. */
export interface KeySource {
  readonly keyFor: (client: Client, header: JWSHeaderParameters) => Promise<CryptoKey>;
}

export interface KeySourceOptions extends Partial<FetchLimits> {
  /** A clock that never goes back, in ms: the waits below must survive a change of the wall clock. */
  readonly elapsedMs?: () => number;
  /** Keys older than this are fetched anew, so that a withdrawn key stops working. */
  readonly freshMs?: number;
  /** While the endpoint is down, keys work up to this age. */
  readonly longestUseMs?: number;
  /** One refetch per this time is allowed, whatever the callers send; see `BURST`. */
  readonly refetchEveryMs?: number;
  /** After a failed first fetch, the wait before the next. */
  readonly retryAfterMs?: number;
}

/** The keys of this client cannot be had now, or none of them is the one that the token names. */
export class KeyUnavailable extends Error {
  override readonly name = 'KeyUnavailable';
}

interface Cached {
  set: KeySet | undefined;
  fetchedAt: number;
  failedAt: number;
  /** Refetches that may still be done, refilled with time. */
  allowance: number;
  refilledAt: number;
  pending: Promise<boolean> | undefined;
}

/**
 * Two in a row, so that one token with an invented `kid` does not make us refuse the first token after a
 * rotation. A refetch that finds the key is not counted.
 */
const BURST = 2;

const DEFAULTS = {
  elapsedMs: () => performance.now(),
  timeoutMs: 2000,
  maxBytes: 256 * 1024,
  freshMs: 600_000,
  longestUseMs: 86_400_000,
  refetchEveryMs: 30_000,
  retryAfterMs: 5000,
};

/**
 * Keys of the clients, inline or published at a URL: cached, renewed, and refetched once for an unknown `kid`
 * (JWT-8, JWT-20). Only URLs of the clients file are ever fetched. Concurrent calls share one fetch.
 */
export const createKeySource = (options: KeySourceOptions = {}): KeySource => {
  const settings = { ...DEFAULTS, ...options };
  const { elapsedMs, freshMs, longestUseMs, refetchEveryMs, retryAfterMs } = settings;
  const inline = new WeakMap<Client, KeySet>();
  const published = new Map<string, Cached>();

  const cachedFor = (url: string): Cached => {
    const now = elapsedMs();
    const known = published.get(url);
    const cached = known ?? {
      set: undefined,
      fetchedAt: now,
      failedAt: Number.NEGATIVE_INFINITY,
      allowance: BURST,
      refilledAt: now,
      pending: undefined,
    };
    published.set(url, cached);
    return cached;
  };

  const refetch = (url: string, cached: Cached): Promise<boolean> => {
    cached.pending ??= fetchKeySet(url, settings)
      .then((set) => {
        if (set === undefined) {
          cached.failedAt = elapsedMs();
          return false;
        }
        cached.set = set;
        cached.fetchedAt = elapsedMs();
        return true;
      })
      .finally(() => {
        cached.pending = undefined;
      });
    return cached.pending;
  };

  const refetchForUnknownKid = async (url: string, cached: Cached, kid: string): Promise<void> => {
    if (cached.pending !== undefined) {
      await cached.pending;
      return;
    }
    const now = elapsedMs();
    const refilled = Math.floor((now - cached.refilledAt) / refetchEveryMs);
    cached.allowance = Math.min(BURST, cached.allowance + refilled);
    cached.refilledAt += refilled * refetchEveryMs;
    if (cached.allowance === 0) return;
    cached.allowance -= 1;
    await refetch(url, cached);
    if (cached.set?.kids.has(kid) === true) cached.allowance += 1;
  };

  const publishedKeys = async (url: string, kid: string): Promise<KeySet | undefined> => {
    const cached = cachedFor(url);
    const age = elapsedMs() - cached.fetchedAt;
    const sinceFailure = elapsedMs() - cached.failedAt;
    if (cached.set === undefined) {
      if (sinceFailure >= retryAfterMs) await refetch(url, cached);
    } else if (age > freshMs && sinceFailure >= refetchEveryMs) {
      await refetch(url, cached);
    } else if (!cached.set.kids.has(kid)) {
      await refetchForUnknownKid(url, cached, kid);
    }
    return elapsedMs() - cached.fetchedAt > longestUseMs ? undefined : cached.set;
  };

  const inlineKeys = (client: Client, keys: readonly unknown[]): KeySet | undefined => {
    const known = inline.get(client) ?? keySetOf({ keys });
    if (known) inline.set(client, known);
    return known;
  };

  return {
    keyFor: async (client, header) => {
      const { kid = '' } = header;
      const set =
        client.jwks.kind === 'keys'
          ? inlineKeys(client, client.jwks.keys)
          : await publishedKeys(client.jwks.url, kid);
      if (set === undefined) throw new KeyUnavailable('no keys of this client can be had');
      if (!set.kids.has(kid)) throw new KeyUnavailable('no key has this kid');
      return set.find(header);
    },
  };
};
