import { chance, type Chance } from './random.js';
import type { Coding, Measure, RecordStyle } from './records.js';

type Json = Readonly<Record<string, unknown>> & { readonly resourceType: string; readonly id: string };

/** What the service must say, or must not say, at one moment: known because the record was made so. */
export interface Expected {
  readonly patient: string;
  readonly at: string;
  readonly rule: string;
  readonly fires: boolean;
  /** Why, in a few words. */
  readonly because: string;
}

export interface Person {
  readonly id: string;
  readonly hasLesion: boolean;
  readonly resources: readonly Json[];
  readonly expected: readonly Expected[];
}

const dayMs = 86_400_000;
const firstDay = Date.UTC(2024, 0, 8);
const daysOfVisits = 540;

/** One person's record while it is written, in the style of one country. */
interface Writer {
  readonly style: RecordStyle;
  readonly luck: Chance;
  readonly id: string;
  readonly resources: Json[];
}

const day = (offset: number): string => new Date(firstDay + offset * dayMs).toISOString().slice(0, 10);

function time({ style }: Writer, offset: number, hour = 10): string {
  return `${day(offset)}T${String(hour).padStart(2, '0')}:00:00${style.offset}`;
}

function add(writer: Writer, resourceType: string, elements: Readonly<Record<string, unknown>>): string {
  const id = `${writer.id}-${writer.resources.length}`;
  writer.resources.push({ resourceType, id, ...elements });
  return `${resourceType}/${id}`;
}

const subject = ({ id }: Writer) => ({ reference: `Patient/${id}` });
const concept = (coding: readonly Coding[]) => ({ coding, text: coding[0]?.display ?? '' });
const clinical = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
};
const verified = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
};
const clinicians = 40;

const clinician = ({ luck }: Writer) => ({ reference: `Practitioner/dr-${luck.whole(1, clinicians)}` });

function condition(writer: Writer, coding: readonly Coding[], offset: number, site?: Coding): string {
  return add(writer, 'Condition', {
    clinicalStatus: clinical,
    verificationStatus: verified,
    code: concept(coding),
    ...(site !== undefined && { bodySite: [concept([site])] }),
    subject: subject(writer),
    recordedDate: time(writer, offset, 9),
    recorder: clinician(writer),
  });
}

function visit(writer: Writer, offset: number, nights = 0): string {
  const code = nights === 0 ? 'AMB' : 'IMP';
  return add(writer, 'Encounter', {
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code },
    subject: subject(writer),
    participant: [{ individual: clinician(writer) }],
    period: { start: time(writer, offset, 8), end: time(writer, offset + nights, 17) },
  });
}

function result(writer: Writer, { code, display, unit }: Measure, value: number, offset: number): void {
  add(writer, 'Observation', {
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject: subject(writer),
    effectiveDateTime: time(writer, offset, 7),
    issued: time(writer, offset, 12),
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  });
}

function prescription(
  writer: Writer,
  drug: Coding,
  milligrams: number,
  weeks: number,
  offset: number,
): string {
  const { style } = writer;
  const named = style.drugsApart
    ? { medicationReference: { reference: `Medication/${drugId(drug)}` } }
    : { medicationCodeableConcept: concept([drug]) };
  const authoredOn = time(writer, offset, 10);
  add(writer, 'MedicationRequest', {
    status: 'completed',
    intent: 'order',
    ...named,
    subject: subject(writer),
    authoredOn,
    requester: clinician(writer),
    dosageInstruction: [
      {
        timing: {
          repeat: {
            boundsPeriod: { start: day(offset), end: day(offset + weeks * 7 - 1) },
            frequency: 1,
            period: weeks,
            periodUnit: 'wk',
          },
        },
        doseAndRate: [
          {
            doseQuantity: { value: milligrams, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' },
          },
        ],
      },
    ],
  });
  return authoredOn;
}

const drugId = ({ code }: Coding): string => `drug-${code.toLowerCase()}`;

/** The Medications that the orders of a style name: a formulary, shared by all patients. */
export function formulary(style: RecordStyle): readonly Json[] {
  if (!style.drugsApart) return [];
  return [style.denosumab, style.zoledronicAcid, ...style.drugs].map((drug) => ({
    resourceType: 'Medication',
    id: drugId(drug),
    status: 'active',
    code: concept([drug]),
  }));
}

function ordinaryLife(writer: Writer): void {
  const { style, luck } = writer;
  const problems = luck.whole(1, 3);
  for (let index = 0; index < problems; index++)
    condition(writer, luck.of(style.problems), luck.whole(0, daysOfVisits));
  const visits = luck.whole(2, 4);
  for (let index = 0; index < visits; index++) {
    const offset = luck.whole(0, daysOfVisits);
    visit(writer, offset);
    for (const measure of style.results)
      if (luck.next() < 0.8) result(writer, measure, luck.whole(measure.least, measure.most), offset);
  }
  if (luck.next() < 0.5) prescription(writer, luck.of(style.drugs), 10, 12, luck.whole(0, daysOfVisits));
  if (luck.next() < 0.3) {
    const { system, code, display } = style.local;
    add(writer, 'Observation', {
      status: 'final',
      code: { coding: [{ system, code, display }], text: display },
      subject: subject(writer),
      effectiveDateTime: time(writer, luck.whole(0, daysOfVisits), 7),
      valueQuantity: { value: luck.whole(4, 8), unit: 'mmol/L' },
    });
  }
}

function dental(writer: Writer, offset: number): void {
  add(writer, 'Procedure', {
    status: 'completed',
    code: concept(writer.style.dental),
    subject: subject(writer),
    performedDateTime: day(offset),
  });
}

const rules = {
  dental: 'dental-assessment-before-antiresorptive',
  renal: 'zoledronic-acid-renal-contraindication',
  calcium: 'hypocalcaemia-before-denosumab',
} as const;

/** A year and a half with bone metastases, and what is known of it by construction. */
function lifeWithMetastases(writer: Writer): readonly Expected[] {
  const { style, luck, id } = writer;
  const expected: Expected[] = [];
  const expect = (at: string, rule: string, fires: boolean, because: string): void => {
    expected.push({ patient: id, at, rule, fires, because });
  };
  const cancer = luck.whole(0, 20);
  condition(writer, luck.of(style.cancers), cancer);
  const found = luck.whole(30, 60);
  condition(writer, style.boneMetastasis, found, luck.next() < 0.5 ? style.vertebra : undefined);
  visit(writer, found + 5, luck.whole(2, 6));
  const first = found + luck.whole(14, 28);

  const checkedBefore = luck.next() < 0.5;
  dental(writer, checkedBefore ? first - 40 : first + 14);

  const onZoledronicAcid = luck.next() < 0.5;
  const isBad = luck.next() < 0.3;
  const [drug, milligrams] = onZoledronicAcid ? [style.zoledronicAcid, 4] : [style.denosumab, 120];
  result(
    writer,
    style.clearance,
    onZoledronicAcid && isBad ? luck.whole(15, 28) : luck.whole(70, 100),
    first - 6,
  );
  result(writer, style.calcium, !onZoledronicAcid && isBad ? 1.95 : 2.35, first - 3);
  const order = prescription(writer, drug, milligrams, 4, first);
  expect(
    order,
    rules.dental,
    !checkedBefore,
    checkedBefore ? 'checked before' : 'checked only after the order',
  );
  if (onZoledronicAcid)
    expect(order, rules.renal, isBad, isBad ? 'clearance below 30' : 'clearance of 70 or more');
  else expect(order, rules.calcium, isBad, isBad ? 'calcium of 1.95' : 'calcium of 2.35');

  // The next ones are given with sound results; a dental check of the last months is there by now.
  const orders = luck.whole(5, 10);
  for (let index = 1; index <= orders; index++) {
    const offset = first + 28 * index;
    visit(writer, offset);
    result(writer, style.clearance, luck.whole(70, 100), offset - 2);
    result(writer, style.calcium, 2.3, offset - 2);
    for (const measure of style.results)
      result(writer, measure, luck.whole(measure.least, measure.most), offset);
    const again = prescription(writer, style.denosumab, 120, 4, offset);
    if (index <= 3) expect(again, rules.dental, false, 'checked in the last months');
    expect(again, rules.calcium, false, 'calcium of 2.3');
  }
  add(writer, 'ServiceRequest', {
    status: 'completed',
    intent: 'order',
    code: concept(style.imaging),
    subject: subject(writer),
    authoredOn: time(writer, first + 90),
    requester: clinician(writer),
  });
  add(writer, 'Appointment', {
    status: 'fulfilled',
    created: time(writer, first + 60, 11),
    start: time(writer, first + 80, 9),
    end: time(writer, first + 80, 10),
    serviceType: [concept(style.dental)],
    participant: [
      { actor: subject(writer), status: 'accepted' },
      { actor: clinician(writer), status: 'accepted' },
    ],
  });
  return expected;
}

/**
 * One made-up patient: the same for the same seed and number, whoever else is made.
 * @param share of patients with a bone metastasis, from 0 to 1
 */
export function person(
  seed: number,
  number: number,
  styles: readonly [RecordStyle, RecordStyle],
  share: number,
): Person {
  const luck = chance(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const style = luck.of(styles);
  const id = `p${number}`;
  const writer: Writer = { style, luck, id, resources: [] };
  const gender = luck.of(['female', 'male']);
  writer.resources.push({
    resourceType: 'Patient',
    id,
    name: [{ family: luck.of(style.families), given: [luck.of(style.given)] }],
    gender,
    birthDate: `${luck.whole(1940, 1975)}-0${luck.whole(1, 9)}-1${luck.whole(0, 9)}`,
  });
  const hasLesion = luck.next() < share;
  ordinaryLife(writer);
  const expected = hasLesion ? lifeWithMetastases(writer) : [];
  return { id, hasLesion, resources: writer.resources, expected };
}
