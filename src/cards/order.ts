import type { EngineSetting } from '../knowledge/engine-settings.js';
import type { Indicator } from '../cds-hooks/types.js';
import type { Plan, Rule, Setting } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import type { MadeCard } from './made-card.js';

export const severity: Readonly<Record<Indicator, number>> = { critical: 0, warning: 1, info: 2 };

/** What cards about one matter have in common; they differ in the lesion or order that they are about. */
export function topicOf({ rule }: Outcome): string {
  return rule.fold ?? rule.id;
}

/** Which step of precedence advice stands on: the first leads; what is on none comes last. */
export function stepOf({ kind }: Rule, { precedence }: Plan): number {
  const step = precedence.findIndex((kinds) => kinds.includes(kind ?? ''));
  return step < 0 ? precedence.length : step;
}

/** Name of the setting that says of how many lesions a gap is told apart. */
const gapsToldApart: EngineSetting = 'gapsToldApart';

/** Whether an outcome is told with those of other lesions: the same is not known of more than are told apart. */
export function gathering(
  told: readonly Outcome[],
  settings: ReadonlyMap<string, Setting>,
): (outcome: Outcome) => boolean {
  const limit = settings.get(gapsToldApart)?.value ?? Number.POSITIVE_INFINITY;
  const lesions = new Map<string, Set<object>>();
  for (const outcome of told) {
    const { kind, subject } = outcome;
    if (kind !== 'unknown' || subject.lesion === undefined || subject.item !== undefined) continue;
    const topic = topicOf(outcome);
    lesions.set(topic, (lesions.get(topic) ?? new Set()).add(subject.lesion));
  }
  return (outcome) =>
    outcome.kind === 'unknown' &&
    outcome.subject.item === undefined &&
    (lesions.get(topicOf(outcome))?.size ?? 0) > limit;
}

/** Whether a card tells the same gap of several lesions at once. */
export function isOfLesions([first, ...others]: readonly Outcome[]): boolean {
  return first?.kind === 'unknown' && others.some(({ subject }) => subject.lesion !== first.subject.lesion);
}

/** The gravest indicator first, then what leads by the plan; where what is not known is gathered, the gravest lesion. */
export function ranked(
  group: readonly Outcome[],
  indicatorOf: (outcome: Outcome) => Indicator,
  plan: Plan,
): readonly Outcome[] {
  const gathered = isOfLesions(group);
  const step = ({ rule }: Outcome): number => stepOf(rule, plan);
  return [...group].sort(
    (a, b) =>
      severity[indicatorOf(a)] - severity[indicatorOf(b)] ||
      step(a) - step(b) ||
      (gathered ? leastOf([b]) - leastOf([a]) : 0),
  );
}

/** Two orders that need the same assessment need it once: the order whose reference comes first speaks for both. */
export function saidOnce(told: readonly Outcome[]): readonly Outcome[] {
  const speakers = new Map<string, Outcome>();
  const key = ({ rule, kind }: Outcome): string => `${rule.id}|${kind}`;
  const place = ({ subject }: Outcome): string => subject.item?.reference ?? '';
  for (const outcome of told) {
    if (outcome.rule.once !== true) continue;
    const speaker = speakers.get(key(outcome));
    if (speaker === undefined || place(outcome) < place(speaker)) speakers.set(key(outcome), outcome);
  }
  return told.filter((outcome) => outcome.rule.once !== true || speakers.get(key(outcome)) === outcome);
}

/**
 * The gravest first, then what leads by the plan, one matter after the other, in each the gravest lesion first: only the first cards
 * are shown.
 */
export function inOrder(cards: readonly MadeCard[], plan: Plan): readonly MadeCard[] {
  const step = ({ outcomes: [first] }: MadeCard): number =>
    first === undefined ? 0 : stepOf(first.rule, plan);
  const matterOf = ({ outcomes: [first] }: MadeCard): string | undefined => first && topicOf(first);
  const matters = [...new Set(cards.map(matterOf))];
  return [...cards].sort(
    (a, b) =>
      severity[a.card.indicator] - severity[b.card.indicator] ||
      step(a) - step(b) ||
      matters.indexOf(matterOf(a)) - matters.indexOf(matterOf(b)) ||
      leastOf(b.outcomes) - leastOf(a.outcomes),
  );
}

function leastOf(outcomes: readonly Outcome[]): number {
  return Math.max(0, ...outcomes.flatMap(({ scores }) => scores.map(({ reachable: [least = 0] }) => least)));
}
