import type { CostOf } from './condition.js';
import type { CompiledInput } from './case.js';

/** Beside one look-up of what is about the patient, which is read once for all rules. */
const costs: Readonly<Record<CompiledInput['input']['kind'], number>> = {
  person: 1,
  selected: 1,
  elapsed: 1,
  undecided: 1,
  expression: 1,
  lesions: 2,
  site: 2,
  answered: 5,
  score: 20,
};

/** What is worked out anew for each lesion or order. */
const perSubject = 4;

/** How much work it is to read an input with all that it is made of: of several parts, the cheapest is asked first. */
export function costsAmong(get: (name: string) => CompiledInput | undefined): CostOf {
  const known = new Map<string, number>();
  const costOf: CostOf = (name) => {
    let cost = known.get(name);
    if (cost !== undefined) return cost;
    const compiled = get(name);
    if (compiled === undefined) return 0;
    const { input, scope, uses } = compiled;
    const own = costs[input.kind] * (scope === 'patient' ? 1 : perSubject);
    known.set(name, (cost = uses.reduce((sum, used) => sum + costOf(used), own)));
    return cost;
  };
  return costOf;
}
