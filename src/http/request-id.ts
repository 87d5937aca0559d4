import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const header = 'X-Request-Id';

/** UUID, or the hexadecimal id of a trace: any other text that a caller chooses might say something of a patient. */
const opaque = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

/** Gives every answer an `X-Request-Id`: the caller's own when it is opaque, else a new UUID. */
export function requestId(): RequestHandler {
  return (request, response, next) => {
    const given = request.get(header);
    response.set(header, given !== undefined && opaque.test(given) ? given : randomUUID());
    next();
  };
}

/** The id under which a request is logged and answered. */
export function requestIdOf(response: Response): string | undefined {
  return response.get(header);
}
