import type { BodySite, ScoreItem } from '../knowledge/types.js';
import { totalOf } from '../scores/total.js';
import type { Resource } from './chart.js';
import { recordsIn, referenceOf } from './element.js';
import type { ScoreForm } from './knowledge.js';
import type { ItemJson, ResultJson } from './results.js';
import { placesIn } from './sites.js';
import { subjectKey, type Subject } from './subject.js';
import { isScoreSystem } from './systems.js';
import { isObject } from '../json.js';

/** One assessment as some clinician recorded it. */
export interface Assessment {
  readonly reference: string;
  /** As precise as it was recorded. */
  readonly date?: string;
  readonly subject: Subject;
  readonly answers: Readonly<Record<string, string>>;
  readonly recordedTotal?: number;
}

const accepted = ['final', 'amended', 'corrected'];

function ownCode(score: ScoreForm, concept: unknown): string | undefined {
  const codings = recordsIn(isObject(concept) ? concept['coding'] : undefined);
  const code = codings.find(({ system }) => isScoreSystem(score, system))?.['code'];
  return typeof code === 'string' ? code : undefined;
}

function answersIn(observation: Resource, score: ScoreForm): Readonly<Record<string, string>> {
  const { items } = score;
  const coded = [observation, ...recordsIn(observation['component'])];
  const answers: Record<string, string> = {};
  for (const part of coded) {
    const value = ownCode(score, part['valueCodeableConcept']);
    const item = items.find(({ id, answers: known }) => known.some(({ code }) => `${id}-${code}` === value));
    if (item !== undefined && value !== undefined) answers[item.id] = value.slice(item.id.length + 1);
  }
  return answers;
}

function dateOf(observation: Resource): string | undefined {
  const period = observation['effectivePeriod'];
  const end: unknown = isObject(period) ? (period['end'] ?? period['start']) : undefined;
  const date = observation['effectiveDateTime'] ?? end;
  return typeof date === 'string' ? date : undefined;
}

function subjectOf(observation: Resource, score: ScoreForm, sites: readonly BodySite[]): Subject | undefined {
  if (score.per === 'patient') return { kind: 'patient' };
  const reference = recordsIn(observation['focus'])
    .map((focus) => focus['reference'])
    .find((value) => typeof value === 'string');
  if (reference !== undefined) {
    return { kind: 'lesion', reference: reference.split('/').slice(-2).join('/') };
  }
  const [site] = placesIn(observation, sites).exact;
  return site === undefined ? undefined : { kind: 'site', site };
}

/** The assessments of one score in the chart, newest first; undated ones last. */
export function assessmentsOf(
  score: ScoreForm,
  resources: readonly Resource[],
  sites: readonly BodySite[],
): readonly Assessment[] {
  return resources
    .flatMap((resource) => {
      const { resourceType, status } = resource;
      if (resourceType !== 'Observation' || typeof status !== 'string' || !accepted.includes(status))
        return [];
      if (ownCode(score, resource['code']) !== score.id) return [];
      const subject = subjectOf(resource, score, sites);
      if (subject === undefined) return [];
      const date = dateOf(resource);
      const total = resource['valueInteger'];
      return [
        {
          reference: referenceOf(resource),
          ...(date !== undefined && { date }),
          subject,
          answers: answersIn(resource, score),
          ...(typeof total === 'number' && { recordedTotal: total }),
        },
      ];
    })
    .sort((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
}

function itemOf(item: ScoreItem, assessments: readonly Assessment[]): ItemJson {
  const newest = assessments.find(({ answers }) => answers[item.id] !== undefined);
  const answer = newest?.answers[item.id];
  const known = item.answers.filter(({ code }) => code === answer);
  return {
    item: item.id,
    points: [...new Set((known.length > 0 ? known : item.answers).map(({ points }) => points))],
    evidence:
      newest === undefined
        ? []
        : [
            {
              reference: newest.reference,
              ...(newest.date !== undefined && { date: newest.date.slice(0, 10) }),
            },
          ],
    ...(answer !== undefined && { answer, from: 'answer' as const }),
  };
}

function labelOf(
  subject: Subject,
  resources: readonly Resource[],
  sites: readonly BodySite[],
): string | undefined {
  if (subject.kind === 'patient') return undefined;
  if (subject.kind === 'site') return subject.site;
  const found = resources.find((resource) => referenceOf(resource) === subject.reference);
  const { exact } = placesIn(found, sites);
  return exact.length === 0 ? undefined : exact.join(', ');
}

/**
 * What explicit score Observations alone say, for when the server's evaluation cannot be had: no fact, nothing
 * derived, per item the newest explicit answer.
 */
export function recordedResults(
  scores: readonly ScoreForm[],
  resources: readonly Resource[],
  sites: readonly BodySite[],
): readonly ResultJson[] {
  return scores.flatMap((score) => {
    const groups = new Map<string, Assessment[]>();
    for (const assessment of assessmentsOf(score, resources, sites)) {
      const key = subjectKey(assessment.subject);
      groups.set(key, [...(groups.get(key) ?? []), assessment]);
    }
    return [...groups.values()].flatMap((assessments) => {
      const [first] = assessments;
      if (first === undefined) return [];
      const items = score.items.map((item) => itemOf(item, assessments));
      const added = totalOf(
        score,
        items.map((each) => ({ ...each, answers: each.answer === undefined ? [] : [each.answer] })),
      );
      const { subject } = first;
      const site = labelOf(subject, resources, sites);
      return [
        {
          score: score.id,
          ...(subject.kind !== 'patient' && {
            lesion: {
              reference: subject.kind === 'lesion' ? subject.reference : first.reference,
              ...(site !== undefined && { site }),
            },
          }),
          ...added,
          ...(first.recordedTotal !== undefined &&
            first.recordedTotal !== added.total && { recordedTotal: first.recordedTotal }),
          flags: [],
          items,
          unassigned: [],
        },
      ];
    });
  });
}
