import type { ScoreResult } from '../rules/scored.js';
import type { OpenCase } from './case.js';
import type { Prepared } from './prepare.js';

/** Per score of the combined strategy table, every band that is still possible. */
export interface Strategy {
  readonly [score: string]: readonly string[] | boolean;
}

/**
 * The combined strategy table: two columns side by side, never a function of both. `concordant`
 * is left out as long as it depends on what is missing.
 */
export function strategyOf(results: readonly ScoreResult[], { knowledge }: Prepared): Strategy | undefined {
  const columns = results.flatMap((result) => {
    const rows = (knowledge.scores.get(result.score)?.classes ?? []).flatMap(({ code, strategy }) =>
      strategy !== undefined && result.possibleClasses.includes(code) ? [strategy] : [],
    );
    return rows.length === 0 ? [] : [{ score: result.score, rows }];
  });
  if (columns.length === 0) return undefined;
  const bands = columns.map(
    ({ score, rows }) => [score, [...new Set(rows.map(({ band }) => band))]] as const,
  );
  const [first, second] = columns;
  if (first === undefined || second === undefined) return Object.fromEntries(bands);
  const answers = new Set(first.rows.flatMap((a) => second.rows.map((b) => a.row === b.row)));
  const [concordant] = answers;
  return {
    ...Object.fromEntries(bands),
    ...(answers.size === 1 && concordant !== undefined && { concordant }),
  };
}

/**
 * The guideline's criteria of a better functional prognosis after spinal surgery: met or not
 * met, left out while unknown, never added up. Undefined where no score of the strategy table applies.
 */
export function prognosisOf(
  { of, memory }: OpenCase,
  strategy: Strategy | undefined,
  { prognosis }: Prepared,
): Readonly<Record<string, boolean>> | undefined {
  if (strategy === undefined) return undefined;
  const valueOf = memory.valueOf(of.subjectOf({ eligible: of.lesions }));
  const answers = [...prognosis].flatMap(([id, criterion]) => {
    const { answer } = criterion.decide(valueOf);
    return answer === undefined ? [] : [[id, answer] as const];
  });
  return answers.length === 0 ? undefined : Object.fromEntries(answers);
}
