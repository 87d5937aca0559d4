import type { FhirResource } from '../cds-hooks/types.js';
import { referenceOf, text } from './element.js';
import { push } from './grouped.js';
import { isObject } from '../json.js';

/** Each resource once: of two versions the later one, and the same one in whatever order they came. */
export function once(
  resources: readonly FhirResource[],
  leave: (reason: string) => void,
): { readonly named: Map<string, FhirResource>; readonly unnamed: readonly FhirResource[] } {
  const named = new Map<string, FhirResource>();
  const unnamed: FhirResource[] = [];
  for (const resource of resources) {
    const reference = referenceOf(resource);
    if (reference === resource.resourceType) {
      unnamed.push(resource);
      continue;
    }
    const other = named.get(reference);
    if (other !== undefined) leave('duplicate');
    if (other === undefined || isLater(resource, other)) named.set(reference, resource);
  }
  return { named, unnamed };
}

/**
 * Each draft once, with its reference. Orders that differ under one id, as where an EHR gives all new ones the same, are all
 * judged; none keeps the id, for the EHR could not tell which of them an action means.
 */
export function eachDraft(
  drafts: readonly FhirResource[],
  leave: (reason: string) => void,
): readonly (readonly [string, FhirResource])[] {
  const byReference = new Map<string, FhirResource[]>();
  for (const draft of drafts) push(byReference, referenceOf(draft), draft);
  return [...byReference].flatMap(([reference, [first, ...others]]) => {
    if (first === undefined) return [];
    if (others.length === 0 || reference === first.resourceType)
      return [first, ...others].map((draft) => [reference, draft] as const);
    const different = [
      ...new Map([first, ...others].map((draft) => [JSON.stringify(draft), draft])).values(),
    ];
    others.slice(different.length - 1).forEach(() => {
      leave('duplicate');
    });
    if (different.length === 1) return [[reference, first] as const];
    return different.map((draft) => [reference, withoutId(draft)] as const);
  });
}

function withoutId(resource: FhirResource): FhirResource {
  const elements = Object.entries(resource).filter(([name]) => name !== 'id');
  return { ...Object.fromEntries(elements), resourceType: resource.resourceType };
}

function isLater(a: FhirResource, b: FhirResource): boolean {
  const [one, other] = [updatedAt(a), updatedAt(b)];
  return one === other ? JSON.stringify(a) > JSON.stringify(b) : one > other;
}

/** Not compared as text: the offsets of two servers' clocks differ, and so do the digits of their seconds. */
function updatedAt({ meta }: FhirResource): number {
  const time = Date.parse(isObject(meta) ? (text(meta['lastUpdated']) ?? '') : '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
