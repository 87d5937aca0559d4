import type { Dispatcher } from 'undici';
import { outboundAgent, type Connections } from '../outbound/agent.js';

/**
 * The connections of each client to its FHIR servers, made when it first needs one: a server that hangs takes none from
 * the others, and their number keeps one busy hospital from overrunning its own EHR.
 */
export function fhirAgents(options: Connections): (owner: string | undefined) => Dispatcher {
  const agents = new Map<string | undefined, Dispatcher>();
  return (owner) => {
    const agent = agents.get(owner) ?? outboundAgent(options);
    agents.set(owner, agent);
    return agent;
  };
}
