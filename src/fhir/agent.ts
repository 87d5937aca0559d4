import { Agent } from 'undici';

/**
 * The connections to FHIR servers, shared by the hook calls of one client. The timeouts are only a net under the budget of each
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

/** The connections of each client, made when it first needs one: a FHIR server that hangs takes none from the others. */
export function fhirAgents(options: Parameters<typeof fhirAgent>[0]): (owner: string | undefined) => Agent {
  const agents = new Map<string | undefined, Agent>();
  return (owner) => {
    const agent = agents.get(owner) ?? fhirAgent(options);
    agents.set(owner, agent);
    return agent;
  };
}
