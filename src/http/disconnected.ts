import type { Request, Response } from 'express';

/** Aborts when the client has gone before the answer: its FHIR calls are then cancelled. */
export function disconnected(request: Request, response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) gone.abort();
  });
  if (request.destroyed && !request.complete) gone.abort();
  return gone.signal;
}
