import type { ScoreResult } from '../scores/result.js';
import type { Prepared } from './prepare.js';

/** Per score of the combined strategy table, every band that is still possible. */
export interface Strategy {
  readonly [score: string]: readonly string[] | boolean;
}

/**
 * The combined strategy table (scores.md section 7): two columns side by side, never a function of both. `concordant`
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
