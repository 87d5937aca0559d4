import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** Weak entity tag of a body. */
export function entityTag(body: string): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

/**
 * Sends a body under its entity tag, or 304 to who has it already. Express leaves `If-None-Match` aside when the
 * request says `Cache-Control: no-cache`, which `fetch` adds by itself to every conditional request.
 */
export function sendTagged(request: Request, response: Response, body: string, tag = entityTag(body)): void {
  response.set('ETag', tag);
  const known = (request.get('if-none-match') ?? '')
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''));
  if (known.includes(tag.replace(/^W\//, ''))) response.status(304).end();
  else response.send(body);
}
