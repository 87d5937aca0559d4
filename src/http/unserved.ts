import { unservedTypes, type UnservedTypes } from '../data/unserved.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

/** What the FHIR servers of clients were found not to serve: said once for each type, in the log and in the metrics. */
export function rememberUnserved(
  log: Log,
  metrics: Metrics,
  now: () => Date,
): (client: string, base: string) => UnservedTypes {
  return unservedTypes({
    now,
    told: (client, resourceType, reason) => {
      log.warn({ client, resourceType, reason }, 'FHIR server does not serve this type; it stays unchecked');
      metrics.typeUnserved(client, resourceType, reason);
    },
  });
}
