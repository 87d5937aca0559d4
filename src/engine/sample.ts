import type { FhirResource } from '../cds-hooks/types.js';
import { readCoded } from '../chart/coded.js';
import { objects, referenceKey, referenceOf } from '../chart/element.js';
import { countNotUnderstood, nameWords, type NotUnderstood } from '../chart/not-understood.js';
import { outOfReach, type OutOfReach } from './out-of-reach.js';
import { orderTypes } from '../resource-table.js';
import type { Prepared } from './prepare.js';

/** What a folder of a hospital's resources says of the value sets at hand. */
export interface SampleReport {
  /** Resources of a type that rules read. */
  readonly looked: number;
  readonly notUnderstood: readonly NotUnderstood[];
  readonly outOfReach: readonly OutOfReach[];
}

/** Looks at a sample of any number of patients' resources; pure. */
export function lookAtSample(prepared: Prepared, resources: readonly FhirResource[]): SampleReport {
  const types = new Set([
    ...[...prepared.services.values()].flatMap(({ needs }) => needs.map(({ resourceType }) => resourceType)),
    ...orderTypes,
  ]);
  const medications = new Map(
    resources
      .filter(({ resourceType }) => resourceType === 'Medication')
      .map((medication) => [referenceOf(medication), medication]),
  );
  const names = new Map(
    resources
      .filter(({ resourceType }) => resourceType === 'Patient')
      .map((patient) => [referenceOf(patient), nameWords(patient)]),
  );
  // Of a resource that says not whose it is, the words of nobody's name may stand.
  const everybody = new Set([...names.values()].flatMap((words) => [...words]));
  const counted = countNotUnderstood({ terminology: prepared.terminology, sites: prepared.sites, types });
  let looked = 0;
  for (const resource of resources) {
    if (!types.has(resource.resourceType)) continue;
    looked++;
    const [subject] = objects(resource['subject'] ?? resource['patient']);
    const own = names.get(referenceKey(subject) ?? '') ?? everybody;
    counted.add(resource, { names: own, medications });
  }
  return {
    looked,
    notUnderstood: counted.rows(),
    outOfReach: outOfReach(prepared, systemsOfOrders(resources, medications)),
  };
}

/** In which code systems the sample writes the orders of each type. */
function systemsOfOrders(
  resources: readonly FhirResource[],
  medications: ReadonlyMap<string, FhirResource>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const written = new Map<string, Set<string>>();
  for (const resource of resources) {
    if (!orderTypes.includes(resource.resourceType)) continue;
    const systems = written.get(resource.resourceType) ?? new Set();
    written.set(resource.resourceType, systems);
    for (const { system } of readCoded(resource, 'code', medications).codings)
      if (system !== undefined) systems.add(system);
  }
  return written;
}
