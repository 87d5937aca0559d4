import type { FhirResource } from '../cds-hooks/types.js';
import type { Chart, Fact } from '../chart/chart.js';
import { codings, objects } from '../chart/element.js';
import { push } from '../chart/grouped.js';
import { lesionOf, type Lesion } from '../chart/lesions.js';
import { newestOnTop, possiblyNewest } from '../chart/newest.js';
import type { SiteIndex } from '../chart/sites.js';
import { answerSetId } from '../knowledge/overlay/answer-value-sets.js';
import { ownSystemsAt, ownUri, type Bases } from '../knowledge/canonical-base.js';
import type { RecordedAnswers } from '../rules/scored.js';
import type { Terminology } from '../terminology/value-sets.js';
import { memo } from '../memo.js';

/** Observations of a score or item: those of the lesion (or patient) at hand, and those that name no lesion. */
interface Observed {
  readonly own: readonly Fact[];
  readonly unassigned: readonly Fact[];
}

/** What clinicians recorded of scores in one chart, newest first. */
export interface Recordings {
  /**
   * @param set id of the value set: that of a score or of one of its items
   * @param lesion undefined for a score of the patient
   * @param eligible lesions of the kind that the score is about
   */
  observations(set: string, lesion: Lesion | undefined, eligible: readonly Lesion[]): Observed;
  /** The newest answers to an item; several where none of them is known to be the newest. */
  answers(
    score: string,
    item: string,
    lesion: Lesion | undefined,
    eligible: readonly Lesion[],
  ): RecordedAnswers | undefined;
}

/** Observations of one value set by the lesion that they speak of. */
interface Assigned {
  readonly own: ReadonlyMap<Lesion, readonly Fact[]>;
  readonly unassigned: readonly Fact[];
}

const noFacts: readonly Fact[] = [];
const noObservations: Observed = { own: [], unassigned: [] };

/** What reading needs to know besides the chart. */
interface Knowing {
  readonly sites: SiteIndex;
  readonly knowledge: Bases;
  readonly terminology: Terminology;
}

/** Reads the recordings of a chart; each value set is looked up and sorted once. */
export function recordingsOf(
  chart: Chart,
  lesions: readonly Lesion[],
  { sites, knowledge, terminology }: Knowing,
): Recordings {
  const codes: AnswerCodes = {
    isOwn: ownSystem(knowledge, 'score'),
    setsOf: (system, code) => terminology.setsOf(system, code),
  };
  const sorted = memo((set: string): readonly Fact[] => newestOnTop(chart.inSet('Observation', set)));
  const assigned = new Map<readonly Fact[], Map<readonly Lesion[], Assigned>>();

  const observations: Recordings['observations'] = (set, lesion, eligible) => {
    const all = sorted(set);
    if (all.length === 0) return noObservations;
    if (lesion === undefined) return { own: all, unassigned: [] };
    let dealt = assigned.get(all);
    if (dealt === undefined) assigned.set(all, (dealt = new Map<readonly Lesion[], Assigned>()));
    let among = dealt.get(eligible);
    if (among === undefined) dealt.set(eligible, (among = dealtOut(all, eligible)));
    return { own: among.own.get(lesion) ?? noFacts, unassigned: among.unassigned };
  };

  const dealtOut = (all: readonly Fact[], eligible: readonly Lesion[]): Assigned => {
    const own = new Map<Lesion, Fact[]>();
    const unassigned: Fact[] = [];
    for (const fact of all) {
      const owner = lesionOf(fact, lesions, eligible, sites);
      if (owner !== undefined) push(own, owner, fact);
      else if (fact.focus().length === 0) unassigned.push(fact);
    }
    return { own, unassigned };
  };

  // A score Observation is asked for each of its items: it is read once.
  const answersOf = memo(({ resource }: Fact): AnswersByItem => answersIn(resource, codes));

  const answers: Recordings['answers'] = (score, item, lesion, eligible) => {
    const ofItem = observations(item, lesion, eligible).own;
    const ofScore = observations(score, lesion, eligible).own;
    // A set: the only item of a grade has the code of the score. Each of the lists is in order already.
    const about =
      ofItem.length === 0 || ofItem === ofScore
        ? ofScore
        : ofScore.length === 0
          ? ofItem
          : newestOnTop([...new Set([...ofItem, ...ofScore])]);
    const found = about.flatMap((fact) => {
      const codes = answersOf(fact).get(item);
      return codes === undefined ? [] : [{ fact, answers: codes }];
    });
    if (found.length === 0) return undefined;
    const together = possiblyNewest(found, ({ fact }) => fact);
    return {
      answers: [...new Set(together.flatMap((each) => each.answers))],
      facts: together.map(({ fact }) => fact),
    };
  };

  return { observations, answers };
}

/** Whether a code system is the one of ours with this id, under the deployment's base or the default one. */
function ownSystem(bases: Bases, id: string): (system: string | undefined) => boolean {
  const sameUri = ownUri(bases);
  const own = ownSystemsAt(bases.canonicalBase) + id;
  return (system) => system !== undefined && sameUri(system) === own;
}

/** By which codes items and answers are known: our own, and those of other systems that value sets hold. */
interface AnswerCodes {
  readonly isOwn: (system: string | undefined) => boolean;
  readonly setsOf: (system: string | undefined, code: string) => readonly string[];
}

/** Answer codes (`mechanical`) by the item that they answer; none for an item without an answer. */
type AnswersByItem = ReadonlyMap<string, readonly string[]>;

/** What an Observation of an item answers, or a score Observation in its components. */
function answersIn(resource: FhirResource, { isOwn, setsOf }: AnswerCodes): AnswersByItem {
  const found = new Map<string, string[]>();
  const codesIn = (concept: unknown): readonly string[] =>
    codings(concept).flatMap(({ system, code }) => (isOwn(system) ? [code] : setsOf(system, code)));
  for (const holder of [resource, ...objects(resource['component'])]) {
    const values = codesIn(holder['valueCodeableConcept']);
    if (values.length === 0) continue;
    for (const item of new Set(codesIn(holder['code']))) {
      const stem = answerSetId(item, '');
      for (const value of values) {
        if (value.startsWith(stem)) push(found, item, value.slice(stem.length));
      }
    }
  }
  return found;
}
