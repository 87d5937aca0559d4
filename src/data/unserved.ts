import type { FetchFailure } from '../fhir/types.js';

/** Why a FHIR server gives nothing of a whole resource type, whoever the patient is. */
export type UnservedReason = Extract<FetchFailure, 'not-found' | 'forbidden' | 'unknown-type'>;

/** What one client's FHIR server was found not to serve; such a type is unchecked for a while, never «none». */
export interface UnservedTypes {
  /** The reason with which the server refused the type last; undefined when it may be asked. */
  because(resourceType: string): UnservedReason | undefined;
  learn(resourceType: string, reason: UnservedReason): void;
}

export interface UnservedOptions {
  readonly now: () => Date;
  /** Told once for each type of a server, however often it is refused. */
  readonly told: (client: string, resourceType: string, reason: UnservedReason) => void;
}

/** After this a type is asked for once more: rights are granted and modules are switched on while we run. */
const learntForMs = 600_000;
/** More servers than the clients of one installation have; a caller in development may name any of this machine. */
const mostServers = 500;

/** The memory of one process: for each client and FHIR base what is not served there. */
export function unservedTypes({
  now,
  told,
}: UnservedOptions): (client: string, base: string) => UnservedTypes {
  const servers = new Map<string, Map<string, { readonly reason: UnservedReason; until: number }>>();
  return (client, base) => {
    const key = JSON.stringify([client, base]);
    return {
      because: (resourceType) => {
        const known = servers.get(key)?.get(resourceType);
        return known !== undefined && now().getTime() < known.until ? known.reason : undefined;
      },
      learn: (resourceType, reason) => {
        if (!servers.has(key) && servers.size >= mostServers) servers.clear();
        const types = servers.get(key) ?? new Map<string, { reason: UnservedReason; until: number }>();
        servers.set(key, types);
        if (!types.has(resourceType)) told(client, resourceType, reason);
        types.set(resourceType, { reason, until: now().getTime() + learntForMs });
      },
    };
  };
}

/** Whether the failure of a search says something of its whole type, and not of this patient or this moment. */
export function isOfWholeType(reason: string): reason is UnservedReason {
  return reason === 'not-found' || reason === 'forbidden' || reason === 'unknown-type';
}
