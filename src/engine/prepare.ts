import { indexSites, type SiteIndex } from '../chart/sites.js';
import type { LesionSets } from '../chart/lesion-sites.js';
import { unitSpellings, type UnitSpellings } from '../chart/unit-spellings.js';
import type { DataNeed } from '../data/types.js';
import { ownUri } from '../knowledge/canonical-base.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { CdsServiceDefinition, Score } from '../knowledge/types.js';
import { condition, type Condition } from '../rules/condition.js';
import { compileRule, type CompiledRule } from '../rules/evaluate.js';
import { compileInputs } from '../rules/inputs.js';
import type { Inputs } from '../rules/case.js';
import { compileCombinations, type Combine } from '../chart/combinations.js';
import { compileValueSets, type Terminology } from '../terminology/value-sets.js';
import { needsOf } from './needs.js';
import { preparePlan, type PreparedPlan } from './plan.js';
import type { PreparedScore } from './prepared-score.js';

/** A service with the rules in force and the data that they need. */
export interface PreparedService {
  readonly definition: CdsServiceDefinition;
  readonly rules: readonly CompiledRule[];
  readonly needs: readonly DataNeed[];
}

/** The knowledge, compiled once at start-up: everything that requests share. */
export interface Prepared {
  readonly knowledge: Knowledge;
  readonly terminology: Terminology;
  readonly combine: Combine;
  readonly sites: SiteIndex;
  readonly spellings: UnitSpellings;
  readonly inputs: Inputs;
  readonly scores: ReadonlyMap<string, PreparedScore>;
  /** Criteria of a better functional prognosis, by id. */
  readonly prognosis: ReadonlyMap<string, Condition>;
  /** Active rules of the edition. */
  readonly rules: ReadonlyMap<string, CompiledRule>;
  /** What withholds advice: goals of the patient, and other advice at the same place. */
  readonly plan: PreparedPlan;
  /** Per lesion: whether a score with gaps is asked for. */
  readonly completeWhen: Condition;
  readonly services: ReadonlyMap<string, PreparedService>;
  readonly lesionSets: LesionSets;
}

/** The value sets cannot be compiled; one line for each mistake. */
export class PreparationError extends Error {
  readonly code = 'KNOWLEDGE_INVALID';
}

/**
 * Compiles value sets, inputs, rules and scores, and derives what each service asks for.
 * @param edition rules that a later edition added are left out
 */
export function prepare(knowledge: Knowledge, edition: string): Prepared {
  const compiled = compileValueSets([...knowledge.valueSets.values()], {
    sameUri: ownUri(knowledge),
    names: knowledge.names,
  });
  if (!compiled.ok) {
    throw new PreparationError(
      compiled.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'),
    );
  }
  const { settings } = knowledge;
  const inputs = compileInputs(knowledge);
  const scores = new Map([...knowledge.scores].map(([id, score]) => [id, prepareScore(score, settings)]));
  const plan = preparePlan(knowledge);
  const completeWhen = condition(knowledge.plan.opening.completeWhen, settings);
  const lesionSets = { ...knowledge.guideline.roles, ...lesionObservationSets(knowledge) };
  const rulesById = new Map(
    [...knowledge.rules.values()]
      .filter((rule) => rule.status === 'active' && rule.edition <= edition)
      .map((rule) => [rule.id, compileRule(rule, inputs, knowledge)]),
  );
  const services = new Map(
    [...knowledge.services.values()].map((definition) => {
      const rules = definition.rules.flatMap((id) => rulesById.get(id) ?? []);
      const needs = needsOf(rules, { lesionSets, terminology: compiled.terminology });
      return [definition.id, { definition, rules, needs }];
    }),
  );
  const { terminology } = compiled;
  const sites = indexSites([...knowledge.bodySites.values()], ownUri(knowledge));
  return {
    knowledge,
    terminology,
    sites,
    combine: compileCombinations(knowledge.combinations, { ...terminology, sites }),
    spellings: unitSpellings(Object.fromEntries(knowledge.unitSpellings)),
    inputs,
    scores,
    prognosis: new Map(
      [...knowledge.functionalPrognosis].flatMap(([id, criterion]) =>
        criterion.condition === undefined ? [] : [[id, condition(criterion.condition, settings)] as const],
      ),
    ),
    rules: rulesById,
    plan,
    completeWhen,
    services,
    lesionSets,
  };
}

function prepareScore(score: Score, settings: Knowledge['settings']): PreparedScore {
  const sources = [
    ...score.items.flatMap(({ answers }) => answers.flatMap(({ fact, derived }) => [fact, derived])),
    ...score.flags.map((flag) => flag.if),
  ].filter((source) => source !== undefined);
  return {
    score,
    when: score.when === undefined ? undefined : condition(score.when, settings),
    conditions: new Map(sources.map((source) => [source, condition(source, settings)])),
  };
}

/** Observations that speak of one lesion: the per-lesion scores, their items, and the lesion's facts. */
function lesionObservationSets(knowledge: Knowledge): Pick<LesionSets, 'observations' | 'scores'> {
  const perLesion = [...knowledge.scores.values()].filter(({ per }) => per === 'lesion');
  const scores = perLesion.flatMap(({ id, items }) => [id, ...items.map((item) => item.id)]);
  const ofInputs = [...knowledge.inputs.values()].flatMap((input) =>
    input.kind === 'selected' && input.scope === 'lesion'
      ? input.select.flatMap(({ type, codes }) => (type === 'Observation' ? (codes ?? []) : []))
      : [],
  );
  return { observations: [...new Set([...scores, ...ofInputs])], scores };
}
