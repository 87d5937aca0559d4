import type { Graph, InputReads } from '../knowledge/reads.js';
import type { CostOf } from './condition.js';

/** Beside one look-up of what is about the patient, which is read once for all rules. */
const costs: Readonly<Record<InputReads['kind'], number>> = {
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
export function costsAmong({ inputs }: Graph): CostOf {
  const known = new Map<string, number>();
  const costOf: CostOf = (name) => {
    let cost = known.get(name);
    if (cost !== undefined) return cost;
    const reads = inputs.get(name);
    if (reads === undefined) return 0;
    const own = costs[reads.kind] * (reads.scope === 'patient' ? 1 : perSubject);
    known.set(name, (cost = reads.inputs.reduce((sum, each) => sum + costOf(each), own)));
    return cost;
  };
  return costOf;
}
