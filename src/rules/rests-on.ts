import { leaves, type Graph } from '../knowledge/reads.js';
import type { Input } from '../knowledge/types.js';

/** Readings that only say whether and when: the result itself says both, and better. */
const guards: ReadonlySet<string> = new Set(['exists', 'date', 'first-date']);

/**
 * The inputs whose facts an expression rests on. Where a formula asks whether there is a calcium, of what day, and what it
 * is, it rests on the one result that it reads, and not on all those that were ever taken.
 * @param names inputs that the expression names; those that they are made of are looked through
 */
export function restsOn(
  names: readonly string[],
  inputs: ReadonlyMap<string, Input>,
  graph: Graph,
): readonly string[] {
  const ends = leaves(names, graph, ({ kind }) => kind === 'selected');
  const selections = (isGuard: boolean): readonly (readonly [string, string])[] =>
    ends.flatMap((name) => {
      const input = inputs.get(name);
      return input?.kind === 'selected' && guards.has(input.read) === isGuard
        ? [[name, JSON.stringify(input.select)] as const]
        : [];
    });
  const read = new Set(selections(false).map(([, selection]) => selection));
  const spared = new Set(
    selections(true)
      .filter(([, selection]) => read.has(selection))
      .map(([name]) => name),
  );
  return spared.size === 0 ? names : ends.filter((name) => !spared.has(name));
}
