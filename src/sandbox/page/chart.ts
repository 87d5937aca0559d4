import type {
  Appointment,
  BodyStructure,
  CodeableConcept,
  Condition,
  Encounter,
  FhirResource,
  MedicationRequest,
  Observation,
  Patient,
  ServiceRequest,
} from 'fhir/r4.js';
import { isResource, ofType, query, search, type ResourceType } from './fhir-server.js';
import { RequestFailed } from './json.js';

/** One patient's chart as the EHR holds it. */
export interface Chart {
  readonly patient: Patient;
  readonly resources: readonly FhirResource[];
}

export type Order = MedicationRequest | ServiceRequest;

const chartTypes: readonly ResourceType[] = [
  'Condition',
  'BodyStructure',
  'Observation',
  'MedicationRequest',
  'MedicationAdministration',
  'Procedure',
  'ServiceRequest',
  'Appointment',
  'Encounter',
  'DiagnosticReport',
];

/** @throws RequestFailed */
export async function loadChart(patientId: string): Promise<Chart> {
  const [patient, ...found] = await Promise.all([
    query(`Patient/${patientId}`),
    ...chartTypes.map((type) => search(type, { patient: patientId })),
  ]);
  if (!isResource(patient) || patient.resourceType !== 'Patient') throw new RequestFailed(404, []);
  return { patient, resources: found.flat() };
}

export function conceptText(concept: CodeableConcept | undefined): string {
  const [coding] = concept?.coding ?? [];
  return concept?.text ?? coding?.display ?? coding?.code ?? '';
}

export function patientName(patient: Patient): string {
  const [name] = patient.name ?? [];
  return name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ');
}

/** Completed years on `today` (YYYY-MM-DD); undefined when the birth date is not complete. */
export function ageOn(birthDate: string | undefined, today: string): number | undefined {
  if (birthDate?.length !== 10) return undefined;
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

export function encounterOf(chart: Chart): Encounter | undefined {
  return ofType(chart.resources, 'Encounter').find(({ status }) => status === 'in-progress');
}

const isDraft = ({ status }: Order): boolean => status === 'draft';

export function ordersOf(chart: Chart): readonly Order[] {
  return [...ofType(chart.resources, 'MedicationRequest'), ...ofType(chart.resources, 'ServiceRequest')];
}

/** Orders that are written and not yet signed. */
export function draftsOf(chart: Chart): readonly Order[] {
  return ordersOf(chart).filter(isDraft);
}

export function appointmentsOf(chart: Chart): readonly Appointment[] {
  return ofType(chart.resources, 'Appointment');
}

/** Relative reference, `Type/id`. */
export function referenceTo(order: Order): string {
  return `${order.resourceType}/${order.id ?? ''}`;
}

export function orderText(order: Order): string {
  return conceptText(order.resourceType === 'ServiceRequest' ? order.code : order.medicationCodeableConcept);
}

/** A place in the body where the chart records something, with what was found there. */
export interface Lesion {
  readonly lesion: Condition | BodyStructure;
  readonly site: string;
  readonly findings: readonly Observation[];
}

function concernsLesion(observation: Observation, reference: string): boolean {
  return (observation.focus ?? []).some((focus) => focus.reference === reference);
}

const unbelieved: readonly string[] = ['entered-in-error', 'refuted'];

/** Lesions: problems with a body site, and body structures that no such problem already names. */
export function lesionsOf(chart: Chart): readonly Lesion[] {
  const observations = ofType(chart.resources, 'Observation');
  const findingsAt = (reference: string): readonly Observation[] =>
    observations.filter((observation) => concernsLesion(observation, reference));
  const problems = ofType(chart.resources, 'Condition')
    .filter(({ bodySite, verificationStatus }) => {
      const [verification] = verificationStatus?.coding ?? [];
      return bodySite !== undefined && !unbelieved.includes(verification?.code ?? '');
    })
    .map((lesion) => ({
      lesion,
      site: (lesion.bodySite ?? []).map(conceptText).join(', '),
      findings: findingsAt(`Condition/${lesion.id ?? ''}`),
    }));
  const structures = ofType(chart.resources, 'BodyStructure')
    .map((lesion) => ({
      lesion,
      site: conceptText(lesion.location),
      findings: findingsAt(`BodyStructure/${lesion.id ?? ''}`),
    }))
    .filter(
      ({ site, findings }) => findings.length > 0 || !problems.some((known) => known.site.includes(site)),
    );
  return [...problems, ...structures];
}

/** Results that belong to no lesion, newest first. */
export function resultsOf(chart: Chart): readonly Observation[] {
  return ofType(chart.resources, 'Observation')
    .filter(({ focus }) => focus === undefined)
    .toSorted((a, b) => (b.effectiveDateTime ?? '').localeCompare(a.effectiveDateTime ?? ''));
}
