import type { Appointment, Condition, FhirResource } from 'fhir/r4.js';
import catalogue from '../../../fixtures/sandbox/catalogue.json';
import type { Order } from './chart.js';
import { isResource } from './fhir-server.js';
import type { Language } from '../../knowledge/types.js';
import { textIn } from '../../text.js';

/** Something of the hospital's catalogue, named in both languages. */
export interface CatalogueEntry {
  readonly id: string;
  readonly en: string;
  readonly fr: string;
  readonly group?: string;
}

/** Sorts of orders, in the order in which they are offered. */
export const orderGroups: readonly CatalogueEntry[] = catalogue.groups;
export const orderable: readonly CatalogueEntry[] = catalogue.orders;
export const recordable: readonly CatalogueEntry[] = catalogue.problems;
export const bookable: readonly CatalogueEntry[] = catalogue.appointments;

/** Who writes: the clinician of the sandbox and the open chart. `today` is YYYY-MM-DD. */
export interface Writer {
  readonly userId: string;
  readonly patientId: string;
  readonly today: string;
  readonly language: Language;
}

const categorySystem = 'http://terminology.hl7.org/CodeSystem/condition-category';

function newId(): string {
  return crypto.randomUUID();
}

/** The demo hospital names its catalogue in English and French. */
export function named(language: Language, { en, fr }: CatalogueEntry): string {
  return textIn({ en, fr }, language);
}

/** A draft of the order, to be signed; undefined when the catalogue has no such entry. */
export function draftOrder(id: string, writer: Writer): Order | undefined {
  const entry = catalogue.orders.find((candidate) => candidate.id === id);
  const resource: unknown = entry?.resource;
  if (entry === undefined || !isResource(resource)) return undefined;
  const common = {
    id: newId(),
    status: 'draft',
    subject: { reference: `Patient/${writer.patientId}` },
    authoredOn: writer.today,
    requester: { reference: writer.userId },
  } as const;
  const text = named(writer.language, entry);
  if (resource.resourceType === 'MedicationRequest') {
    return {
      ...resource,
      ...common,
      medicationCodeableConcept: { ...resource.medicationCodeableConcept, text },
    };
  }
  if (resource.resourceType === 'ServiceRequest') {
    return { ...resource, ...common, code: { ...resource.code, text } };
  }
  return undefined;
}

/** A new entry of the problem list; undefined when the catalogue has no such entry. */
export function newProblem(id: string, writer: Writer): Condition | undefined {
  const entry = catalogue.problems.find((candidate) => candidate.id === id);
  const resource: unknown = entry?.resource;
  if (entry === undefined || !isResource(resource) || resource.resourceType !== 'Condition') return undefined;
  const state = (name: string, code: string): Condition['clinicalStatus'] => ({
    coding: [{ system: `http://terminology.hl7.org/CodeSystem/${name}`, code }],
  });
  return {
    ...resource,
    id: newId(),
    clinicalStatus: state('condition-clinical', 'active'),
    verificationStatus: state('condition-ver-status', 'confirmed'),
    category: [{ coding: [{ system: categorySystem, code: 'problem-list-item' }] }],
    code: { ...resource.code, text: named(writer.language, entry) },
    subject: { reference: `Patient/${writer.patientId}` },
    onsetDateTime: writer.today,
    recordedDate: writer.today,
    recorder: { reference: writer.userId },
  };
}

/** An appointment that is proposed for a day (YYYY-MM-DD), in the morning. */
export function proposedAppointment(id: string, day: string, writer: Writer): Appointment | undefined {
  const entry = catalogue.appointments.find((candidate) => candidate.id === id);
  if (entry === undefined) return undefined;
  return {
    resourceType: 'Appointment',
    id: newId(),
    status: 'proposed',
    serviceType: [{ ...entry.serviceType, text: named(writer.language, entry) }],
    start: `${day}T09:00:00Z`,
    end: `${day}T09:30:00Z`,
    participant: [{ actor: { reference: `Patient/${writer.patientId}` }, status: 'accepted' }],
  };
}

/** What the context of a hook holds when it is about resources (CDS Hooks, FHIR resources in context). */
export function collection(resources: readonly FhirResource[]): FhirResource {
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}
