import type { AddressInfo } from 'node:net';
import express from 'express';
import { sandboxFhirRouter, type SandboxFhirOptions } from '../../src/sandbox/fhir/router.js';
import type { SandboxStore } from '../../src/sandbox/fhir/store.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FhirServer {
  readonly base: string;
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  readonly close: () => void;
}

function parsed(text: string): Record<string, unknown> {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The sandbox on a port of its own, reached over HTTP. */
export async function fhirServer(
  store: SandboxStore,
  options: Omit<SandboxFhirOptions, 'baseUrl'> = {},
): Promise<FhirServer> {
  const app = express();
  let base = '';
  app.use('/fhir', sandboxFhirRouter(store, { ...options, baseUrl: () => base }));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address() as AddressInfo;
  base = `http://127.0.0.1:${address.port}/fhir`;
  return {
    base,
    async send(method, path, body, headers = {}) {
      const response = await fetch(path.startsWith('http') ? path : base + path, {
        method,
        headers: { 'Content-Type': 'application/fhir+json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The resources that a searchset Bundle holds, those of `_include` too. */
export function resourcesIn(bundle: Readonly<Record<string, unknown>>): readonly Record<string, unknown>[] {
  const entries = Array.isArray(bundle.entry)
    ? (bundle.entry as { resource: Record<string, unknown> }[])
    : [];
  return entries.map((entry) => entry.resource);
}

export function idsIn(bundle: Readonly<Record<string, unknown>>): readonly unknown[] {
  return resourcesIn(bundle).map((resource) => resource.id);
}

export function linkIn(bundle: Readonly<Record<string, unknown>>, relation: string): string | undefined {
  const links = Array.isArray(bundle.link) ? (bundle.link as { relation: string; url: string }[]) : [];
  return links.find((link) => link.relation === relation)?.url;
}
