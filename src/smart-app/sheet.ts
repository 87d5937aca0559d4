import type { Language } from '../knowledge/types.js';
import type { PatientChart, Resource } from './chart.js';
import { recordsIn } from './element.js';
import type { AppKnowledge } from './knowledge.js';
import { isObject } from '../json.js';

/** One line of the sheet for the tumour board, in the words of the chart. */
export interface SheetEntry {
  readonly text: string;
  readonly date?: string;
}

/** What the sheet says of the patient beside lesions and scores; an empty list: nothing of it is in the chart. */
export interface SheetFacts {
  readonly diagnoses: readonly SheetEntry[];
  /** Histology, stage and markers that the record ties to a diagnosis. */
  readonly histology: readonly SheetEntry[];
  readonly performance: readonly SheetEntry[];
  readonly treatments: readonly SheetEntry[];
  readonly kidney: readonly SheetEntry[];
  readonly calcium: readonly SheetEntry[];
  readonly imaging: readonly SheetEntry[];
}

const withdrawn: readonly string[] = ['entered-in-error', 'cancelled', 'not-done', 'draft', 'refuted'];

function textOf(concept: unknown): string | undefined {
  if (!isObject(concept)) return undefined;
  const [coding] = recordsIn(concept['coding']);
  const words = concept['text'] ?? coding?.['display'] ?? coding?.['code'];
  return typeof words === 'string' ? words : undefined;
}

/** The first day that a resource names, in the order in which its elements are given. */
function dateOf(resource: Resource, ...names: readonly string[]): string | undefined {
  const found = names
    .map((name) => {
      const value = resource[name];
      return isObject(value) ? (value['start'] ?? value['end']) : value;
    })
    .find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : undefined;
}

function stands({ status, verificationStatus }: Resource): boolean {
  const verification = isObject(verificationStatus)
    ? recordsIn(verificationStatus['coding']).map(({ code }) => code)
    : [];
  return ![status, ...verification].some((word) => typeof word === 'string' && withdrawn.includes(word));
}

function entry(text: string | undefined, date: string | undefined): readonly SheetEntry[] {
  return text === undefined ? [] : [{ text, ...(date !== undefined && { date }) }];
}

/** A number as the chart has it, to its own precision. */
function numberText(value: unknown, language: Language): string {
  const parts = new Intl.NumberFormat(language).formatToParts(0.5);
  const point = parts.find(({ type }) => type === 'decimal')?.value ?? '.';
  return String(value).replace('.', point);
}

function valueOf(resource: Resource, language: Language): string | undefined {
  const { valueQuantity, valueCodeableConcept, valueInteger, valueString } = resource;
  if (isObject(valueQuantity)) {
    const { comparator, value, unit, code } = valueQuantity;
    const number = value === undefined ? undefined : numberText(value, language);
    const parts = [comparator, number, unit ?? code].filter((part) => part !== undefined);
    // A number stays with its unit.
    return parts.length === 0 ? undefined : parts.map(String).join('\u00a0');
  }
  if (typeof valueInteger === 'number') return String(valueInteger);
  return typeof valueString === 'string' ? valueString : textOf(valueCodeableConcept);
}

const newestFirst = (a: SheetEntry, b: SheetEntry): number => (b.date ?? '').localeCompare(a.date ?? '');

/** A result as the chart has it: name, value with its unit, and whether it is preliminary. */
function resultOf(observation: Resource, language: Language): readonly SheetEntry[] {
  const value = valueOf(observation, language);
  const name = textOf(observation['code']);
  if (value === undefined || name === undefined) return [];
  return entry(`${name} ${value}`, dateOf(observation, 'effectiveDateTime', 'effectivePeriod', 'issued'));
}

function newestOf(
  chart: PatientChart,
  language: Language,
  codes: AppKnowledge['sheet'][string] = [],
): readonly SheetEntry[] {
  const found = chart.resources.filter(
    (resource) =>
      resource.resourceType === 'Observation' &&
      stands(resource) &&
      recordsIn(isObject(resource['code']) ? resource['code']['coding'] : undefined).some((coding) =>
        codes.some(({ system, code }) => coding['system'] === system && coding['code'] === code),
      ),
  );
  const newest = new Map<string, SheetEntry>();
  for (const observation of found) {
    const name = textOf(observation['code']) ?? '';
    const [result] = resultOf(observation, language);
    const known = newest.get(name);
    if (result !== undefined && (known === undefined || newestFirst(result, known) < 0))
      newest.set(name, result);
  }
  return [...newest.values()].sort(newestFirst);
}

/** Of a diagnosis: its stage, and the histology that mCODE writes in an extension. */
function detailsOf(condition: Resource): readonly SheetEntry[] {
  const stages = recordsIn(condition['stage']).flatMap(({ summary }) => entry(textOf(summary), undefined));
  const histology = recordsIn(condition['extension'])
    .filter(({ url }) => typeof url === 'string' && url.includes('histology'))
    .flatMap(({ valueCodeableConcept }) => entry(textOf(valueCodeableConcept), undefined));
  return [...histology, ...stages];
}

/** Markers: results that name a diagnosis as what they are about. */
function isOfDiagnosis(observation: Resource): boolean {
  const about = recordsIn(observation['focus']).flatMap(({ reference }) => reference ?? []);
  const own = recordsIn(isObject(observation['code']) ? observation['code']['coding'] : undefined);
  const isFinding = own.some(
    ({ system }) => typeof system === 'string' && /\/(?:finding|score)$/.test(system),
  );
  return (
    !isFinding &&
    about
      .filter((reference) => typeof reference === 'string')
      .some((reference) => reference.startsWith('Condition/'))
  );
}

/** What is taken from the chart for the sheet; nothing is inferred. */
export function sheetFacts(
  chart: PatientChart,
  { sheet }: Pick<AppKnowledge, 'sheet'>,
  language: Language,
): SheetFacts {
  const of = (...types: readonly string[]): readonly Resource[] =>
    chart.resources.filter((resource) => types.includes(resource.resourceType) && stands(resource));
  const conditions = of('Condition').filter(({ clinicalStatus }) =>
    recordsIn(isObject(clinicalStatus) ? clinicalStatus['coding'] : undefined).every(
      ({ code }) => code !== 'resolved' && code !== 'inactive',
    ),
  );
  const drugs = of('MedicationRequest', 'MedicationStatement', 'MedicationAdministration').flatMap((drug) =>
    entry(
      textOf(drug['medicationCodeableConcept']),
      dateOf(drug, 'effectiveDateTime', 'effectivePeriod', 'authoredOn', 'dateAsserted'),
    ),
  );
  // Of each drug the newest entry.
  const treatments = [...drugs]
    .sort(newestFirst)
    .filter(({ text }, index, all) => all.findIndex((other) => other.text === text) === index);
  const procedures = of('Procedure').flatMap((act) =>
    entry(textOf(act['code']), dateOf(act, 'performedDateTime', 'performedPeriod')),
  );
  return {
    diagnoses: conditions
      .flatMap((condition) =>
        entry(textOf(condition['code']), dateOf(condition, 'onsetDateTime', 'recordedDate')),
      )
      .sort(newestFirst)
      .reverse(),
    histology: [
      ...conditions.flatMap(detailsOf),
      ...of('Observation')
        .filter(isOfDiagnosis)
        .flatMap((marker) => resultOf(marker, language)),
    ],
    performance: newestOf(chart, language, sheet['performance']),
    treatments: [...treatments, ...procedures].sort(newestFirst),
    kidney: newestOf(chart, language, sheet['kidney']),
    calcium: newestOf(chart, language, sheet['calcium']),
    imaging: of('DiagnosticReport')
      .flatMap((report) =>
        entry(textOf(report['code']), dateOf(report, 'effectiveDateTime', 'effectivePeriod', 'issued')),
      )
      .sort(newestFirst),
  };
}
