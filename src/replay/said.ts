import { isTold } from '../cards/cards.js';
import type { MadeCard } from '../cards/made-card.js';
import type { Card } from '../cds-hooks/types.js';
import { lookedAt, type Outcome } from '../rules/evaluate.js';
import { namesOf } from '../rules/gap.js';

/** One line of what was said: a card, or advice that stands folded in one. */
export interface Said {
  readonly rule: string;
  readonly outcome: string;
  readonly indicator: string;
  readonly recommendations: readonly string[];
  readonly unchecked: readonly string[];
  /** A card of its own among those that are shown. */
  readonly shown: boolean;
  /** The same text as long as it rests on the same facts. */
  readonly facts: string;
  /** Of a card that is shown; absent for folded advice. */
  readonly card?: Card;
}

export interface RuleOutcome {
  readonly kind: Outcome['kind'];
  readonly missing: readonly string[];
}

export interface Reply {
  readonly said: readonly Said[];
  /** One for each rule that was asked: the strongest of its outcomes. */
  readonly outcomes: ReadonlyMap<string, RuleOutcome>;
}

const strongest: readonly Outcome['kind'][] = ['failed', 'fires', 'unknown', 'silent'];

/** The lines of one card: its own, and those of the advice that is folded into it. */
export function linesOf({ card, own, outcomes }: MadeCard, shown: Card | undefined): readonly Said[] {
  const [lead, ...folded] = outcomes;
  if (lead === undefined) return [];
  const ofCard: Said = {
    rule: own.rule,
    outcome: lead.kind,
    indicator: card.indicator,
    recommendations: own.recommendations,
    unchecked: own.unchecked ?? [],
    shown: shown !== undefined,
    facts: factsOf(lead),
    ...(shown !== undefined && { card: shown }),
  };
  return [
    ofCard,
    ...folded.map((outcome) => ({
      rule: outcome.rule.id,
      outcome: outcome.kind,
      indicator: outcome.kind === 'unknown' ? 'info' : outcome.rule.card.indicator,
      recommendations: outcome.recommendations,
      unchecked: [],
      shown: false,
      facts: factsOf(outcome),
    })),
  ];
}

/** What an outcome rests on: which facts, not how old they are today. */
function factsOf(outcome: Outcome): string {
  const { kind, subject } = outcome;
  const references = [...lookedAt(outcome).values()].flatMap(({ facts }) =>
    facts.map(({ reference }) => reference),
  );
  const about = [kind, subject.item?.reference ?? '', subject.lesion?.reference ?? ''];
  return [...about, ...[...new Set(references)].sort()].join('|');
}

/** The strongest outcome of each rule. */
export function outcomesOf(
  outcomes: readonly Outcome[],
  failed: ReadonlySet<string>,
): ReadonlyMap<string, RuleOutcome> {
  const found = new Map<string, { kind: Outcome['kind']; missing: readonly string[] }>();
  for (const outcome of outcomes) {
    const kind = failed.has(outcome.rule.id) && isTold(outcome) ? 'failed' : outcome.kind;
    const known = found.get(outcome.rule.id);
    const missing = kind === 'unknown' ? namesOf(outcome.missing) : [];
    if (known === undefined) found.set(outcome.rule.id, { kind, missing });
    else {
      if (strongest.indexOf(kind) < strongest.indexOf(known.kind)) known.kind = kind;
      known.missing = [...new Set([...known.missing, ...missing])];
    }
  }
  return found;
}
