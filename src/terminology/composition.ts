import { problem, type NarrowerSet, type ValueSetProblem } from './compose.js';

/** Value sets by what they are composed of. */
export interface Composition {
  /** The value sets that this one is composed of, at first hand. */
  readonly narrowerOf: (id: string) => readonly string[];
  /** The value sets that are composed of this one, at first hand. */
  readonly widerOf: (id: string) => readonly string[];
  readonly problems: readonly ValueSetProblem[];
}

const none: readonly string[] = [];

/**
 * Reads which value sets hold which others.
 * @param idOf the id of a value set by its canonical URL, with or without a version
 */
export function readComposition(
  sets: readonly { readonly id: string; readonly narrower: readonly NarrowerSet[] }[],
  idOf: (url: string) => string | undefined,
): Composition {
  const problems: ValueSetProblem[] = [];
  const narrower = new Map<string, string[]>();
  const wider = new Map<string, string[]>();
  for (const { id, narrower: named } of sets) {
    for (const { url, path } of named) {
      const part = idOf(url);
      if (part === undefined) {
        problems.push(problem('VALUE_SET_UNKNOWN', path, 'the canonical URL of a value set is needed'));
        continue;
      }
      narrower.set(id, [...(narrower.get(id) ?? []), part]);
      wider.set(part, [...(wider.get(part) ?? []), id]);
    }
  }
  const narrowerOf = (id: string): readonly string[] => narrower.get(id) ?? none;
  for (const { id } of sets) {
    if (closureOf(narrowerOf(id), narrowerOf).has(id))
      problems.push(problem('VALUE_SET_CIRCULAR', `${id}.compose.include`, 'a value set cannot hold itself'));
  }
  return { narrowerOf, widerOf: (id) => wider.get(id) ?? none, problems };
}

/** What can be reached from these in any number of steps, they among it. */
export function closureOf(
  ids: readonly string[],
  next: (id: string) => readonly string[],
): ReadonlySet<string> {
  const reached = new Set(ids);
  for (const id of reached) for (const further of next(id)) reached.add(further);
  return reached;
}
