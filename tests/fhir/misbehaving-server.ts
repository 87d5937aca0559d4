import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export type MisbehavingServer = {
  readonly origin: string;
  readonly base: string;
  readonly seen: { readonly url: string; readonly authorization?: string; readonly accept?: string }[];
  readonly close: () => Promise<void>;
};

/** A real HTTP server on loopback that does what a test tells it, and remembers what it was asked. */
export async function misbehavingServer(behaviour: Behaviour): Promise<MisbehavingServer> {
  const seen: { url: string; authorization?: string; accept?: string }[] = [];
  const server = createServer((request, response) => {
    const { authorization, accept } = request.headers;
    seen.push({
      url: request.url ?? '',
      ...(authorization === undefined ? {} : { authorization }),
      ...(accept === undefined ? {} : { accept }),
    });
    response.on('error', () => undefined);
    behaviour(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${portOf(server.address())}`;
  return {
    origin,
    base: `${origin}/fhir`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
}

export function sendText(response: ServerResponse, body: string, type = 'application/fhir+json'): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}

export function searchset(resources: readonly object[], next?: string): object {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
  };
}

export function observation(id: string, patient = '1'): { resourceType: string; id: string } {
  const subject = { reference: `Patient/${patient}` };
  return Object.assign({ resourceType: 'Observation', id }, { status: 'final', subject });
}
