import type { Chart, Fact } from './chart.js';
import { memo } from '../memo.js';

/** What is on record without a date was so before any day that is asked about. */
const undatedKinds: ReadonlySet<string> = new Set(['Patient', 'Medication', 'Condition', 'BodyStructure']);

/** Whether a fact was certainly on record at the end of an epoch day. A draft is of today. */
function wasKnown(fact: Fact, day: number): boolean {
  if (fact.draft) return false;
  const { start, end } = fact.when();
  const since = start ?? end;
  return since === undefined ? undatedKinds.has(fact.type) : since.to <= day;
}

/** The chart as it was at the end of an epoch day. It shares the facts of the chart; only what is asked for is looked through. */
export function chartAsOf(chart: Chart, day: number): Chart {
  const then = memo((facts: readonly Fact[]): readonly Fact[] => facts.filter((fact) => wasKnown(fact, day)));
  return {
    ...chart,
    inSet: (type, valueSet) => then(chart.inSet(type, valueSet)),
    possiblyInSet: (type, valueSet) => then(chart.possiblyInSet(type, valueSet)),
    preliminaryInSet: (type, valueSet) => then(chart.preliminaryInSet(type, valueSet)),
    ofType: (type) => then(chart.ofType(type)),
    byReference: (reference) => {
      const fact = chart.byReference(reference);
      return fact !== undefined && wasKnown(fact, day) ? fact : undefined;
    },
  };
}
