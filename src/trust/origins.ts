import type { Client } from './clients.js';

/**
 * May pages of this origin read our answers? `origin` is the header `Origin`, or undefined when the browser
 * sent none. `null` (sandboxed frames, files) is never allowed (CORS-4).
 */
export const allowedOrigin = (
  origin: string | undefined,
  clients: readonly Pick<Client, 'corsOrigins'>[],
): boolean => origin !== undefined && clients.some(({ corsOrigins }) => corsOrigins.includes(origin));

/** The origins that the SMART app may talk to: FHIR servers, and the servers that give it its token. */
export const smartConnections = (
  clients: readonly Pick<Client, 'fhirServers' | 'authorizationServers'>[],
): readonly string[] => [
  ...new Set(
    clients.flatMap(({ fhirServers, authorizationServers }) => [
      ...fhirServers.map((url) => new URL(url).origin),
      ...authorizationServers,
    ]),
  ),
];

/** The sources of the CSP directive `frame-ancestors`: the EHRs that may show the SMART app in a frame. */
export const frameAncestors = (clients: readonly Pick<Client, 'frameAncestors'>[]): readonly string[] => [
  ...new Set(clients.flatMap((client) => client.frameAncestors)),
];
