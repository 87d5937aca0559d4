import { bounds } from '../bounds.js';
import { isList, member } from '../cds-hooks/json-value.js';
import { isFhirId } from '../cds-hooks/schemas/fields.js';
import type { FhirResource } from '../cds-hooks/types.js';
import type { FhirClient } from '../fhir/types.js';
import { isObject } from '../json.js';

/** More different drugs than a chart has; what is beyond stays unresolved. */
const MAX_READS = 40;

export type Medications = {
  readonly found: readonly FhirResource[];
  /** References that lead to no Medication. */
  readonly unresolved: number;
};

/**
 * Reads the Medications that resources refer to and that did not come with them, and what these are made of, each once. A
 * contained medication needs no reading; one that cannot be read stays an unresolved reference.
 * @param fhir absent when Medications may not be read
 */
export async function readMedications(
  lists: readonly (readonly FhirResource[])[],
  fhir: FhirClient | undefined,
): Promise<Medications> {
  const known = new Set<string>();
  const found: FhirResource[] = [];
  let unresolved = 0;
  let left = MAX_READS;
  const readFrom = async (resources: readonly FhirResource[]): Promise<readonly FhirResource[]> => {
    const wanted = new Map<string, boolean>();
    for (const resource of resources) {
      if (isDrug(resource.resourceType)) known.add(`${resource.resourceType}/${resource.id ?? ''}`);
      for (const reference of referencesOf(resource)) {
        const named = drugNamed(reference, fhir?.base);
        if (named !== undefined) wanted.set(named.path, named.isOwn || wanted.get(named.path) === true);
      }
    }
    for (const path of known) wanted.delete(path);
    const own = [...wanted].flatMap(([path, isOwn]) => (isOwn ? [path] : []));
    const reads = fhir === undefined ? [] : own.sort().slice(0, left);
    left -= reads.length;
    for (const path of wanted.keys()) known.add(path);
    const results = fhir === undefined ? [] : await Promise.all(reads.map((path) => fhir.read(path)));
    const read = results.flatMap((result) => (result.ok ? [result.resource] : []));
    unresolved += wanted.size - read.length;
    found.push(...read);
    return read;
  };
  // A drug, and once more what it is made of.
  await readFrom(await readFrom(lists.flat()));
  return { found, unresolved };
}

function isDrug(type: string | undefined): boolean {
  return type === 'Medication' || type === 'Substance';
}

/**
 * The path of the Medication or Substance that a reference names. It may be read when it lies on the server of the chart and is
 * `Medication/{id}`, alone or below the base: a reference is text that anybody may have written, and leads nowhere else.
 */
function drugNamed(
  reference: string,
  base: string | undefined,
): { readonly path: string; readonly isOwn: boolean } | undefined {
  if (reference.length > bounds.token) return undefined;
  const isBelow = base !== undefined && reference.startsWith(`${base}/`);
  const segments = (isBelow ? reference.slice(base.length + 1) : reference).split('/');
  if (segments.at(-2) === '_history') segments.splice(-2);
  const id = segments.pop();
  const type = segments.pop();
  return isDrug(type) && isFhirId(id) ? { path: `${type}/${id}`, isOwn: segments.length === 0 } : undefined;
}

/** What a resource says that the drug is, or a drug that it is made of. */
function referencesOf(resource: FhirResource): readonly string[] {
  if (resource.resourceType !== 'Medication') {
    const reference = medicationReference(resource);
    return reference === undefined ? [] : [reference];
  }
  const ingredients = member(resource, 'ingredient');
  return (isList(ingredients) ? ingredients : []).flatMap((ingredient) => {
    const item = isObject(ingredient) ? member(ingredient, 'itemReference') : undefined;
    const reference = isObject(item) ? member(item, 'reference') : undefined;
    return typeof reference === 'string' ? [reference] : [];
  });
}

/** `medicationReference` of R4, `medication.reference` of R5. */
function medicationReference(resource: FhirResource): string | undefined {
  const medication = member(resource, 'medicationReference') ?? member(resource, 'medication');
  const inner = isObject(medication) ? member(medication, 'reference') : undefined;
  const text = isObject(inner) ? member(inner, 'reference') : inner;
  return typeof text === 'string' ? text : undefined;
}
