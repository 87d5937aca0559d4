import type { Knowledge } from '../knowledge/knowledge.js';
import { condition, type Condition } from '../rules/condition.js';
import type { Memory, Outcome } from '../rules/evaluate.js';
import type { Case } from '../rules/inputs.js';

/** A brake ready to be asked about any chart. */
export interface PreparedBrake {
  readonly id: string;
  readonly condition: Condition;
  readonly withholds: ReadonlySet<string>;
}

/** Compiles the brakes of the plan. */
export function prepareBrakes({ plan, settings }: Knowledge): readonly PreparedBrake[] {
  return Object.entries(plan.brakes).map(([id, { when, withholds }]) => ({
    id,
    condition: condition(when, settings),
    withholds: new Set(withholds),
  }));
}

/**
 * Withholds advice of the kinds that a goal of the patient brakes: such an outcome is silent, and says by what. Only a brake that is
 * known to hold does so.
 */
export function braked(
  outcomes: readonly Outcome[],
  brakes: readonly PreparedBrake[],
  { of, memory }: { readonly of: Case; readonly memory: Memory },
): readonly Outcome[] {
  const kinds = new Set(outcomes.flatMap(({ kind, rule }) => (kind === 'silent' ? [] : (rule.kind ?? []))));
  const valueOf = memory.valueOf(of.subjectOf({ eligible: of.lesions }));
  const holding = brakes.filter(
    (brake) =>
      [...brake.withholds].some((kind) => kinds.has(kind)) && brake.condition.decide(valueOf).answer === true,
  );
  if (holding.length === 0) return outcomes;
  return outcomes.map((outcome) => {
    const brake = holding.find(({ withholds }) => withholds.has(outcome.rule.kind ?? ''));
    return brake === undefined || outcome.kind === 'silent'
      ? outcome
      : { ...outcome, kind: 'silent', withheldBy: brake.id };
  });
}
