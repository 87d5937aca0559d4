import type { EngineSetting } from '../knowledge/engine-settings.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { asksToComplete, isTold, makeCards } from '../cards/cards.js';
import type { MadeCard } from '../cards/made-card.js';
import type { CardContext } from '../cards/actions.js';
import { atOnce, type Steps } from '../chart/at-once.js';
import type { Fact } from '../chart/chart.js';
import { limitCards } from '../cards/limit.js';
import { asOneAnswer, type AnswerContext } from '../cards/one-answer.js';
import { gathered as gatheredToComplete, toComplete } from '../cards/to-complete.js';
import { wordingIn, type Wording } from '../cards/wording.js';
import type { DataNeed, Gathered } from '../data/types.js';
import { chartedBy } from '../knowledge/reads.js';
import type { Language } from '../knowledge/types.js';
import { lookedAt, type CompiledRule, type Outcome } from '../rules/evaluate.js';
import { keysAmong } from '../rules/gap.js';
import { epochDayOf, openCase, openingCase, type OpenCase } from './case.js';
import { keysOf } from './needs.js';
import { ordersNotUnderstood, type OrderNotUnderstood } from './orders-not-understood.js';
import { braked, planned } from './plan.js';
import type { Prepared, PreparedService } from './prepare.js';
import { memo } from '../memo.js';

/** What a hook call is about, before any data of the chart. */
export interface HookCase {
  readonly drafts: readonly FhirResource[];
  readonly selected: ReadonlySet<string> | 'all';
  /** Resources among the drafts by the `urn:` address under which others refer to them. */
  readonly addresses?: ReadonlyMap<string, FhirResource>;
  /** Civil date, `YYYY-MM-DD`. */
  readonly today: string;
  /** Resource types that the EHR keeps elsewhere. */
  readonly notKept?: ReadonlySet<string>;
}

/** What a hook call is answered with: cards, or, where nothing can be said, the keys that could not be had. */
export type Answer =
  | {
      readonly kind: 'cards';
      readonly cards: readonly MadeCard[];
      readonly outcomes: readonly Outcome[];
      readonly setAside: ReadonlyMap<string, number>;
      readonly notUnderstood: readonly OrderNotUnderstood[];
    }
  | {
      readonly kind: 'data-unavailable';
      /** Prefetch keys. */
      readonly missing: readonly string[];
      readonly outcomes: readonly Outcome[];
      readonly setAside: ReadonlyMap<string, number>;
      readonly notUnderstood: readonly OrderNotUnderstood[];
    };

/** Rules that are asked between two turns of others. */
const rulesPerStep = 8;

/** Name of the setting that bounds the number of cards. */
const maximumCards: EngineSetting = 'maximumCards';

/**
 * The data that this call needs: those of the rules that may have something to say about its drafts. An order that
 * concerns no rule needs no data at all, and no query is sent for it. One whose drug is yet to be read may concern any.
 */
export function needsFor(...asked: Parameters<typeof needing>): readonly DataNeed[] {
  return atOnce(needing(...asked));
}

/** The same in steps, one for each rule. */
export function* needing(
  prepared: Prepared,
  service: PreparedService,
  hook: HookCase,
): Steps<readonly DataNeed[]> {
  const kept = service.needs.filter(({ resourceType }) => hook.notKept?.has(resourceType) !== true);
  const keys = new Set(kept.map(({ key }) => key));
  const blank = openCase(prepared, {
    resources: [],
    drafts: hook.drafts,
    missingKeys: keys,
    today: epochDayOf(hook.today),
    ...(hook.notKept !== undefined && { notKept: hook.notKept }),
    ...(hook.addresses !== undefined && { addresses: hook.addresses }),
    ...(hook.selected !== 'all' && { selected: hook.selected }),
  });
  if (blank.of.chart.ofType('MedicationRequest').some(isDrugToBeRead)) return kept;
  const wanted = new Set<string>();
  for (const rule of service.rules) {
    yield;
    const outcomes = yield* rule.evaluating(blank.of, blank.memory);
    const undecided = outcomes.some(
      ({ kind, unchecked }) => kind === 'unknown' || kind === 'failed' || unchecked.length > 0,
    );
    if (undecided) keysOf(rule).forEach((key) => wanted.add(key));
  }
  return kept.filter(({ key }) => wanted.has(key));
}

/** The order refers to a drug that did not come with it. */
function isDrugToBeRead({ uncoded, resource }: Fact): boolean {
  return uncoded && resource['medicationReference'] !== undefined;
}

/** A service that is asked about what was gathered of a patient. */
export interface Asked {
  readonly prepared: Prepared;
  readonly service: PreparedService;
  readonly hook: HookCase;
  readonly needs: readonly DataNeed[];
  readonly gathered: Gathered;
  readonly context: CardContext;
  readonly language: Language;
}

/** Step 4 to 7 of a hook call: data → chart → scores → rules → cards. Pure but for the ids of the cards. */
export function answer(asked: Asked): Answer {
  return atOnce(answering(asked));
}

/** The same in steps, between which a server may see to other calls: the chart, a few rules, the cards. */
export function* answering({
  prepared,
  service,
  hook,
  needs,
  gathered,
  context,
  language,
}: Asked): Steps<Answer> {
  const missingKeys = new Set(needs.map(({ key }) => key).filter((key) => !isComplete(gathered, key)));
  const resources = [...gathered.provisions.values()].flatMap((provision) =>
    provision.state === 'missing' ? [] : provision.resources,
  );
  const opened = yield* openingCase(prepared, {
    resources: [...resources, ...gathered.companions],
    drafts: hook.drafts,
    missingKeys,
    today: epochDayOf(hook.today),
    ...(hook.notKept !== undefined && { notKept: hook.notKept }),
    ...(hook.addresses !== undefined && { addresses: hook.addresses }),
    ...(hook.selected !== 'all' && { selected: hook.selected }),
  });
  const { chart } = opened.of;
  const notUnderstood = ordersNotUnderstood(chart, service.rules, prepared);
  // A chart is also opened after a death: there is nothing to advise any more.
  if (isDeceased(chart.patient)) {
    return { kind: 'cards', cards: [], outcomes: [], setAside: chart.setAside, notUnderstood };
  }
  const evaluated: Outcome[] = [];
  let asked = 0;
  for (const rule of service.rules) {
    if (asked++ % rulesPerStep === 0) yield;
    for (const outcome of yield* rule.evaluating(opened.of, opened.memory)) evaluated.push(outcome);
  }
  const kept = braked(evaluated, prepared.plan, opened);
  const open = isOpening(prepared, service) ? whereOpen(kept, prepared, opened) : kept;
  const outcomes = planned(open, prepared.plan, opened, prepared.knowledge);
  const blocked = outcomes.filter(
    ({ kind, missing }) => kind === 'unknown' && missing.some((each) => each.kind === 'data'),
  );
  // 412 only where nothing can be said: a card that names what is missing is an answer.
  if (
    blocked.length > 0 &&
    !outcomes.some(isTold) &&
    !service.rules.some((rule) => isDecided(rule, outcomes, prepared))
  ) {
    const missing = [...keysMissedBy(blocked)];
    return { kind: 'data-unavailable', missing, outcomes, setAside: chart.setAside, notUnderstood };
  }
  yield;
  const wording = wordingOf(prepared, language);
  const made = makeCards(outcomes, context, prepared.knowledge, wording);
  const cards = isOpening(prepared, service)
    ? gatheredToComplete(made, context, prepared.knowledge, wording)
    : made;
  return { kind: 'cards', cards, outcomes, setAside: chart.setAside, notUnderstood };
}

/** The prefetch keys that could not be had and by which outcomes could not be decided. */
export function keysMissedBy(outcomes: readonly Outcome[]): ReadonlySet<string> {
  return new Set(outcomes.flatMap(({ missing }) => keysAmong(missing)));
}

function isDeceased(patient: FhirResource | undefined): boolean {
  return patient?.['deceasedBoolean'] === true || typeof patient?.['deceasedDateTime'] === 'string';
}

function isComplete({ provisions }: Gathered, key: string): boolean {
  const provision = provisions.get(key);
  return provision !== undefined && provision.state !== 'missing' && !provision.incomplete;
}

/** A rule that needs data has come to an answer for some subject: what was had was enough for it. */
function isDecided(rule: CompiledRule, outcomes: readonly Outcome[], prepared: Prepared): boolean {
  return (
    rule.charted.size > 0 &&
    outcomes.some(
      (outcome) =>
        outcome.rule.id === rule.rule.id &&
        (outcome.kind === 'fires' || outcome.kind === 'silent') &&
        chartedBy(lookedAt(outcome).keys(), prepared.knowledge.graph, false).size > 0,
    )
  );
}

const wordings = memo((prepared: Prepared) =>
  memo((language: Language): Wording => wordingIn(language, prepared)),
);

/** The wording of a language, made once. */
export const wordingOf = (prepared: Prepared, language: Language): Wording => wordings(prepared)(language);

/** Whether the service answers the opening of a chart or a discharge, where nobody is about to act. */
function isOpening({ knowledge }: Prepared, { definition }: PreparedService): boolean {
  return definition.hooks.some((hook) => knowledge.plan.opening.hooks.includes(hook));
}

/** The name by which a score with gaps is withheld where no decision on the lesion is open. */
const nothingToDecide = 'no-decision-open';

function whereOpen(
  outcomes: readonly Outcome[],
  { completeWhen }: Prepared,
  { of, memory }: OpenCase,
): readonly Outcome[] {
  return outcomes.map((outcome) => {
    const { lesion } = outcome.subject;
    if (lesion === undefined || !asksToComplete(outcome)) return outcome;
    const subject = of.subjectOf({ lesion, eligible: outcome.subject.eligible });
    return completeWhen.decide(memory.valueOf(subject)).answer === true
      ? outcome
      : { ...outcome, kind: 'silent', withheldBy: nothingToDecide };
  });
}

/**
 * The cards as one answer: at most as many as the settings allow, the rest named in the last; an act, a sum and a remark once.
 * @param service where a chart is opened, the gathered card of scores comes beside the cards of advice
 */
export function shownCards<Made extends MadeCard>(
  prepared: Prepared,
  service: PreparedService,
  cards: readonly Made[],
  language: Language,
  context: AnswerContext,
): readonly Made[] {
  const { settings, plan } = prepared.knowledge;
  const wording = wordingOf(prepared, language);
  const bound = (name: string): number => settings.get(name)?.value ?? Number.POSITIVE_INFINITY;
  const isGathered = ({ own }: Made): boolean => own.kind === toComplete;
  const beside = isOpening(prepared, service) ? cards.filter(isGathered) : [];
  const advice = cards.filter((made) => !beside.includes(made));
  const limit = isOpening(prepared, service) ? bound(plan.opening.advice) : bound(maximumCards);
  const told = asOneAnswer([...advice.slice(0, limit), ...beside], context, wording);
  const first = told.slice(0, Math.min(limit, advice.length));
  return [...limitCards([...first, ...advice.slice(limit)], limit, wording), ...told.slice(first.length)];
}

/** A whole chart as one Bundle gives it, for `POST /scores`: nothing is missing, what is absent is not recorded. */
export function openChart(...asked: Parameters<typeof openingChart>): OpenCase {
  return atOnce(openingChart(...asked));
}

/** The same in steps. */
export function openingChart(
  prepared: Prepared,
  resources: readonly FhirResource[],
  today: string,
): Steps<OpenCase> {
  return openingCase(prepared, { resources, drafts: [], missingKeys: new Set(), today: epochDayOf(today) });
}
