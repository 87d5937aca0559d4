import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Of the files that this process may open, the share that callers may take; the rest is for FHIR servers and the store. */
const shareOfCallers = 0.7;

/** How long a stop waits for connections that the kernel has taken and this process has not seen yet. */
const longestQueueMs = 1000;

/** Turns of the event loop without anything new, after which the kernel's queue is known to be empty. */
const quietTurns = 4;

const impatientAfterMs = 10_000;

/**
 * How many connections callers may hold: where they could take all that the process may open, it could reach neither
 * FHIR servers nor its store. Without a bound where the system tells none.
 */
export function mostConnections(limits = limitsOfProcess()): number {
  const openFiles = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return openFiles === undefined ? Number.POSITIVE_INFINITY : Math.floor(Number(openFiles) * shareOfCallers);
}

function limitsOfProcess(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

/**
 * Follows the connections of a server, before anything else listens to it. Where there are too many, the one that has
 * said nothing for the longest makes room.
 * @returns what closes the server: what is in flight or has come already is answered and told that the connection ends
 */
export function followConnections(server: Server, most: number): () => Promise<void> {
  const open = new Set<Socket>();
  const idle = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  let isClosing = false;
  let events = 0;

  server.on('connection', (socket: Socket) => {
    events += 1;
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      idle.delete(socket);
    });
    const [longest] = idle;
    if (open.size > most) longest?.destroy();
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    events += 1;
    idle.delete(socket);
    answering.add(response);
    if (isClosing) response.setHeader('connection', 'close');
    response.once('close', () => {
      answering.delete(response);
      if (!socket.destroyed) idle.add(socket);
    });
  });

  const queueTaken = async (): Promise<void> => {
    const end = performance.now() + longestQueueMs;
    for (let quiet = 0; quiet < quietTurns && performance.now() < end;) {
      const before = events;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = events === before ? quiet + 1 : 0;
    }
  };

  return async () => {
    isClosing = true;
    for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
    await queueTaken();
    const closed = new Promise<void>((resolve) =>
      server.close(() => {
        resolve();
      }),
    );
    // A connection whose last answer has gone is idle then, and would keep the process for its whole keep-alive time.
    const closing = setInterval(() => {
      server.closeIdleConnections();
    }, 50);
    server.closeIdleConnections();
    const impatient = setTimeout(() => {
      server.closeAllConnections();
    }, impatientAfterMs);
    await closed;
    clearInterval(closing);
    clearTimeout(impatient);
  };
}
