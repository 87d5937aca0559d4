import type { BodySite } from '../knowledge/types.js';
import type { PatientChart } from './chart.js';
import { referenceOf } from './element.js';
import { rangeText } from './form.js';
import type { ScoreForm } from './knowledge.js';
import type { ResultJson } from './results.js';
import { placesIn, placesOfLabel, type Places } from './sites.js';
import type { Subject } from './subject.js';
import type { Tone } from '../ui/body/marks.js';

/** One lesion with its scores. */
export interface LesionView {
  readonly reference: string;
  readonly label?: string;
  readonly places: Places;
  readonly results: readonly ResultJson[];
}

/** How grave a class is, by the order in which the score lists its classes; `open` for one that is none of them. */
export function toneOfClass(score: ScoreForm, code: string | undefined): Tone {
  const index = score.classes.findIndex((known) => known.code === code);
  const last = score.classes.length - 1;
  if (index < 0 || last < 1) return 'open';
  const rank = score.worst === 'lowest' ? last - index : index;
  if (rank === 0) return 'low';
  return rank === last ? 'high' : 'middle';
}

/** How grave a result is. */
export function toneOf(score: ScoreForm | undefined, result: Pick<ResultJson, 'class'>): Tone {
  return score === undefined ? 'open' : toneOfClass(score, result.class);
}

/** Total or reachable range, for a label with little room: `8…15` says that not all between can occur. */
export function shortResult({ total, reachable }: ResultJson): string {
  if (total !== undefined) return String(total);
  const [lowest] = reachable;
  const range = rangeText(reachable);
  return lowest !== undefined && range.includes(',') ? `${lowest}…${reachable.at(-1) ?? lowest}` : range;
}

/** The subject that a result is about. */
export function subjectOf(result: ResultJson): Subject {
  const { lesion } = result;
  if (lesion === undefined) return { kind: 'patient' };
  return {
    kind: 'lesion',
    reference: lesion.reference,
    ...(lesion.site !== undefined && { site: lesion.site }),
  };
}

/** Sites that both describe one place: the codes are exact, the label may name levels of several resources. */
function united(a: Places, b: Places): Places {
  const exact = [...new Set([...a.exact, ...b.exact])];
  const [side, ...others] = new Set([a, b].flatMap((places) => places.side ?? []));
  return {
    exact,
    possible: exact.length > 0 ? [] : [...new Set([...a.possible, ...b.possible])],
    ...(side !== undefined && others.length === 0 && { side }),
  };
}

/** Lesions that have a result, then the BodyStructures that none of the scores is meant for. */
export function lesionsOf(
  results: readonly ResultJson[],
  chart: PatientChart,
  sites: readonly BodySite[],
): readonly LesionView[] {
  const references = [...new Set(results.flatMap(({ lesion }) => lesion?.reference ?? []))];
  const scored = references.map((reference): LesionView => {
    const own = results.filter(({ lesion }) => lesion?.reference === reference);
    const label = own.flatMap(({ lesion }) => lesion?.site ?? [])[0];
    const resource = chart.resources.find((candidate) => referenceOf(candidate) === reference);
    const named = placesIn(resource, sites);
    const places = label === undefined ? named : united(placesOfLabel(label, sites), named);
    return { reference, places, results: own, ...(label !== undefined && { label }) };
  });
  const covered = new Set(scored.flatMap(({ places }) => [...places.exact, ...places.possible]));
  const others = chart.resources.flatMap((resource): LesionView[] => {
    if (resource.resourceType !== 'BodyStructure' || resource['active'] === false) return [];
    const reference = referenceOf(resource);
    const places = placesIn(resource, sites);
    const named = [...places.exact, ...places.possible];
    if (references.includes(reference) || named.length === 0 || named.some((id) => covered.has(id)))
      return [];
    return [{ reference, places, results: [] }];
  });
  return [...scored, ...others];
}
