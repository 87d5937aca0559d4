import { withoutEscapes } from '../cards/markdown.js';
import { asWritten } from '../cards/values.js';
import type { Fact } from '../chart/chart.js';
import { codings, objects, text } from '../chart/element.js';
import type { OpenCase } from '../engine/case.js';
import type { Knowing } from './knowing.js';
import { isObject } from '../json.js';
import { textIn } from '../text.js';

/** What a chart holds, a line a fact, as one would tell it at a meeting. */
export interface Story {
  readonly patient: string | undefined;
  readonly chart: readonly string[];
  readonly drafts: readonly string[];
}

/** Order in which a patient is presented. */
const types = [
  'Condition',
  'BodyStructure',
  'Observation',
  'DiagnosticReport',
  'ImagingStudy',
  'MedicationStatement',
  'MedicationAdministration',
  'MedicationRequest',
  'AllergyIntolerance',
  'Procedure',
  'Encounter',
  'ServiceRequest',
  'Appointment',
  'DocumentReference',
  'Composition',
  'Goal',
];

/** Tells what a chart holds, and what is being ordered. */
export function storyOf({ of }: OpenCase, knowing: Knowing): Story {
  const facts = types.flatMap((type) => of.chart.ofType(type));
  const told = (draft: boolean): readonly string[] => [
    ...new Set(facts.filter((fact) => fact.draft === draft).map((fact) => lineOf(fact, knowing))),
  ];
  return { patient: patientOf(of.chart.patient, of.today, knowing), chart: told(false), drafts: told(true) };
}

function patientOf(
  patient: OpenCase['of']['chart']['patient'],
  today: number,
  { wording }: Knowing,
): string | undefined {
  const birth = text(patient?.['birthDate']);
  const gender = text(patient?.['gender']);
  const year = new Date(today * 86_400_000).getUTCFullYear();
  const born = birth === undefined ? undefined : year - Number(birth.slice(0, 4));
  const parts = [
    gender !== undefined && wording.hasPhrase(`marker-${gender}`)
      ? wording.phrase(`marker-${gender}`)
      : undefined,
    born === undefined || Number.isNaN(born) ? undefined : wording.quantity(born, 'a'),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function lineOf(fact: Fact, knowing: Knowing): string {
  const { wording, say } = knowing;
  const answer = asWritten(fact, wording) ?? wording.answerOf(fact);
  const place = fact.type === 'BodyStructure' ? undefined : wording.placeOf(fact);
  const answers = componentsOf(fact, knowing);
  const { end, start, open } = fact.when();
  const span = end ?? start;
  const day =
    span === undefined || fact.draft
      ? undefined
      : open
        ? wording.phrase('since', { date: wording.day(span) })
        : wording.day(span);
  const state = fact.state === undefined || fact.draft ? undefined : stateWords(fact, knowing);
  const remarks = [state, day].filter((part) => part !== undefined).join(', ');
  const dose = doseOf(fact, knowing);
  const head = [wording.nameOf(fact), place, dose].filter((part) => part !== undefined).join(', ');
  const said = [answer, ...answers].filter((part) => part !== undefined).join(', ');
  return withoutEscapes(
    `${head}${said === '' ? '' : `${say('words.colon')}${said}`}${remarks === '' ? '' : ` (${remarks})`}`,
  );
}

/** Only where it is no matter of course: a result is final, a problem current. */
function stateWords({ type, state }: Fact, { say }: Knowing): string | undefined {
  const expected = { Observation: 'done', Condition: 'current', DiagnosticReport: 'done' }[type];
  return state === undefined || state === expected ? undefined : say(`reading.state.${state}`);
}

/** The answers of a score that was filled in. */
function componentsOf({ resource }: Fact, { prepared, language, say }: Knowing): readonly string[] {
  const items = [...prepared.knowledge.scores.values()].flatMap((score) => score.items);
  return objects(resource['component']).flatMap((component) => {
    const asked = codesIn(component['code']);
    const item = items.find(({ id }) => asked.includes(id));
    const given = codesIn(component['valueCodeableConcept']);
    const answer = item?.answers.find(
      ({ code }) => given.includes(code) || given.includes(`${item.id}-${code}`),
    );
    return item === undefined || answer === undefined
      ? []
      : [`${textIn(item.text, language)}${say('words.colon')}${textIn(answer.display, language)}`];
  });
}

function codesIn(concept: unknown): readonly string[] {
  return isObject(concept) ? codings(concept).map(({ code }) => code) : [];
}

/** Dose and rhythm of a drug as its order states them. */
function doseOf({ resource }: Fact, { wording }: Knowing): string | undefined {
  const [dosage] = objects(resource['dosageInstruction'] ?? resource['dosage']);
  if (dosage === undefined) return undefined;
  const [rate] = objects(dosage['doseAndRate']);
  const quantity = rate?.['doseQuantity'];
  const amount = isObject(quantity) ? quantity['value'] : undefined;
  const unit = isObject(quantity) ? (text(quantity['unit']) ?? text(quantity['code'])) : undefined;
  const timing = isObject(dosage['timing']) ? dosage['timing']['repeat'] : undefined;
  const period = isObject(timing) ? timing['period'] : undefined;
  const periodUnit = isObject(timing) ? text(timing['periodUnit']) : undefined;
  const parts = [
    typeof amount === 'number' ? `${wording.number(amount)}\u00a0${unit ?? ''}`.trim() : undefined,
    typeof period === 'number' && periodUnit !== undefined
      ? `/ ${wording.quantity(period, periodUnit)}`
      : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}
