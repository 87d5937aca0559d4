import type { Knowledge } from '../../src/knowledge/knowledge.js';

/** Every condition and formula of the artifacts, once. */
export function sourcesOf(knowledge: Knowledge): readonly string[] {
  const { rules, inputs, scores, plan, functionalPrognosis } = knowledge;
  const found: readonly (string | undefined)[] = [
    ...[...rules.values()].flatMap(({ when, condition, unless, statedIf, card, unknown }) => [
      when,
      condition,
      unless,
      ...Object.values(statedIf ?? {}),
      ...[...(card.suggestions ?? []), ...(unknown?.suggestions ?? [])].flatMap((offer) => [
        offer.when,
        offer.unless,
      ]),
    ]),
    ...[...inputs.values()].map((input) => (input.kind === 'expression' ? input.expression : undefined)),
    ...[...scores.values()].flatMap(({ when, items, flags }) => [
      when,
      ...items.flatMap(({ answers }) => answers.flatMap(({ fact, derived }) => [fact, derived])),
      ...flags.map((flag) => flag.if),
    ]),
    ...Object.values(plan.brakes).map(({ when }) => when),
    ...Object.values(plan.exclusions).map(({ when }) => when),
    plan.opening.completeWhen,
    ...[...functionalPrognosis.values()].map(({ condition }) => condition),
  ];
  return [...new Set(found.filter((source) => source !== undefined))];
}
