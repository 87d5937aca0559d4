import type { LesionSets } from '../chart/lesion-sites.js';
import { statusesOf } from '../chart/status.js';
import type { DataNeed } from '../data/types.js';
import { resourceTypes, type ResourceType } from '../resource-table.js';
import type { CompiledRule } from '../rules/evaluate.js';
import type { Terminology } from '../terminology/value-sets.js';

/** The prefetch key under which a resource type is asked for. */
export function keyOf(resourceType: string): string {
  return resourceTypes.get(resourceType)?.key ?? resourceType;
}

/** Every prefetch key that a service may publish. */
export const prefetchKeys: ReadonlySet<string> = new Set([...resourceTypes.values()].map(({ key }) => key));

/** The data that the rules read, merged to one query for each resource type, so that discovery never drifts. */
export function needsOf(
  rules: readonly CompiledRule[],
  { lesionSets, terminology }: { readonly lesionSets: LesionSets; readonly terminology: Terminology },
): readonly DataNeed[] {
  const sets = new Map<string, Set<string>>();
  for (const { charted } of rules) {
    for (const [type, ids] of charted) {
      const known = sets.get(type) ?? new Set();
      ids.forEach((id) => known.add(id));
      sets.set(type, known);
    }
  }
  // Where metastases are is asked of registries too, by services that ask for results anyway.
  if (sets.has('Condition')) sets.get('Observation')?.add(lesionSets.lesionSite);
  return [...resourceTypes].flatMap(([resourceType, row]) => {
    const ids = sets.get(resourceType);
    if (ids === undefined) return [];
    return [{ key: row.key, resourceType, template: template(resourceType, row, [...ids], terminology) }];
  });
}

/** Prefetch keys that one rule reads. */
export function keysOf({ charted }: CompiledRule): ReadonlySet<string> {
  return new Set([...charted.keys()].map(keyOf));
}

/** Codes are asked for without their system: gateways refuse long addresses, and charts name one system in several ways. */
function template(
  resourceType: string,
  { query: filter }: ResourceType,
  sets: readonly string[],
  terminology: Terminology,
): string {
  if (resourceType === 'Patient') return 'Patient/{{context.patientId}}';
  const query = `${resourceType}?patient={{context.patientId}}`;
  if (filter === 'whole') return query;
  if (filter !== 'codes') return `${query}&status=${statusesOf(resourceType, filter).join(',')}`;
  const codes = new Set(sets.flatMap((id) => terminology.codesOf(id)).map(({ code }) => code));
  return codes.size === 0 ? query : `${query}&code=${[...codes].sort().join(',')}`;
}
