import { bounds } from '../bounds.js';
import { isList, member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { isObject } from '../json.js';

const mostOf: ReadonlyMap<string, number> = new Map(Object.entries(bounds.chart));

/**
 * Which bound a chart breaks, in words that name it; undefined when it keeps them all. Where resources are weighed
 * against one another, the work grows with the square of their number.
 */
export function chartExcess(resources: readonly FhirResource[]): string | undefined {
  const counts = new Map<string, number>();
  const focused = new Set<unknown>();
  for (const resource of resources) {
    const type = resource.resourceType;
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const most = mostOf.get(type) ?? bounds.chartOther;
    if (count > most)
      return `holds more than ${most} resources of ${mostOf.has(type) ? `type ${type}` : 'one type'}`;
    const focus = type === 'Observation' ? member(resource, 'focus') : undefined;
    for (const each of isList(focus) ? focus : []) {
      if (isObject(each)) focused.add(member(each, 'reference'));
    }
    if (focused.size > bounds.lesions) {
      return `holds Observations that focus on more than ${bounds.lesions} different resources`;
    }
  }
  return undefined;
}
