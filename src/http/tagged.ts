import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const compress = promisify(gzip);

/** Below this a compressed body is hardly shorter. */
const worthCompressing = 1000;

/** A body that is sent again and again: serialised, hashed and compressed once. */
export interface Written {
  readonly body: Buffer;
  /** Weak: the same for the plain and the compressed body. */
  readonly tag: string;
  /** Made when first asked for. */
  readonly gzipped: () => Promise<Buffer>;
}

/** Prepares a text to be sent. */
export function written(text: string): Written {
  const body = Buffer.from(text);
  const tag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  let gzipped: Promise<Buffer> | undefined;
  return { body, tag, gzipped: () => (gzipped ??= compress(body)) };
}

/**
 * Sends a body under its entity tag, compressed for who takes it so, or 304 to who has it already. The media type is set
 * before. Express leaves `If-None-Match` aside when the request says `Cache-Control: no-cache`, which `fetch` adds by
 * itself to every conditional request.
 */
export async function sendWritten(request: Request, response: Response, content: Written): Promise<void> {
  const { body, tag, gzipped } = content;
  response.set('ETag', tag).vary('Accept-Encoding');
  const known = (request.get('if-none-match') ?? '')
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''));
  if (known.includes(tag.replace(/^W\//, ''))) {
    response.status(304).end();
    return;
  }
  const isCompressed =
    body.length >= worthCompressing && request.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (isCompressed) response.set('Content-Encoding', 'gzip');
  response.send(isCompressed ? await gzipped() : body);
}
