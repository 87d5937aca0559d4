import { DEEPEST_BODY, isDeeperThan, isList, member } from '../cds-hooks/json-value.js';
import { discard, readBody } from '../outbound/body.js';
import type { FetchFailure } from './types.js';
import { isObject } from '../json.js';

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

/** Statuses with which servers refuse a type that they do not know, beside 404. */
const maybeUnknownType: ReadonlySet<number> = new Set([400, 405, 422, 501]);
const longestOutcome = 64 * 1024;

/** What an answer other than 2xx and 3xx means; its body is read only where the status leaves open what was refused. */
export async function refusalOf(
  response: Response,
  allowance: ByteAllowance,
  signal: AbortSignal,
): Promise<FetchFailure> {
  if (!maybeUnknownType.has(response.status)) {
    discard(response);
    return failureOf(response.status);
  }
  const body = await readJson(response, longestOutcome, allowance, signal);
  return body.ok && saysUnknownType(body.value) ? 'unknown-type' : failureOf(response.status);
}

/** In words: no code of R4 tells a type that is not served from a parameter that is not. */
function saysUnknownType(outcome: unknown): boolean {
  if (!isObject(outcome) || isDeeperThan(outcome, DEEPEST_BODY)) return false;
  const issues = member(outcome, 'issue');
  return (isList(issues) ? issues : []).some((issue) => {
    if (!isObject(issue)) return false;
    const details = member(issue, 'details');
    return [member(issue, 'diagnostics'), isObject(details) ? member(details, 'text') : undefined].some(
      (words) => typeof words === 'string' && /\bresource ?type\b/i.test(words),
    );
  });
}

/** What a status other than 2xx and 3xx means. */
function failureOf(status: number): FetchFailure {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'server-error' : 'rejected';
}
