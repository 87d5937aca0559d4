import type { FhirResource } from '../cds-hooks/types.js';
import { chartAsOf } from '../chart/as-of.js';
import { atOnce, type Steps } from '../chart/at-once.js';
import { buildingChart, type Chart, type Fact } from '../chart/chart.js';
import { epochDay, toIsoDay } from '../chart/dates.js';
import { isCertainlyLater } from '../chart/newest.js';
import { assembleLesions, lesionNamed, type Lesion } from '../chart/lesions.js';
import { ownSystemsAt, ownUri } from '../knowledge/canonical-base.js';
import { remember, type Memory } from '../rules/evaluate.js';
import { gap } from '../rules/gap.js';
import { factsOf, type Decision } from '../rules/condition.js';
import type { Case, Subject } from '../rules/case.js';
import { numbersAmong, type Value } from '../rules/value.js';
import { assess } from '../scores/assess.js';
import type { EvidenceReference } from '../scores/result.js';
import type { Judgement, ScoreEvidence, ScoreResult } from '../rules/scored.js';
import { keyOf } from './needs.js';
import type { Prepared } from './prepare.js';
import type { PreparedScore } from './prepared-score.js';
import { recordingsOf } from './recorded-answers.js';
import { memo } from '../memo.js';

/** What one call is about: the patient's data, the request's own orders, and the day. */
export interface CaseSource {
  readonly resources: readonly FhirResource[];
  readonly drafts: readonly FhirResource[];
  /** Resources among the drafts by the `urn:` address under which others refer to them. */
  readonly addresses?: ReadonlyMap<string, FhirResource>;
  /** Prefetch keys that could not be had, wholly or in part. */
  readonly missingKeys: ReadonlySet<string>;
  /** Resource types that the EHR keeps elsewhere. */
  readonly notKept?: ReadonlySet<string>;
  /** Epoch day. */
  readonly today: number;
  /** `Type/id` of the drafts that the user selected; all of them when absent. */
  readonly selected?: ReadonlySet<string>;
}

/** A chart made ready: what rules ask (`of`), what they have asked already (`memory`), and the scores. */
export interface OpenCase {
  readonly of: Case;
  readonly memory: Memory;
  /** Every score that the chart allows, in the artifacts' order; a step for each lesion. */
  scoring(): Steps<readonly ScoreResult[]>;
  /** The same in one go. */
  scores(): readonly ScoreResult[];
}

/**
 * Epoch day of the civil date of a call.
 * @throws RangeError when it is no full date
 */
export function epochDayOf(today: string): number {
  const day = epochDay(today);
  if (day === undefined) throw new RangeError('today is not a date');
  return day;
}

/** How grave the totals, grades or numbers are that an input may have: of a score by the direction that it declares. */
function severitiesOf(
  name: string,
  { possible, scores }: Value,
  prepared: Prepared,
): readonly number[] | undefined {
  const input = prepared.inputs.get(name)?.input;
  if (input === undefined) return undefined;
  if (input.kind !== 'score') return numbersAmong(possible);
  const score = prepared.knowledge.scores.get(input.score);
  if (score === undefined) return undefined;
  const sign = score.worst === 'lowest' ? -1 : 1;
  if (score.grade !== true) return scores?.flatMap(({ reachable }) => reachable.map((total) => sign * total));
  const grades = score.classes.map(({ code }) => code);
  return possible.flatMap((grade) => (typeof grade === 'string' ? [sign * grades.indexOf(grade)] : []));
}

/** Gives the same list for the same lesions, so that what is worked out for a list is kept by the list itself. */
function interned(lesions: readonly Lesion[]): (some: readonly Lesion[]) => readonly Lesion[] {
  const numbers = new Map(lesions.map((lesion, index) => [lesion, index]));
  const keyOf = (some: readonly Lesion[]): string => some.map((lesion) => numbers.get(lesion)).join();
  const lists = new Map([[keyOf(lesions), lesions]]);
  const known = new WeakMap([[lesions, lesions]]);
  return (some) => {
    let same = known.get(some);
    if (same !== undefined) return same;
    const key = keyOf(some);
    same = lists.get(key) ?? some;
    lists.set(key, same);
    known.set(some, same);
    return same;
  };
}

/** Makes a patient's chart ready for rules and scores. Pure; everything is worked out when first asked for. */
export function openCase(prepared: Prepared, source: CaseSource): OpenCase {
  return atOnce(openingCase(prepared, source));
}

/** The same in steps. */
export function* openingCase(prepared: Prepared, source: CaseSource): Steps<OpenCase> {
  const { terminology, combine } = prepared;
  const chart = yield* buildingChart({ ...source, terminology, combine });
  yield;
  return caseOf(prepared, source, chart);
}

/** What a condition says; of few the facts are asked for. */
class Judged implements Judgement {
  readonly #decision: Decision | undefined;
  readonly answer: boolean | undefined;

  constructor(decision: Decision | undefined) {
    this.#decision = decision;
    this.answer = decision?.answer;
  }

  get facts(): readonly Fact[] {
    return factsOf(this.#decision?.values ?? []);
  }
}

/** A fact with the day on which it last held, where that is one day. */
function referenceTo(fact: Fact): EvidenceReference {
  const { end } = fact.when();
  return {
    reference: fact.reference,
    ...(end?.from === end?.to && end !== undefined && { date: toIsoDay(end.from) }),
  };
}

/** So many earlier days are looked back to; no question is asked of a specialist as often while an answer holds. */
const mostLookBacks = 12;

/** So many resources are read again by all the look-backs of a chart together: a chart of two thousand has all of them. */
const mostReadAgain = 30_000;

function caseOf(
  prepared: Prepared,
  source: Omit<CaseSource, 'resources' | 'drafts'>,
  chart: Chart,
): OpenCase {
  const { sites, spellings, inputs, knowledge, lesionSets } = prepared;
  const lesions = assembleLesions(chart, sites, lesionSets);
  const recordings = recordingsOf(chart, lesions, prepared);
  const ownSystems = ownSystemsAt(knowledge.canonicalBase);
  const sameUri = ownUri(knowledge);
  const subjects = new Map<readonly Lesion[], Map<Lesion | undefined, Map<Fact | undefined, Subject>>>();
  const results = new Map<string, Map<Lesion | undefined, ScoreResult | undefined>>();

  const canonical = interned(lesions);
  const subjectOf = (subject: Subject): Subject => {
    const eligible = canonical(subject.eligible);
    let about = subjects.get(eligible);
    if (about === undefined)
      subjects.set(eligible, (about = new Map<Lesion | undefined, Map<Fact | undefined, Subject>>()));
    let items = about.get(subject.lesion);
    if (items === undefined) about.set(subject.lesion, (items = new Map<Fact | undefined, Subject>()));
    let same = items.get(subject.item);
    if (same === undefined) items.set(subject.item, (same = { ...subject, eligible }));
    return same;
  };

  const dealtAmong = memo((eligible: readonly Lesion[]): readonly Lesion[] => {
    const located = canonical(eligible.filter(({ locations }) => locations.length > 0));
    return located.length < 2 ? eligible : located;
  });

  const lesionsAt = memo((at: readonly string[] | undefined): readonly Lesion[] =>
    at === undefined
      ? lesions
      : canonical(
          lesions.filter(({ locations }) => locations.some((place) => sites.within(place, at) !== false)),
        ),
  );

  const scoreOf = (id: string, lesion: Lesion | undefined): ScoreResult | undefined => {
    const scored = prepared.scores.get(id);
    if (scored === undefined || (scored.score.per === 'lesion') !== (lesion !== undefined)) return undefined;
    let ofLesions = results.get(id);
    if (ofLesions === undefined)
      results.set(id, (ofLesions = new Map<Lesion | undefined, ScoreResult | undefined>()));
    if (!ofLesions.has(lesion)) ofLesions.set(lesion, assessCase(scored, lesion));
    return ofLesions.get(lesion);
  };

  const of: Case = {
    chart,
    lesions,
    lesionsInWords: chart
      .possiblyInSet('Condition', lesionSets.lesion)
      .filter(({ state }) => state === 'current'),
    sites,
    settings: knowledge.settings,
    spellings,
    today: source.today,
    isOwnSystem: (system) => sameUri(system).startsWith(ownSystems),
    found: new Map(),
    missingData: (type) => (source.missingKeys.has(keyOf(type)) ? gap('data', keyOf(type)) : undefined),
    keyOf,
    asOf: (day, subject) => asOf(day, subject),
    severities: (name, value) => severitiesOf(name, value, prepared),
    notKept: (types) => {
      const [first] = types;
      const none = first === undefined || !types.every((type) => source.notKept?.has(type) === true);
      return none ? undefined : gap('elsewhere', keyOf(first));
    },
    scoreOf,
    isAimedAt: (fact) => !fact.draft || source.selected === undefined || source.selected.has(fact.reference),
    subjectOf,
    lesionsAt,
    dealtAmong,
  };
  const memory = remember(inputs, of);

  const earlier = new Map<number, OpenCase>();
  const asOf: Case['asOf'] = (day, { lesion }) => {
    let then = earlier.get(day);
    if (then === undefined) {
      const looks = earlier.size + 1;
      if (looks > mostLookBacks || looks * chart.size > mostReadAgain) return 'not-read';
      earlier.set(day, (then = caseOf(prepared, { ...source, today: day }, chartAsOf(chart, day))));
    }
    const { of: before, memory: read } = then;
    if (lesion === undefined) return read.valueOf(before.subjectOf({ eligible: before.lesions }));
    const [same] = [...lesion.references].flatMap((each) => lesionNamed(each, before.lesions) ?? []);
    return same === undefined
      ? 'not-on-record'
      : read.valueOf(before.subjectOf({ lesion: same, eligible: before.lesions }));
  };

  const assessCase = (
    { score, when, conditions }: PreparedScore,
    lesion: Lesion | undefined,
  ): ScoreResult | undefined => {
    const eligible = score.per === 'lesion' ? lesionsAt(score.sites) : lesions;
    const unlocated = lesion !== undefined && lesion.locations.length === 0;
    if (lesion !== undefined && !unlocated && !eligible.includes(lesion)) return undefined;
    const candidates = canonical(unlocated ? [...eligible, lesion] : eligible);
    const among = dealtAmong(candidates);
    const subject = subjectOf({ eligible: candidates, ...(lesion !== undefined && { lesion }) });
    const valueOf = memory.valueOf(subject);
    const observed = recordings.observations(score.id, lesion, among);
    const isRecorded =
      observed.own.length > 0 ||
      score.items.some(({ id }) => recordings.observations(id, lesion, among).own.length > 0);
    // Who answers an item has decided that the score applies.
    if (when !== undefined && !isRecorded && when.decide(valueOf).answer !== true) return undefined;
    const evidence: ScoreEvidence = {
      judge: (expression) => new Judged(conditions.get(expression)?.decide(valueOf)),
      recorded: (item) => recordings.answers(score.id, item, lesion, among),
      isLater: isCertainlyLater,
      referenceTo,
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

  const scoring = (): Steps<readonly ScoreResult[]> => scoringCase(prepared, of);
  return { of, memory, scoring, scores: () => atOnce(scoring()) };
}

/** A function of its own: generators of a closure that is made in each call are of a new shape each time. */
function* scoringCase({ scores }: Prepared, of: Case): Steps<readonly ScoreResult[]> {
  const found: ScoreResult[] = [];
  for (const { score } of scores.values()) {
    for (const lesion of score.per === 'lesion' ? of.lesions : [undefined]) {
      yield;
      const result = of.scoreOf(score.id, lesion);
      if (result !== undefined) found.push(result);
    }
  }
  return found;
}
