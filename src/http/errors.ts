import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { operationOutcome, statusOf, type ErrorCode, type Problem } from '../cds-hooks/outcome.js';
import { shippedGuideline } from '../knowledge/guideline-names.js';
import type { Log } from './log.js';
import { requestIdOf } from './request-id.js';

const refusals = new WeakMap<Response, ErrorCode>();

/** The code with which a request was refused, for the metrics. */
export function refusedCode(response: Response): ErrorCode | undefined {
  return refusals.get(response);
}

/** Answers with an OperationOutcome that lists every problem; the status is that of the first. */
export function refuse(
  response: Response,
  problems: readonly Problem[],
  mediaType: 'application/json' | 'application/fhir+json' = 'application/json',
): void {
  const [first] = problems;
  refusals.set(response, first?.code ?? 'INTERNAL');
  response
    .status(statusOf(first?.code ?? 'INTERNAL'))
    .type(mediaType)
    .send(JSON.stringify(operationOutcome(problems, baseOf(response))));
}

/** Name of the Express setting that holds `CANONICAL_BASE`. */
export const canonicalBaseSetting = 'canonical base';

function baseOf({ app }: Response): string {
  const base: unknown = app.get(canonicalBaseSetting);
  return typeof base === 'string' ? base : shippedGuideline().canonicalBase;
}

/** One problem; `path` is that of the value in the request, empty for the whole of it. Never quotes the request. */
export function problem(code: ErrorCode, path: string, message: string): Problem {
  return { code, path, message };
}

/** 404 for what is not routed. */
export const notFound: RequestHandler = (_request, response) => {
  refuse(response, [problem('NOT_FOUND', '', 'there is nothing at this path')]);
};

/**
 * 405 for a path that exists with another method (DISC-17). `OPTIONS` is answered without CORS headers: a preflight
 * from an origin that may read the answers has been answered before.
 */
export function onlyMethods(...methods: readonly string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', methods.join(', '));
    if (request.method === 'OPTIONS') response.status(204).end();
    else refuse(response, [problem('METHOD_NOT_ALLOWED', '', `this path takes ${methods.join(' and ')}`)]);
  };
}

interface HttpFault {
  readonly status?: unknown;
}

/** What Express throws, in our codes; anything else is our own fault and says nothing. */
function problemOf(error: unknown): Problem {
  const { status }: HttpFault = typeof error === 'object' && error !== null ? error : {};
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return problem('REQUEST_INVALID', '', 'the request could not be read');
  }
  return problem('INTERNAL', '', 'something went wrong in this service; the call can be repeated');
}

/** The last handler: an OperationOutcome for every error, and a log line without any content of the request. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const found = problemOf(error);
    if (found.code !== 'INTERNAL') {
      refuse(response, [found]);
      return;
    }
    const requestId = requestIdOf(response);
    const name = error instanceof Error ? error.name : 'unknown';
    log.error({ error: name, at: whereOf(error), requestId }, 'request failed');
    const asked = requestId === undefined ? '' : ` (request ${requestId})`;
    refuse(response, [{ ...found, message: `${found.message}${asked}` }]);
  };
}

/** The first line of our own code in a stack: a place, never the message, which may quote data. */
function whereOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return /\/(?:dist|src)\/([\w./-]+\.[jt]s:\d+)/.exec(stack)?.[1];
}
