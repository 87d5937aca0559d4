import type { Indicator } from '../cds-hooks/types.js';
import type { Outcome } from '../rules/evaluate.js';
import type { MadeCard } from './cards.js';

export const severity: Readonly<Record<Indicator, number>> = { critical: 0, warning: 1, info: 2 };

/** What cards about one matter have in common; they differ in the lesion or order that they are about. */
export function topicOf({ rule }: Outcome): string {
  return rule.fold ?? rule.id;
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

/** The gravest first, one matter after the other, in each the gravest lesion first: only the first cards are shown. */
export function inOrder(cards: readonly MadeCard[]): readonly MadeCard[] {
  const matterOf = ({ outcomes: [first] }: MadeCard): string | undefined => first && topicOf(first);
  const matters = [...new Set(cards.map(matterOf))];
  return [...cards].sort(
    (a, b) =>
      severity[a.card.indicator] - severity[b.card.indicator] ||
      matters.indexOf(matterOf(a)) - matters.indexOf(matterOf(b)) ||
      leastTotal(b) - leastTotal(a),
  );
}

function leastTotal({ outcomes }: MadeCard): number {
  return Math.max(0, ...outcomes.flatMap(({ scores }) => scores.map(({ reachable: [least = 0] }) => least)));
}
