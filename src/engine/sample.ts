import type { FhirResource } from '../cds-hooks/types.js';
import { readCoded } from '../chart/coded.js';
import { objects, referenceKey, referenceOf } from '../chart/element.js';
import { countNotUnderstood, nameWords, type NotUnderstood } from '../chart/not-understood.js';
import { rulesOf } from '../terminology/systems.js';
import type { Prepared } from './prepare.js';

/** Rules of a service that no order of the sample can reach, as their value sets hold no code in its code systems. */
export interface OutOfReach {
  readonly service: string;
  /** Type of the orders. */
  readonly type: string;
  /** Code systems in which the sample writes orders of this type. */
  readonly systems: readonly string[];
  readonly rules: readonly string[];
}

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
    outOfReach: outOfReach(prepared, resources, medications),
  };
}

const orderTypes: readonly string[] = ['MedicationRequest', 'ServiceRequest', 'Appointment'];

function outOfReach(
  { services, inputs, terminology }: Prepared,
  resources: readonly FhirResource[],
  medications: ReadonlyMap<string, FhirResource>,
): readonly OutOfReach[] {
  const written = new Map<string, Set<string>>();
  for (const resource of resources) {
    if (!orderTypes.includes(resource.resourceType)) continue;
    const systems = written.get(resource.resourceType) ?? new Set();
    written.set(resource.resourceType, systems);
    for (const { system } of readCoded(resource, 'code', medications).codings)
      if (system !== undefined) systems.add(rulesOf(system).system);
  }
  return [...services.values()].flatMap(({ definition, rules }) =>
    [...written].flatMap(([type, systems]): readonly OutOfReach[] => {
      const unreached = rules.filter((rule) => {
        const sets = [...rule.criteria].flatMap((name) => {
          const input = inputs.get(name)?.input;
          return input?.kind === 'selected'
            ? input.select.filter((each) => each.from === 'request' && each.type === type)
            : [];
        });
        const codes = sets.flatMap(({ codes = [] }) => codes).flatMap((id) => terminology.codesOf(id));
        return codes.length > 0 && !codes.some(({ system }) => systems.has(rulesOf(system).system));
      });
      if (systems.size === 0 || unreached.length === 0) return [];
      const ids = unreached.map(({ rule }) => rule.id);
      return [{ service: definition.id, type, systems: [...systems].sort(), rules: ids }];
    }),
  );
}
