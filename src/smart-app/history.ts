import type { BodySite } from '../knowledge/types.js';
import { referenceOf } from './element.js';
import { outcomeOf } from './form.js';
import type { Resource } from './chart.js';
import type { ScoreForm } from './knowledge.js';
import { assessmentsOf, type Assessment } from './recorded.js';
import { placesIn, placesOfLabel, type Places } from './sites.js';
import type { Subject } from './subject.js';

/** One recorded assessment as a point in time; an incomplete one spans its reachable totals. */
export interface HistoryPoint {
  readonly reference: string;
  readonly date?: string;
  readonly reachable: readonly number[];
  readonly total?: number;
  readonly class?: string;
  readonly recordedTotal?: number;
}

function placesOfSubject(
  subject: Subject,
  resources: readonly Resource[],
  sites: readonly BodySite[],
): Places {
  if (subject.kind === 'patient') return { exact: [], possible: [] };
  if (subject.kind === 'site') return { exact: [subject.site], possible: [] };
  const found = resources.find((resource) => referenceOf(resource) === subject.reference);
  const named = found === undefined ? undefined : placesIn(found, sites);
  if (named !== undefined && named.exact.length > 0) return named;
  return subject.site === undefined ? { exact: [], possible: [] } : placesOfLabel(subject.site, sites);
}

function isSame(a: Subject, b: Subject, places: (subject: Subject) => Places): boolean {
  if (a.kind === 'patient' || b.kind === 'patient') return a.kind === b.kind;
  if (a.kind === 'lesion' && b.kind === 'lesion' && a.reference === b.reference) return true;
  const [{ exact: own, side }, { exact: other, side: otherSide }] = [places(a), places(b)];
  if (side !== undefined && otherSide !== undefined && side !== otherSide) return false;
  return own.length > 0 && other.length > 0 && other.every((id) => own.includes(id));
}

function pointOf(score: ScoreForm, { reference, date, answers, recordedTotal }: Assessment): HistoryPoint {
  const outcome = outcomeOf(score, undefined, answers, { today: '' });
  return {
    reference,
    ...(date !== undefined && { date }),
    reachable: outcome.reachable,
    ...(outcome.total !== undefined && { total: outcome.total }),
    ...(outcome.class !== undefined && { class: outcome.class }),
    ...(recordedTotal !== undefined && recordedTotal !== outcome.total && { recordedTotal }),
  };
}

/** The recorded assessments of one score of one subject, oldest first. */
export function historyOf(
  score: ScoreForm,
  subject: Subject,
  resources: readonly Resource[],
  sites: readonly BodySite[],
): readonly HistoryPoint[] {
  const places = (one: Subject): Places => placesOfSubject(one, resources, sites);
  return assessmentsOf(score, resources, sites)
    .filter((assessment) => isSame(subject, assessment.subject, places))
    .map((assessment) => pointOf(score, assessment))
    .reverse();
}
