import type { Dispatcher } from 'undici';
import type { Config } from '../config.js';
import type { UnservedTypes } from '../data/unserved.js';
import type { Prepared } from '../engine/prepare.js';
import type { Recall } from '../engine/said-before.js';
import type { KeyedHash } from '../feedback/keyed-hash.js';
import type { Store } from '../feedback/types.js';
import type { Client } from '../trust/clients.js';
import type { KeySource } from '../trust/keys.js';
import type { ReplayGuard } from '../trust/replay.js';
import type { Audit } from './audit.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

/** Everything that the routes need, made once by `main`. */
export interface Deployment {
  readonly config: Config;
  readonly prepared: Prepared;
  readonly store: Store;
  readonly clients: () => readonly Client[];
  readonly keys: KeySource;
  readonly replay: ReplayGuard;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: () => Date;
  /** Public base URL without trailing slash; known only once the port is bound. */
  readonly baseUrl: () => string;
  readonly newId: () => string;
  /** Connections to FHIR servers, for each client its own. */
  readonly fhirDispatcher: (issuer: string | undefined) => Dispatcher;
  /** What the FHIR servers of clients were found not to serve, by the client's name and the FHIR base. */
  readonly unserved: (client: string, base: string) => UnservedTypes;
  /** Hashes by which patients, users and cards are known again. */
  readonly keyed: KeyedHash;
  readonly audit: Audit;
  /** What was shown and declined before. */
  readonly recall: Recall;
}

/** The civil date where the service stands: the patient's «today» is the clinic's, not that of UTC. */
export function civilDate(now: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
