import { siteCodings } from '../chart/lesion-sites.js';
import { mayCoincide, type Location } from '../chart/sites.js';
import { isTold } from '../cards/cards.js';
import { stepOf } from '../cards/order.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { isNamed, placeOf } from '../knowledge/reads.js';
import type { Exclusion } from '../knowledge/types.js';
import { condition, type Condition } from '../rules/condition.js';
import type { Memory, Outcome } from '../rules/evaluate.js';
import { keysAmong } from '../rules/gap.js';
import type { Case } from '../rules/case.js';

/** A brake ready to be asked about any chart. */
export interface PreparedBrake {
  readonly id: string;
  readonly condition: Condition;
  readonly withholds: ReadonlySet<string>;
}

/** An exclusion ready to be asked about any lesion. */
export interface PreparedExclusion {
  readonly id: string;
  readonly leads: readonly string[];
  readonly when: Condition | undefined;
  readonly withholds: readonly string[];
}

/** The plan, compiled. */
export interface PreparedPlan {
  readonly brakes: readonly PreparedBrake[];
  readonly exclusions: readonly PreparedExclusion[];
}

/** A patient's chart that a plan is made for. */
interface Opened {
  readonly of: Case;
  readonly memory: Memory;
}

/** Compiles the conditions of the plan. */
export function preparePlan({ plan, settings }: Knowledge): PreparedPlan {
  const compiled = ([id, { leads = [], when, withholds }]: [string, Exclusion]): PreparedExclusion => ({
    id,
    leads,
    when: when === undefined ? undefined : condition(when, settings),
    withholds,
  });
  return {
    brakes: Object.entries(plan.brakes).map(([id, { when, withholds }]) => ({
      id,
      condition: condition(when, settings),
      withholds: new Set(withholds),
    })),
    exclusions: Object.entries(plan.exclusions).map(compiled),
  };
}

/**
 * Withholds advice of the kinds that a goal of the patient brakes: such an outcome is silent, and says by what. Only a brake that is
 * known to hold does so; one that may stand in what could not be had is unchecked.
 */
export function braked(
  outcomes: readonly Outcome[],
  { brakes }: PreparedPlan,
  { of, memory }: Opened,
): readonly Outcome[] {
  const kinds = new Set(outcomes.flatMap(({ kind, rule }) => (kind === 'silent' ? [] : (rule.kind ?? []))));
  const valueOf = memory.valueOf(of.subjectOf({ eligible: of.lesions }));
  const asked = brakes
    .filter(({ withholds }) => [...withholds].some((kind) => kinds.has(kind)))
    .map(({ id, withholds, condition: brake }) => {
      const { answer, missing } = brake.decide(valueOf);
      return { id, withholds, answer, missing };
    });
  return outcomes.map((outcome) => {
    if (outcome.kind === 'silent') return outcome;
    const own = asked.filter(({ withholds }) => withholds.has(outcome.rule.kind ?? ''));
    const holding = own.find(({ answer }) => answer === true);
    if (holding !== undefined) return withheld(outcome, holding.id);
    const keys = keysAmong(own.flatMap(({ missing }) => missing));
    return keys.length === 0 || outcome.kind !== 'fires'
      ? outcome
      : { ...outcome, unchecked: [...new Set([...outcome.unchecked, ...keys])].sort() };
  });
}

/**
 * One plan per lesion and per order: what other advice or a finding there rules out is withheld, and what is told of one lesion is
 * one card, the first in precedence leading.
 */
export function planned(
  outcomes: readonly Outcome[],
  plan: PreparedPlan,
  opened: Opened,
  knowledge: Knowledge,
): readonly Outcome[] {
  const told = outcomes.filter(isTold);
  const places = new Map(told.map((outcome) => [outcome, placesOf(outcome, opened, knowledge)]));
  const at = (outcome: Outcome): Places => places.get(outcome) ?? nowhere;
  const by = new Map<Outcome, string>();
  for (const { id, leads, when, withholds } of plan.exclusions) {
    const leading = told.filter(
      (outcome) => outcome.kind === 'fires' && !by.has(outcome) && isNamed(outcome.rule, leads),
    );
    for (const outcome of told) {
      if (by.has(outcome) || !isNamed(outcome.rule, withholds) || leading.includes(outcome)) continue;
      const isLed = leading.some((leader) => isSamePlace(at(leader), at(outcome)));
      if (isLed || (outcome.subject.lesion !== undefined && holds(when, outcome))) by.set(outcome, id);
    }
  }
  const standing = told.filter((outcome) => !by.has(outcome));
  const cards = cardsOf(standing, at, knowledge);
  return outcomes.map((outcome) => {
    const id = by.get(outcome);
    if (id !== undefined) return withheld(outcome, id);
    const card = cards.get(outcome);
    const told = withScoresThere(outcome, at(outcome), knowledge);
    return card === undefined ? told : { ...told, card };
  });
}

/** Advice about the patient that lies at one lesion is read beside the scores of that lesion, whatever others were looked at. */
function withScoresThere(outcome: Outcome, places: Places, knowledge: Knowledge): Outcome {
  const { rule, subject, scores } = outcome;
  const isSited = subject.item === undefined && subject.lesion === undefined && placeOf(rule, knowledge.plan);
  if (!isSited || scores.length === 0) return outcome;
  const there = scores.filter(({ lesion }) => lesion === undefined || places.has(lesion.reference));
  return there.length === scores.length ? outcome : { ...outcome, scores: there };
}

const withheld = (outcome: Outcome, withheldBy: string): Outcome => ({
  ...outcome,
  kind: 'silent',
  withheldBy,
});

const holds = (when: Condition | undefined, { valueOf }: Outcome): boolean =>
  when !== undefined && when.decide(valueOf).answer === true;

/** References of lesions and orders, and regions of the body. */
type Places = ReadonlySet<string>;

const nowhere: Places = new Set();

const isSamePlace = (some: Places, others: Places): boolean => [...some].some((place) => others.has(place));

/** Where an outcome lies: its order or lesion; what is about the patient where the plan says. */
function placesOf({ rule, subject, valueOf }: Outcome, { of }: Opened, knowledge: Knowledge): Places {
  if (subject.item !== undefined) return new Set([subject.item.reference]);
  if (subject.lesion !== undefined) return new Set([subject.lesion.reference]);
  const place = placeOf(rule, knowledge.plan);
  if (place === undefined) return nowhere;
  const { finding, sites } = place;
  const facts = finding === undefined ? [] : valueOf(finding).facts;
  const found = facts.flatMap((fact) => of.sites.locate(siteCodings(fact)));
  const isThere = (own: Location): boolean => found.some((each) => mayCoincide(each, own));
  const regions = sites ?? [];
  if (found.length === 0)
    return new Set([...regions, ...of.lesionsAt(sites).map(({ reference }) => reference)]);
  return new Set([
    ...regions.filter((region) => found.some((each) => of.sites.within(each, [region]) !== false)),
    ...of.lesions.filter(({ locations }) => locations.some(isThere)).map(({ reference }) => reference),
  ]);
}

/** What is told at one lesion becomes one card: each outcome with the word of its card. */
function cardsOf(
  standing: readonly Outcome[],
  at: (outcome: Outcome) => Places,
  knowledge: Knowledge,
): ReadonlyMap<Outcome, string> {
  const step = ({ rule }: Outcome): number => stepOf(rule, knowledge.plan);
  const gravest = ({ scores }: Outcome): number =>
    Math.max(0, ...scores.flatMap(({ reachable: [least = 0] }) => least));
  const ordered = standing
    .filter(
      (outcome) => outcome.kind === 'fires' && outcome.subject.item === undefined && at(outcome).size > 0,
    )
    .sort((a, b) => step(a) - step(b) || gravest(b) - gravest(a));
  const groups: { readonly lead: Outcome; readonly word: string }[] = [];
  return new Map(
    ordered.map((outcome) => {
      const under = placeOf(outcome.rule, knowledge.plan)?.under;
      const group = groups.find(
        ({ lead }) =>
          isSamePlace(at(lead), at(outcome)) &&
          (under === undefined ||
            outcome.subject.lesion !== undefined ||
            lead.rule.kind === outcome.rule.kind ||
            under.includes(lead.rule.kind ?? '')),
      );
      if (group !== undefined) return [outcome, group.word];
      const word = `lesion-${String(groups.length)}`;
      groups.push({ lead: outcome, word });
      return [outcome, word];
    }),
  );
}
