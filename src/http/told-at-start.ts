import { outOfReach } from '../engine/out-of-reach.js';
import type { Prepared } from '../engine/prepare.js';
import type { Client } from '../trust/clients.js';
import type { Log } from './log.js';
import { orderTypes } from '../resource-table.js';

/** Says once what whoever runs the service ought to know of its knowledge and of each client; nothing of a patient is known yet. */
export function tellAtStart(log: Log, prepared: Prepared, clients: readonly Client[]): void {
  for (const { kind, name, from, to } of prepared.knowledge.overrides)
    log.info({ kind, name, from, to }, 'local knowledge overrides');
  const asked = new Set(
    [...prepared.services.values()].flatMap(({ needs }) => needs.map(({ resourceType }) => resourceType)),
  );
  for (const { name, notKept = [], codeSystems = [] } of clients) {
    if (notKept.length > 0)
      log.info(
        { client: name, notKept, unknown: notKept.filter((type) => !asked.has(type)) },
        'types that this EHR keeps elsewhere are not asked for; what rests on them alone stays unknown',
      );
    const systems = new Set(codeSystems);
    for (const { service, type, rules } of outOfReach(
      prepared,
      new Map(orderTypes.map((each) => [each, systems])),
    ))
      log.warn(
        { client: name, service, type, rules },
        'rules that no order in the code systems of this client can reach',
      );
  }
}
