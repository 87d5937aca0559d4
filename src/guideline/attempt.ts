import type { Card } from '../cds-hooks/types.js';
import type { CardContext } from '../cards/actions.js';
import type { PreparedService } from '../engine/prepare.js';
import { whatIf } from '../engine/what-if.js';
import type { Rule } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import { namesOf, type Gap } from '../rules/gap.js';
import type { Attempt } from './attempt-request.js';
import type { Knowing } from './knowing.js';
import { reasonsOf, type Reason } from './reasons.js';
import { tellingOutcome } from './stories.js';

/** What one rule said, and why. */
export interface ToldOutcome {
  readonly rule: string;
  readonly outcome: Outcome['kind'];
  readonly because: readonly Reason[];
  readonly missing: readonly Gap[];
  /** Prefetch keys of guards that could not be read. */
  readonly unchecked: readonly string[];
}

/** An outcome as answers hold it. */
export function inNames(
  told: ToldOutcome,
): Omit<ToldOutcome, 'missing'> & { readonly missing: readonly string[] } {
  return { ...told, missing: namesOf(told.missing) };
}

/** The answer of «What would it say for …». */
export interface AttemptAnswer {
  readonly cards: readonly Card[];
  /** One for each rule of the service in force, in its order of importance. */
  readonly outcomes: readonly ToldOutcome[];
}

/** The same, with what a page shows besides. */
export interface Attempted extends AttemptAnswer {
  readonly isUnavailable: boolean;
  /** Rules that had something to look at, by id. */
  readonly concerned: ReadonlySet<string>;
}

/** Asks the engine, as a hook call would. */
export function attempt(
  asked: Attempt,
  knowing: Knowing,
  base: Omit<CardContext, 'patientId' | 'today'>,
): Attempted {
  const { prepared, language } = knowing;
  const patient = asked.chart.find(({ resourceType }) => resourceType === 'Patient');
  const context = { ...base, patientId: patient?.id ?? 'p', today: asked.today };
  const { kind, cards, outcomes } = whatIf(prepared, asked, context, language);
  const concerned = outcomes.filter(({ applies }) => applies).map(({ rule }) => rule.id);
  return {
    isUnavailable: kind === 'data-unavailable',
    cards: cards.map(({ card }) => card),
    outcomes: toldOutcomes(asked.service, outcomes, knowing),
    concerned: new Set(concerned),
  };
}

/** What each rule of a service said, in its order of importance, and why. */
export function toldOutcomes(
  { rules }: PreparedService,
  outcomes: readonly Outcome[],
  knowing: Knowing,
): readonly ToldOutcome[] {
  return rules.map(({ rule }) =>
    told(
      rule,
      outcomes.filter((outcome) => outcome.rule.id === rule.id),
      knowing,
    ),
  );
}

/** Of several lesions or orders, the one about which most is said. */
function told({ id }: Rule, outcomes: readonly Outcome[], knowing: Knowing): ToldOutcome {
  const telling = tellingOutcome(outcomes);
  if (telling === undefined) {
    return { rule: id, outcome: 'silent', because: [], missing: [], unchecked: [] };
  }
  return {
    rule: id,
    outcome: telling.kind,
    because: reasonsOf(telling, knowing),
    missing: telling.missing,
    unchecked: telling.unchecked,
  };
}
