import type { FhirResource } from '../cds-hooks/types.js';
import { buildChart, type Fact } from '../chart/chart.js';
import { codings, objects } from '../chart/element.js';
import { assembleLesions, lesionOf, type Lesion } from '../chart/lesions.js';
import { canonicalBase } from '../knowledge/canonical-base.js';
import { lesionsAt, remember, type Memory } from '../rules/evaluate.js';
import { factsOf } from '../rules/condition.js';
import type { Case, Subject } from '../rules/inputs.js';
import { byNewest } from '../rules/read.js';
import { assess, type RecordedAnswers, type ScoreEvidence } from '../scores/assess.js';
import type { ScoreResult } from '../scores/result.js';
import { keyOf } from './needs.js';
import type { Prepared, PreparedScore } from './prepare.js';

/** What the URLs of our own code systems begin with. */
export const ownSystems = `${canonicalBase}/CodeSystem/`;

export interface CaseSource {
  readonly resources: readonly FhirResource[];
  readonly drafts: readonly FhirResource[];
  /** Resources among the drafts by the `urn:` address under which others refer to them. */
  readonly addresses?: ReadonlyMap<string, FhirResource>;
  /** Prefetch keys that could not be had, wholly or in part. */
  readonly missingKeys: ReadonlySet<string>;
  readonly today: number;
  /** `Type/id` of the drafts that the user selected; all of them when absent. */
  readonly selected?: ReadonlySet<string>;
}

export interface OpenCase {
  readonly of: Case;
  readonly memory: Memory;
  /** Every score that the chart allows, in the artifacts' order. */
  scores(): readonly ScoreResult[];
}

/** Makes a patient's chart ready for rules and scores. Pure; everything is worked out when first asked for. */
export function openCase(prepared: Prepared, source: CaseSource): OpenCase {
  const { terminology, sites, spellings, inputs, knowledge, lesionSets } = prepared;
  const chart = buildChart({ ...source, terminology });
  const lesions = assembleLesions(chart, sites, lesionSets);
  const subjects = new Map<string, Subject>();
  const results = new Map<string, ScoreResult | undefined>();

  const numbers = new Map<Fact, number>();
  const numberOf = (fact: Fact): number => {
    let number = numbers.get(fact);
    if (number === undefined) numbers.set(fact, (number = numbers.size));
    return number;
  };

  const subjectOf = (subject: Subject): Subject => {
    const eligible = subject.eligible.map((lesion) => lesions.indexOf(lesion)).join();
    const about = subject.item === undefined ? '' : String(numberOf(subject.item));
    const key = `${subject.lesion === undefined ? '' : String(lesions.indexOf(subject.lesion))}|${about}|${eligible}`;
    const same = subjects.get(key);
    if (same === undefined) subjects.set(key, subject);
    return same ?? subject;
  };

  const scoreOf = (id: string, lesion: Lesion | undefined): ScoreResult | undefined => {
    const scored = prepared.scores.get(id);
    if (scored === undefined || (scored.score.per === 'lesion') !== (lesion !== undefined)) return undefined;
    const key = `${id}|${lesion === undefined ? '' : String(lesions.indexOf(lesion))}`;
    if (!results.has(key)) results.set(key, assessCase(scored, lesion));
    return results.get(key);
  };

  const of: Case = {
    chart,
    lesions,
    sites,
    settings: knowledge.settings,
    spellings,
    today: source.today,
    ownSystems,
    found: new Map(),
    missingKey: (type) => (source.missingKeys.has(keyOf(type)) ? keyOf(type) : undefined),
    scoreOf,
    isAimedAt: (fact) => !fact.draft || source.selected === undefined || source.selected.has(fact.reference),
    subjectOf,
  };
  const memory = remember(inputs, of);

  const assessCase = (
    { score, when, conditions }: PreparedScore,
    lesion: Lesion | undefined,
  ): ScoreResult | undefined => {
    const eligible = score.per === 'lesion' ? lesionsAt(lesions, score.sites, of) : lesions;
    const unlocated = lesion !== undefined && lesion.locations.length === 0;
    if (lesion !== undefined && !unlocated && !eligible.includes(lesion)) return undefined;
    const candidates = unlocated ? [...eligible, lesion] : eligible;
    const subject = subjectOf({ eligible: candidates, ...(lesion !== undefined && { lesion }) });
    const valueOf = memory.valueOf(subject);
    const observed = observationsOf(score.id, lesion, candidates);
    const isRecorded =
      observed.own.length > 0 ||
      score.items.some(({ id }) => observationsOf(id, lesion, candidates).own.length > 0);
    // Who answers an item has decided that the score applies.
    if (when !== undefined && !isRecorded && when.decide(valueOf).answer !== true) return undefined;
    const evidence: ScoreEvidence = {
      judge: (source_) => {
        const decision = conditions.get(source_)?.decide(valueOf);
        return {
          answer: decision?.answer,
          facts: factsOf(decision?.values ?? []),
        };
      },
      recorded: (item) => recordedAnswers(score.id, item, lesion, candidates),
      recordedTotal: observed.own
        .map(({ resource }) => resource['valueInteger'])
        .find((total) => typeof total === 'number'),
      unassigned: observed.unassigned.map(({ reference }) => reference),
      ...(lesion !== undefined && { lesion: lesionName(lesion) }),
    };
    const result = assess(score, evidence);
    // Where the lesion is not known to be of this kind, only something recorded for this score makes a result.
    return unlocated &&
      result.items.every(({ from }) => from === undefined || from === 'derived') &&
      observed.own.length === 0
      ? undefined
      : result;
  };

  const lesionName = (lesion: Lesion): NonNullable<ScoreEvidence['lesion']> => ({
    reference: lesion.reference,
    ...(lesion.locations.length > 0 && { site: sites.name(lesion.locations, 'en') }),
  });

  const newest = new Map<string, readonly Fact[]>();
  const observationsOf = (
    set: string,
    lesion: Lesion | undefined,
    eligible: readonly Lesion[],
  ): { readonly own: readonly Fact[]; readonly unassigned: readonly Fact[] } => {
    let all = newest.get(set);
    if (all === undefined) newest.set(set, (all = [...chart.inSet('Observation', set)].sort(byNewest)));
    if (all.length === 0) return noObservations;
    if (lesion === undefined) return { own: all, unassigned: [] };
    const assigned = all.map((fact) => ({ fact, owner: lesionOf(fact, lesions, eligible, sites) }));
    return {
      own: assigned.filter(({ owner }) => owner === lesion).map(({ fact }) => fact),
      unassigned: assigned
        .filter(({ fact, owner }) => owner === undefined && fact.focus().length === 0)
        .map(({ fact }) => fact),
    };
  };

  const recordedAnswers = (
    score: string,
    item: string,
    lesion: Lesion | undefined,
    eligible: readonly Lesion[],
  ): RecordedAnswers | undefined => {
    // A set: the only item of a grade has the code of the score.
    const about = new Set([
      ...observationsOf(item, lesion, eligible).own,
      ...observationsOf(score, lesion, eligible).own,
    ]);
    const found = [...about]
      .map((fact) => ({ fact, answers: answersIn(fact.resource, item) }))
      .filter(({ answers }) => answers.length > 0)
      .sort((a, b) => byNewest(a.fact, b.fact));
    const [newest] = found;
    if (newest === undefined) return undefined;
    const day = newest.fact.when().end;
    // Two answers of one day without a time of day: neither is known to be the newer.
    const together = found.filter(({ fact }) => {
      const end = fact.when().end;
      return (
        fact === newest.fact ||
        (end?.from === day?.from &&
          end?.to === day?.to &&
          fact.when().instant() === newest.fact.when().instant())
      );
    });
    return {
      answers: [...new Set(together.flatMap(({ answers }) => answers))],
      facts: together.map(({ fact }) => fact),
    };
  };

  const scores = (): readonly ScoreResult[] =>
    [...prepared.scores.values()].flatMap(({ score }) =>
      score.per === 'lesion'
        ? lesions.flatMap((lesion) => scoreOf(score.id, lesion) ?? [])
        : (scoreOf(score.id, undefined) ?? []),
    );

  return { of, memory, scores };
}

const noObservations = { own: [], unassigned: [] };

const scoreSystem = `${ownSystems}score`;

/** Answer codes of an item (`mechanical`) in an Observation of the item, or in the component of a score Observation. */
function answersIn(resource: FhirResource, item: string): readonly string[] {
  const holders = [resource, ...objects(resource['component'])].filter((holder) =>
    codings(holder['code']).some(({ system, code }) => system === scoreSystem && code === item),
  );
  return holders.flatMap((holder) =>
    codings(holder['valueCodeableConcept'])
      .filter(({ system, code }) => system === scoreSystem && code.startsWith(`${item}-`))
      .map(({ code }) => code.slice(item.length + 1)),
  );
}
