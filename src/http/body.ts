import type { Request, RequestHandler, Response } from 'express';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { clientKey } from './caller.js';
import type { Deployment } from './deployment.js';
import { isOver, whenOver } from './disconnected.js';
import { problem, refuse } from './errors.js';
import { jsonExcess, limitsFor } from './json-shape.js';
import { answerWithout } from './unread.js';

/** Java and .NET clients write older names; what they mean is read alike. */
const charsets: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);
const decoders: ReadonlyMap<string, (() => Transform) | undefined> = new Map<
  string,
  (() => Transform) | undefined
>([
  ['identity', undefined],
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

const fhirJson = ['application/json', 'application/fhir+json'];

/** A sender may take as long as it likes for so long, and must be faster than the floor from then on. */
const slowForMs = 5000;
const floorBytesPerSecond = 1000;

/** Bodies of the full size that are held at once while they are sent and wait; half of them for one client of several. */
const fullBodiesHeld = 16;

/** A body that has come whole, and what takes its bytes off the account. */
const sent = new WeakMap<Request, { readonly text: Buffer; readonly forget: () => void }>();

/** Bytes of bodies that have come and are not parsed yet. */
interface Held {
  total: number;
  readonly byClient: Map<string, number>;
}

const heldBy = new WeakMap<Deployment, Held>();

function heldOf(deployment: Deployment): Held {
  const known = heldBy.get(deployment);
  if (known !== undefined) return known;
  const made = { total: 0, byClient: new Map<string, number>() };
  heldBy.set(deployment, made);
  return made;
}

/**
 * Reads the body of a call before it takes a place of the work, so that who sends slowly keeps nobody waiting. What is
 * not JSON in UTF-8, larger than `BODY_LIMIT`, slower than the floor, or more than this process holds at once is refused.
 */
export function readBody(deployment: Deployment): RequestHandler {
  const { config, clients } = deployment;
  const held = heldOf(deployment);
  const most = config.bodyLimitBytes * fullBodiesHeld;
  return (request, response, next) => {
    const decoder = decoderFor(request, response, config.production);
    if (decoder === 'refused') return;
    if (
      request.headers['content-length'] === undefined &&
      request.headers['transfer-encoding'] === undefined
    ) {
      next();
      return;
    }
    if (Number(request.headers['content-length'] ?? 0) > config.bodyLimitBytes) {
      tooLarge(request, response);
      return;
    }
    const decoded = decoder?.();
    const stream: Readable = decoded === undefined ? request : request.pipe(decoded);
    const key = clientKey(request);
    const chunks: Buffer[] = [];
    let size = 0;
    let received = 0;
    let isDone = false;
    const started = performance.now();

    const account = (bytes: number): void => {
      held.total += bytes;
      const own = (held.byClient.get(key) ?? 0) + bytes;
      if (own === 0) held.byClient.delete(key);
      else held.byClient.set(key, own);
    };
    const watch = setInterval(() => {
      const ms = performance.now() - started;
      if (ms > slowForMs && received < (floorBytesPerSecond * ms) / 1000) {
        stop(() => {
          response.setHeader('connection', 'close');
          answerWithout(response, 408, 'REQUEST_INVALID', 'the body came too slowly', config.canonicalBase);
        });
      }
    }, 1000);
    const end = (): boolean => {
      if (isDone) return false;
      isDone = true;
      clearInterval(watch);
      return true;
    };
    const stop = (answer: () => void): void => {
      if (!end()) return;
      chunks.length = 0;
      if (decoded !== undefined) {
        request.unpipe(decoded);
        decoded.destroy();
      }
      if (!response.headersSent) answer();
      // What is still under way is read and thrown away, so that the answer is not lost with the connection.
      request.resume();
    };
    const invalid = (message: string): void => {
      stop(() => {
        refuse(response, [problem('REQUEST_INVALID', '', message)]);
      });
    };

    const forget = (): void => {
      account(-size);
      size = 0;
    };
    whenOver(request, response, () => {
      stop(() => undefined);
      forget();
    });
    request.on('data', (chunk: Buffer) => (received += chunk.byteLength));
    request.once('aborted', () => {
      stop(() => undefined);
    });
    request.once('error', () => {
      invalid('the body ended before its announced length');
    });
    if (decoded !== undefined) {
      decoded.on('error', () => {
        invalid('the body is not what its Content-Encoding says, or ended early');
      });
    }
    stream.on('data', (chunk: Buffer) => {
      if (isDone) return;
      size += chunk.byteLength;
      account(chunk.byteLength);
      chunks.push(chunk);
      const own = held.byClient.get(key) ?? 0;
      if (size > config.bodyLimitBytes) {
        stop(() => {
          tooLarge(request, response);
        });
      } else if (held.total > most || (clients().length > 1 && own > most / 2)) {
        stop(() => {
          response.set('Retry-After', '1');
          refuse(response, [problem('OVERLOADED', '', 'too many large bodies at once; try again')]);
        });
      }
    });
    stream.once('end', () => {
      if (!end() || isOver(request, response)) return;
      sent.set(request, { text: Buffer.concat(chunks), forget });
      chunks.length = 0;
      next();
    });
  };
}

/** How the body is unpacked, or `refused` when it is nothing that this service reads. */
function decoderFor(
  request: Request,
  response: Response,
  isProduction: boolean,
): (() => Transform) | undefined | 'refused' {
  const type = request.get('content-type') ?? '';
  // A page of another site can send any text from a browser of this machine, but JSON only if it is let.
  if ((type !== '' || !isProduction) && request.is(fhirJson) === false) {
    const message = 'Content-Type must be application/json or application/fhir+json';
    refuse(response, [problem('MEDIA_TYPE_UNSUPPORTED', '', message)]);
    return 'refused';
  }
  const coding = (request.get('content-encoding') ?? '').trim().toLowerCase() || 'identity';
  const charset = charsetOf(type);
  if (decoders.has(coding) && charsets.has(charset)) return decoders.get(coding);
  const message = 'the body must be JSON in UTF-8, plain or gzip, deflate, br';
  refuse(response, [problem('MEDIA_TYPE_UNSUPPORTED', '', message)]);
  return 'refused';
}

function charsetOf(contentType: string): string {
  for (const parameter of contentType.split(';').slice(1)) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim().toLowerCase() === 'charset') return value.trim().replaceAll('"', '').toLowerCase();
  }
  return 'utf-8';
}

function tooLarge(request: Request, response: Response): void {
  refuse(response, [problem('BODY_TOO_LARGE', '', 'the body is larger than this service accepts')]);
  request.resume();
}

/** Parses what has been read; what would take far more memory than its size is refused before. */
export function parseBody({ config }: Pick<Deployment, 'config'>): RequestHandler {
  const limits = limitsFor(config.bodyLimitBytes);
  return (request, response, next) => {
    const come = sent.get(request);
    sent.delete(request);
    if (come === undefined) {
      next();
      return;
    }
    const { text, forget } = come;
    forget();
    const excess = jsonExcess(text, limits);
    if (excess !== undefined) {
      refuse(response, [{ ...problem('REQUEST_INVALID', '', `the body ${excess}`), reason: 'too-long' }]);
      return;
    }
    try {
      request.body = text.byteLength === 0 ? {} : (JSON.parse(new TextDecoder().decode(text)) as unknown);
    } catch {
      refuse(response, [problem('REQUEST_INVALID', '', 'the body is not valid JSON')]);
      return;
    }
    next();
  };
}
