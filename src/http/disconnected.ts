import type { Socket } from 'node:net';
import type { Request, Response } from 'express';

const endings = new WeakMap<Socket, Set<() => void>>();

/** What is to be done when this connection ends: one listener for all calls that come over it. */
function endingsOf(socket: Socket): Set<() => void> {
  const known = endings.get(socket);
  if (known !== undefined) return known;
  const made = new Set<() => void>();
  endings.set(socket, made);
  socket.once('close', () => {
    for (const each of made) each();
  });
  return made;
}

/**
 * Calls back once, when the answer has gone or can no longer go. Of calls that were sent one after the other without
 * waiting, only the first hears from its response that the connection ended.
 * @returns what takes this back
 */
export function whenOver(request: Request, response: Response, action: () => void): () => void {
  const { socket } = request;
  const forget = (): void => {
    response.off('close', over);
    endingsOf(socket).delete(over);
  };
  const over = (): void => {
    forget();
    action();
  };
  response.once('close', over);
  endingsOf(socket).add(over);
  return forget;
}

/** Nobody waits for the answer any more. */
export function isOver(request: Request, response: Response): boolean {
  return response.destroyed || request.socket.destroyed;
}

/** Aborts when the client has gone before the answer: its FHIR calls are then cancelled. */
export function disconnected(request: Request, response: Response): AbortSignal {
  const gone = new AbortController();
  if (isOver(request, response)) gone.abort();
  else
    whenOver(request, response, () => {
      if (!response.writableEnded) gone.abort();
    });
  return gone.signal;
}
