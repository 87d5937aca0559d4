import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { operationOutcome, type ErrorCode } from '../cds-hooks/outcome.js';
import { problem } from './errors.js';

interface Refusal {
  readonly status: string;
  readonly message: string;
}

const malformed: Refusal = { status: '400 Bad Request', message: 'the request is not valid HTTP/1.1' };

/** What Node's parser gives up at; anything else it reports is a malformed request. */
const refusals: ReadonlyMap<string | undefined, Refusal> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    {
      status: '431 Request Header Fields Too Large',
      message: 'the headers are larger than 16 kB together; a long token or many cookies make them so',
    },
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: '408 Request Timeout', message: 'the request came too slowly' }],
]);

const bodyOf = (code: ErrorCode, message: string, base: string): string =>
  JSON.stringify(operationOutcome([problem(code, '', message)], base));

/** An answer where no route is: JSON like every other error. */
export function answerWithout(
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  message: string,
  canonicalBase: string,
): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(bodyOf(code, message, canonicalBase));
}

/**
 * Answers what no route ever sees: broken HTTP, too large headers, a sender that is too slow, an unknown `Expect`. Node's
 * own answers have no body, and an integrator would look in vain for what is wrong.
 */
export function answerUnread(server: Server, canonicalBase: string): void {
  const open = new WeakMap<Duplex, Set<ServerResponse>>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const responses = open.get(socket) ?? new Set();
    open.set(socket, responses.add(response));
    response.once('close', () => {
      responses.delete(response);
    });
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const message = 'the only Expect that is understood is 100-continue';
    answerWithout(response, 417, 'REQUEST_INVALID', message, canonicalBase);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // In the middle of another answer a second one would read as part of it.
    const isAnswering = [...(open.get(socket) ?? [])].some(({ headersSent }) => headersSent);
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswering) {
      socket.destroy();
      return;
    }
    const { status, message } = refusals.get(error.code) ?? malformed;
    const body = bodyOf('REQUEST_INVALID', message, canonicalBase);
    socket.end(
      [
        `HTTP/1.1 ${status}`,
        'Connection: close',
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  });
}
