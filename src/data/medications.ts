import { isRecord, member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import type { FhirClient } from '../fhir/types.js';

/** More different drugs than a chart has; what is beyond stays unresolved. */
const MAX_READS = 40;

export type Medications = {
  readonly found: readonly FhirResource[];
  /** References that lead to no Medication. */
  readonly unresolved: number;
};

/**
 * Reads the Medications that resources refer to and that did not come with them, each once. A contained
 * medication needs no reading; one that cannot be read stays an unresolved reference.
 * @param fhir absent when Medications may not be read
 */
export async function readMedications(
  lists: readonly (readonly FhirResource[])[],
  fhir: FhirClient | undefined,
): Promise<Medications> {
  const present = new Set<string | undefined>();
  const wanted = new Map<string, string>();
  for (const resources of lists) {
    for (const resource of resources) {
      if (resource.resourceType === 'Medication') present.add(resource.id);
      const reference = medicationReference(resource);
      if (reference === undefined) continue;
      const id = /(?:^|\/)Medication\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference)?.[1];
      if (id !== undefined) wanted.set(id, reference);
    }
  }
  for (const id of present) if (id !== undefined) wanted.delete(id);
  if (fhir === undefined) return { found: [], unresolved: wanted.size };

  const reads = [...wanted.values()].sort().slice(0, MAX_READS);
  const results = await Promise.all(reads.map((reference) => fhir.read(reference)));
  const found = results.flatMap((result) => (result.ok ? [result.resource] : []));
  return { found, unresolved: wanted.size - found.length };
}

/** `medicationReference` of R4, `medication.reference` of R5. */
function medicationReference(resource: FhirResource): string | undefined {
  const medication = member(resource, 'medicationReference') ?? member(resource, 'medication');
  const inner = isRecord(medication) ? member(medication, 'reference') : undefined;
  const text = isRecord(inner) ? member(inner, 'reference') : inner;
  return typeof text === 'string' ? text : undefined;
}
