import type { Score } from '../knowledge/types.js';
import type { Condition } from '../rules/condition.js';

/** A score with its conditions compiled, by their source. */
export interface PreparedScore {
  readonly score: Score;
  readonly when: Condition | undefined;
  readonly conditions: ReadonlyMap<string, Condition>;
}
