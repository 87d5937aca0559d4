import type { CodedElement, FactState } from './knowledge/types.js';

/**
 * Each resource type as this service reads it: where FHIR R4 says what it is, where, when and whether it counts, and how it is
 * asked for. Elements are named as R4 names them: `[x]` stands for a choice of types, a dot for an element inside.
 */
export interface ResourceType {
  /** Prefetch key. */
  readonly key: string;
  /** What says what it is; the first names the thing itself where others only say more beside it. */
  readonly code: readonly string[];
  /** Where in the body it lies. */
  readonly bodySite?: readonly string[];
  /** When it took place or holds; the first that is there counts. */
  readonly dates?: readonly string[];
  /** Where they do not say when it began: when that was at the latest. */
  readonly begins?: string;
  /** The element of its life cycle, and what its values mean; what is not named does not count. */
  readonly status?: LifeCycle;
  /** Whose it is. */
  readonly patient: string;
  /**
   * How it is asked for, inside the query subset of CDS Hooks 2.0 («Prefetch query restrictions»). `codes`: filtered by the
   * codes that the rules know. States: by the statuses that are read as one of them; a status left out would count or not by
   * the way in which the data came. Conditions and BodyStructures are asked for whole: ICD-10 prefixes cannot be searched, and
   * a chart's problem list is short.
   */
  readonly query: 'codes' | 'whole' | readonly FactState[];
}

/** An element, and what its values mean. */
interface LifeCycle {
  readonly element: string;
  readonly states: Readonly<Record<string, FactState>>;
}

const everyState: readonly FactState[] = ['ordered', 'done', 'current', 'past'];

const status = (states: LifeCycle['states']): LifeCycle => ({
  element: 'status',
  states,
});

/** A result that is final. */
const reported = status({ final: 'done', amended: 'done', corrected: 'done', appended: 'done' });

/** A problem that names no status of these is a current one. */
const problem: LifeCycle = {
  element: 'clinicalStatus',
  states: { inactive: 'past', remission: 'past', resolved: 'past' },
};

const table: Readonly<Record<string, ResourceType>> = {
  Patient: { key: 'patient', code: [], patient: 'id', query: 'whole' },
  Condition: {
    key: 'conditions',
    code: ['code'],
    bodySite: ['bodySite'],
    dates: ['onset[x]', 'recordedDate'],
    status: problem,
    patient: 'subject',
    query: 'whole',
  },
  BodyStructure: {
    key: 'bodyStructures',
    code: ['location', 'locationQualifier', 'morphology'],
    bodySite: ['location', 'locationQualifier'],
    patient: 'patient',
    query: 'whole',
  },
  Observation: {
    key: 'observations',
    code: ['code'],
    bodySite: ['bodySite'],
    dates: ['effective[x]', 'issued'],
    status: reported,
    patient: 'subject',
    query: 'codes',
  },
  MedicationRequest: {
    key: 'medicationRequests',
    code: ['medication[x]'],
    dates: ['dosageInstruction.timing.repeat.bounds[x]', 'dispenseRequest.validityPeriod'],
    begins: 'authoredOn',
    // What is on hold was prescribed and is not being taken: neither ordered nor never given.
    status: status({ active: 'ordered', completed: 'past', stopped: 'past', 'on-hold': 'past' }),
    patient: 'subject',
    query: everyState,
  },
  MedicationAdministration: {
    key: 'medicationAdministrations',
    code: ['medication[x]'],
    dates: ['effective[x]'],
    status: status({ completed: 'done', 'in-progress': 'done' }),
    patient: 'subject',
    query: everyState,
  },
  MedicationStatement: {
    key: 'medicationStatements',
    code: ['medication[x]'],
    dates: ['effective[x]'],
    status: status({
      active: 'current',
      completed: 'past',
      stopped: 'past',
      'on-hold': 'past',
      intended: 'ordered',
    }),
    patient: 'subject',
    query: everyState,
  },
  Procedure: {
    key: 'procedures',
    code: ['code'],
    bodySite: ['bodySite'],
    dates: ['performed[x]'],
    status: status({ completed: 'done', 'in-progress': 'ordered', preparation: 'ordered' }),
    patient: 'subject',
    query: everyState,
  },
  ServiceRequest: {
    key: 'serviceRequests',
    code: ['code'],
    bodySite: ['bodySite'],
    dates: ['occurrence[x]'],
    status: status({ active: 'ordered', completed: 'past' }),
    patient: 'subject',
    // Neither ordered nor done once it is completed, and there are many of those.
    query: ['ordered'],
  },
  Appointment: {
    key: 'appointments',
    code: ['serviceType', 'appointmentType'],
    dates: ['start'],
    status: status({
      proposed: 'ordered',
      pending: 'ordered',
      booked: 'ordered',
      arrived: 'ordered',
      'checked-in': 'ordered',
      waitlist: 'ordered',
      fulfilled: 'done',
    }),
    patient: 'participant.actor',
    query: everyState,
  },
  Encounter: {
    key: 'encounters',
    code: ['type', 'serviceType'],
    dates: ['period'],
    status: status({
      finished: 'done',
      planned: 'ordered',
      arrived: 'ordered',
      triaged: 'ordered',
      'in-progress': 'ordered',
      onleave: 'ordered',
    }),
    patient: 'subject',
    query: everyState,
  },
  DiagnosticReport: {
    key: 'diagnosticReports',
    code: ['code', 'category'],
    dates: ['effective[x]', 'issued'],
    status: reported,
    patient: 'subject',
    query: everyState,
  },
  ImagingStudy: {
    key: 'imagingStudies',
    code: ['procedureCode', 'modality'],
    dates: ['started'],
    status: status({ available: 'done', registered: 'ordered' }),
    patient: 'subject',
    query: ['done'],
  },
  AllergyIntolerance: {
    key: 'allergies',
    code: ['code'],
    dates: ['onset[x]', 'recordedDate'],
    status: problem,
    patient: 'patient',
    query: 'whole',
  },
  DocumentReference: {
    key: 'documents',
    code: ['type', 'category', 'context.event', 'context.practiceSetting'],
    dates: ['context.period', 'date'],
    status: status({ current: 'done' }),
    patient: 'subject',
    query: everyState,
  },
  Composition: {
    key: 'compositions',
    code: ['type', 'category', 'event.code'],
    dates: ['event.period', 'date'],
    status: status({ final: 'done', amended: 'done' }),
    patient: 'subject',
    query: everyState,
  },
  Goal: {
    key: 'goals',
    code: ['description'],
    dates: ['start[x]'],
    status: {
      element: 'lifecycleStatus',
      states: { active: 'current', accepted: 'current', completed: 'past', 'on-hold': 'past' },
    },
    patient: 'subject',
    query: 'whole',
  },
};

/** All types that are read. A Map: a type may come from the chart, and be `constructor`. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(Object.entries(table));

/** Where R4 holds what an input selects by; several are alternatives. */
export function elementsOf(type: string, element: CodedElement): readonly string[] {
  const row = resourceTypes.get(type);
  switch (element) {
    case 'code':
      return row?.code ?? ['code'];
    case 'bodySite':
      return row?.bodySite ?? ['bodySite'];
    case 'reason':
      return ['reasonCode'];
    case 'category':
      return ['category'];
  }
}

/** The FHIRPath of an element: a choice is named by its stem. */
export const pathOf = (element: string): string => element.replace('[x]', '');

/** The JSON name of an element, a choice of the type that is given. */
export const jsonOf = (element: string, type: string): string => element.replace('[x]', type);

export const drugTypes: readonly string[] = [
  'MedicationRequest',
  'MedicationStatement',
  'MedicationAdministration',
];

/** Types in which an EHR writes what is being ordered. */
export const orderTypes: readonly string[] = ['MedicationRequest', 'ServiceRequest', 'Appointment'];

/** Where hospitals file a document; what it says happened counts in whichever it stands. */
export const documentTypes: readonly string[] = ['DocumentReference', 'Composition', 'DiagnosticReport'];
