import { readBody } from '../outbound/body.js';
import type { FetchFailure } from './types.js';

/** A limit on bytes that several responses share. */
export type ByteAllowance = { remaining: number };

export type JsonBody =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: FetchFailure };

/**
 * Reads a JSON body and gives up at the limit, so that neither a 100 MB answer nor a gzip bomb is ever held in memory.
 * Rejects only when the connection or the budget ends.
 */
export async function readJson(
  response: Response,
  maxBytes: number,
  allowance: ByteAllowance,
  signal: AbortSignal,
): Promise<JsonBody> {
  const body = await readBody(response, Math.min(maxBytes, allowance.remaining), signal);
  if (body === undefined) return { ok: false, reason: 'too-large' };
  allowance.remaining -= body.byteLength;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return { ok: true, value };
  } catch {
    return { ok: false, reason: 'not-fhir' };
  }
}

/** What a status other than 2xx and 3xx means. */
export function failureOf(status: number): FetchFailure {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'server-error' : 'rejected';
}
