import type { FetchFailure } from './types.js';

/** A limit on bytes that several responses share. */
export type ByteAllowance = { remaining: number };

export type JsonBody =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: FetchFailure };

/**
 * Reads a JSON body as it streams in and gives up at the limit, so that neither a 100 MB answer nor a gzip bomb
 * is ever held in memory. Rejects only when the connection or the budget ends.
 */
export async function readJson(
  response: Response,
  maxBytes: number,
  allowance: ByteAllowance,
): Promise<JsonBody> {
  const limit = Math.min(maxBytes, allowance.remaining);
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    discard(response);
    return { ok: false, reason: 'too-large' };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return { ok: false, reason: 'not-fhir' };
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream and closes the connection.
    if (size > limit) return { ok: false, reason: 'too-large' };
    chunks.push(chunk);
  }
  allowance.remaining -= size;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(Buffer.concat(chunks)));
    return { ok: true, value };
  } catch {
    return { ok: false, reason: 'not-fhir' };
  }
}

/** Lets go of a body that nobody will read; otherwise its connection stays taken. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

/** What a status other than 2xx and 3xx means. */
export function failureOf(status: number): FetchFailure {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'server-error' : 'rejected';
}
