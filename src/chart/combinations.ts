import type { Combination } from '../knowledge/types.js';
import type { CodingValue } from './element.js';
import type { SiteIndex } from './sites.js';

/** Adds to the value sets of a resource's codes those that its codes, or a code and a place, say only together. */
export type Combine = (
  sets: ReadonlySet<string>,
  places: () => readonly CodingValue[],
) => ReadonlySet<string>;

interface Tools {
  readonly setsOf: (system: string | undefined, code: string) => readonly string[];
  readonly widerOf: (id: string) => ReadonlySet<string>;
  readonly sites: SiteIndex;
}

/** Makes the look-up; of the combinations of one value set every one that holds counts. */
export function compileCombinations(
  combinations: readonly Combination[],
  { setsOf, widerOf, sites }: Tools,
): Combine {
  const byHead = new Map<string, Combination[]>();
  for (const each of combinations) byHead.set(each.of, [...(byHead.get(each.of) ?? []), each]);
  const isAt = ({ at, in: within }: Combination, places: readonly CodingValue[]): boolean => {
    if (at === undefined && within === undefined) return true;
    const locations = sites.locate(places);
    // A place that reaches over several regions is in none of them alone.
    const isSited = at?.some((name) => locations.some((location) => sites.within(location, [name]) === true));
    return (
      isSited === true ||
      places.some(({ system, code }) => setsOf(system, code).some((id) => within?.includes(id) === true))
    );
  };
  return (sets, places) => {
    let all = sets;
    for (const id of sets) {
      for (const each of byHead.get(id) ?? []) {
        if (each.with !== undefined && !sets.has(each.with)) continue;
        if (isAt(each, places())) all = new Set([...all, ...widerOf(each.is)]);
      }
    }
    return all;
  };
}
