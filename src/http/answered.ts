import type { Problem } from '../cds-hooks/outcome.js';
import { REASONS } from '../data/reasons.js';
import type { DataNeed, Gathered, IncompleteReason } from '../data/types.js';
import type { Answer } from '../engine/answer.js';
import type { OrderNotUnderstood } from '../engine/orders-not-understood.js';
import type { Said } from '../engine/said-before.js';
import type { CallKeys } from './known.js';
import { problem } from './errors.js';
import type { CallStages } from './trace.js';

/** A rule that could not be asked, or a card that could not be made, and why: never with data of the patient. */
export interface FailedRule {
  readonly rule: string;
  readonly error: string;
}

/** What a call leaves in the log, the metrics and the audit, whatever it was answered. */
export interface Traces {
  /** One word for each rule. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** By what the plan withholds the advice of a rule. */
  readonly withheld: ReadonlyMap<string, string>;
  readonly failedRules: readonly FailedRule[];
  readonly missing: ReadonlyMap<string, IncompleteReason>;
  readonly setAside: ReadonlyMap<string, number>;
  readonly notUnderstood: readonly OrderNotUnderstood[];
  readonly fhirRequests: number;
}

/** What came out of a call, for the answer and for its traces. */
export interface Answered extends Traces {
  readonly status: number;
  readonly body?: string;
  readonly problems?: readonly Problem[];
  /** What became of the cards, and by which keys they are known again; absent where none were made. */
  readonly said?: Said;
  readonly keys?: CallKeys;
  /** What the call was made of; absent where it was refused. */
  readonly stages?: CallStages;
}

type Outcome = Answer['outcomes'][number];

const nothing: Traces = {
  outcomes: new Map(),
  withheld: new Map(),
  failedRules: [],
  missing: new Map(),
  setAside: new Map(),
  notUnderstood: [],
  fhirRequests: 0,
};

/** A call that was not worked on: its request was not acceptable. */
export const refused = (problems: readonly Problem[]): Answered => ({ ...nothing, status: 400, problems });

/** A call without the data that any advice would need (CDS Hooks 2.0.1, HTTP Status Codes: 412). */
export const unavailable = (keys: readonly string[], traces: Traces): Answered => ({
  ...traces,
  status: 412,
  problems: keys.map((key) =>
    problem('DATA_UNAVAILABLE', `prefetch.${key}`, whyMissing(traces.missing.get(key))),
  ),
});

/** The traces of what was answered from what was gathered. */
export function tracesOf(
  { outcomes, setAside, notUnderstood }: Answer,
  needs: readonly DataNeed[],
  gathered: Gathered,
  failedCards: readonly FailedRule[],
): Traces {
  const withheld = new Map<string, string>();
  const failedRules = [...failedCards];
  for (const { kind, rule, error, withheldBy } of outcomes) {
    if (withheldBy !== undefined) withheld.set(rule.id, withheldBy);
    if (kind === 'failed') failedRules.push({ rule: rule.id, error: error ?? 'RULE_FAILED' });
  }
  return {
    outcomes: summaryOf(outcomes),
    withheld,
    failedRules,
    missing: missingOf(needs, gathered.provisions),
    setAside: new Map([...setAside, ...gathered.setAside]),
    notUnderstood,
    fhirRequests: gathered.requests,
  };
}

function missingOf(
  needs: readonly DataNeed[],
  provisions: Gathered['provisions'],
): ReadonlyMap<string, IncompleteReason> {
  const missing = new Map<string, IncompleteReason>();
  for (const { key } of needs) {
    const provision = provisions.get(key);
    const why = provision?.state === 'missing' ? provision.reason : provision?.because;
    if (why !== undefined) missing.set(key, why);
  }
  return missing;
}

/** The stable code of the reason, and what it means. */
function whyMissing(reason: IncompleteReason | undefined): string {
  return reason === undefined ? 'could not be had' : `could not be had: ${reason} (${REASONS[reason]})`;
}

const strength: Readonly<Record<Outcome['kind'], number>> = { failed: 3, fires: 2, unknown: 1, silent: 0 };

/** One word for each rule: the strongest of its outcomes. */
function summaryOf(outcomes: readonly Outcome[]): ReadonlyMap<string, string> {
  const found = new Map<string, Outcome['kind']>();
  for (const { kind, rule } of outcomes) {
    const known = found.get(rule.id);
    if (known === undefined || strength[kind] > strength[known]) found.set(rule.id, kind);
  }
  return found;
}
