import type { FhirResource } from '../cds-hooks/types.js';
import type { Chart, Fact } from '../chart/chart.js';
import { codings, objects } from '../chart/element.js';
import { lesionOf, type Lesion } from '../chart/lesions.js';
import type { SiteIndex } from '../chart/sites.js';
import { ownSystemsAt, ownUri } from '../knowledge/canonical-base.js';
import { byNewest } from '../rules/read.js';
import type { RecordedAnswers } from '../scores/assess.js';

/** Observations of a score or item: those of the lesion (or patient) at hand, and those that name no lesion. */
interface Observed {
  readonly own: readonly Fact[];
  readonly unassigned: readonly Fact[];
}

/** What clinicians recorded of scores in one chart (contract section 4), newest first. */
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

const noObservations: Observed = { own: [], unassigned: [] };

/** Reads the recordings of a chart; each value set is looked up and sorted once. */
export function recordingsOf(
  chart: Chart,
  lesions: readonly Lesion[],
  sites: SiteIndex,
  canonicalBase: string,
): Recordings {
  const isOfScores = ownSystem(canonicalBase, 'score');
  const sorted = new Map<string, readonly Fact[]>();

  const observations: Recordings['observations'] = (set, lesion, eligible) => {
    let all = sorted.get(set);
    if (all === undefined) sorted.set(set, (all = [...chart.inSet('Observation', set)].sort(byNewest)));
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

  const answers: Recordings['answers'] = (score, item, lesion, eligible) => {
    // A set: the only item of a grade has the code of the score.
    const about = new Set([
      ...observations(item, lesion, eligible).own,
      ...observations(score, lesion, eligible).own,
    ]);
    const found = [...about]
      .map((fact) => ({ fact, answers: answersIn(fact.resource, item, isOfScores) }))
      .filter((each) => each.answers.length > 0)
      .sort((a, b) => byNewest(a.fact, b.fact));
    const [newest] = found;
    if (newest === undefined) return undefined;
    const together = found.filter(({ fact }) => fact === newest.fact || isOfOneMoment(fact, newest.fact));
    return {
      answers: [...new Set(together.flatMap((each) => each.answers))],
      facts: together.map(({ fact }) => fact),
    };
  };

  return { observations, answers };
}

/** Whether a code system is the one of ours with this id, under the deployment's base or the default one. */
function ownSystem(canonicalBase: string, id: string): (system: string | undefined) => boolean {
  const sameUri = ownUri(canonicalBase);
  const own = ownSystemsAt(canonicalBase) + id;
  return (system) => system !== undefined && sameUri(system) === own;
}

/** Two answers of one day without a time of day: neither is known to be the newer. */
function isOfOneMoment(a: Fact, b: Fact): boolean {
  const [one, other] = [a.when(), b.when()];
  return (
    one.end?.from === other.end?.from && one.end?.to === other.end?.to && one.instant() === other.instant()
  );
}

/** Answer codes of an item (`mechanical`) in an Observation of the item, or in the component of a score Observation. */
function answersIn(
  resource: FhirResource,
  item: string,
  isOfScores: (system: string | undefined) => boolean,
): readonly string[] {
  const holders = [resource, ...objects(resource['component'])].filter((holder) =>
    codings(holder['code']).some(({ system, code }) => isOfScores(system) && code === item),
  );
  return holders.flatMap((holder) =>
    codings(holder['valueCodeableConcept'])
      .filter(({ system, code }) => isOfScores(system) && code.startsWith(`${item}-`))
      .map(({ code }) => code.slice(item.length + 1)),
  );
}
