import { bounds } from '../bounds.js';
import { isRecord, member } from '../cds-hooks/json-value.js';
import { isFhirId } from '../cds-hooks/schemas/fields.js';
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
  const wanted = new Map<string, boolean>();
  for (const resources of lists) {
    for (const resource of resources) {
      if (resource.resourceType === 'Medication') present.add(resource.id);
      const named = medicationNamed(medicationReference(resource) ?? '', fhir?.base);
      if (named !== undefined) wanted.set(named.id, named.isOwn || wanted.get(named.id) === true);
    }
  }
  for (const id of present) if (id !== undefined) wanted.delete(id);
  if (fhir === undefined) return { found: [], unresolved: wanted.size };

  const own = [...wanted].flatMap(([id, isOwn]) => (isOwn ? [id] : []));
  const reads = own.sort().slice(0, MAX_READS);
  const results = await Promise.all(reads.map((id) => fhir.read(`Medication/${id}`)));
  const found = results.flatMap((result) => (result.ok ? [result.resource] : []));
  return { found, unresolved: wanted.size - found.length };
}

/**
 * The id of the Medication that a reference names. It may be read when it lies on the server of the chart and is
 * `Medication/{id}`, alone or below the base: a reference is text that anybody may have written, and leads nowhere else.
 */
function medicationNamed(
  reference: string,
  base: string | undefined,
): { readonly id: string; readonly isOwn: boolean } | undefined {
  if (reference.length > bounds.token) return undefined;
  const isBelow = base !== undefined && reference.startsWith(`${base}/`);
  const segments = (isBelow ? reference.slice(base.length + 1) : reference).split('/');
  if (segments.at(-2) === '_history') segments.splice(-2);
  const id = segments.pop();
  return segments.pop() === 'Medication' && isFhirId(id) ? { id, isOwn: segments.length === 0 } : undefined;
}

/** `medicationReference` of R4, `medication.reference` of R5. */
function medicationReference(resource: FhirResource): string | undefined {
  const medication = member(resource, 'medicationReference') ?? member(resource, 'medication');
  const inner = isRecord(medication) ? member(medication, 'reference') : undefined;
  const text = isRecord(inner) ? member(inner, 'reference') : inner;
  return typeof text === 'string' ? text : undefined;
}
