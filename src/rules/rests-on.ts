import type { CompiledInput } from './case.js';

/** Readings that only say whether and when: the result itself says both, and better. */
const guards: ReadonlySet<string> = new Set(['exists', 'date', 'first-date']);

/**
 * The inputs whose facts an expression rests on. Where a formula asks whether there is a calcium, of what day, and what it
 * is, it rests on the one result that it reads, and not on all those that were ever taken.
 * @param names inputs that the expression names; those that they are made of are looked through
 */
export function restsOn(
  names: readonly string[],
  get: (name: string) => CompiledInput | undefined,
): readonly string[] {
  const leaves = new Map<string, CompiledInput>();
  const look = (name: string): void => {
    const compiled = get(name);
    if (compiled === undefined || leaves.has(name)) return;
    if (compiled.input.kind === 'selected' || compiled.uses.length === 0) leaves.set(name, compiled);
    else compiled.uses.forEach(look);
  };
  names.forEach(look);
  const selections = (isGuard: boolean): readonly (readonly [string, string])[] =>
    [...leaves].flatMap(([name, { input }]) =>
      input.kind === 'selected' && guards.has(input.read) === isGuard
        ? [[name, JSON.stringify(input.select)] as const]
        : [],
    );
  const read = new Set(selections(false).map(([, selection]) => selection));
  const spared = new Set(
    selections(true)
      .filter(([, selection]) => read.has(selection))
      .map(([name]) => name),
  );
  return spared.size === 0 ? names : [...leaves.keys()].filter((name) => !spared.has(name));
}
