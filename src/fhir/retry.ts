const RETRYABLE = new Set([429, 502, 503, 504]);
const MAX_RETRIES = 2;
const FIRST_BACKOFF_MS = 100;

/**
 * How long to wait before the same GET is sent again; undefined when it should not be.
 * @param attempt retries already made
 * @param jitter from 0 to 1
 */
export function retryDelayMs(
  response: Response,
  attempt: number,
  remainingMs: number,
  jitter: number,
): number | undefined {
  if (!RETRYABLE.has(response.status) || attempt >= MAX_RETRIES) return undefined;
  const backoff = FIRST_BACKOFF_MS * 2 ** attempt * (0.5 + jitter / 2);
  const delay = Math.max(backoff, retryAfterMs(response.headers) ?? 0);
  return delay < remainingMs ? delay : undefined;
}

/** `Retry-After` in seconds, or as a date, which is measured against the server's own clock. */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(wait) ? undefined : wait;
}
