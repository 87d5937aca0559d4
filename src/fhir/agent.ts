import { Agent } from 'undici';

/**
 * The connections to FHIR servers, shared by all hook calls. The timeouts are only a net under the budget of each
 * call; the number of connections per server keeps one busy hospital from overrunning its own EHR.
 */
export function fhirAgent(options: { readonly connections: number; readonly timeoutMs: number }): Agent {
  return new Agent({
    connections: options.connections,
    connect: { timeout: options.timeoutMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    keepAliveTimeout: 4000,
  });
}
