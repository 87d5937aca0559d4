/** How one search parameter reads a resource. `target` limits a reference parameter to one type. */
export type SearchParameter =
  | { readonly type: 'token' | 'date' | 'string' | 'uri'; readonly paths: readonly string[] }
  | { readonly type: 'reference'; readonly paths: readonly string[]; readonly target?: string };

type Parameters = Readonly<Record<string, SearchParameter>>;

const token = (...paths: string[]): SearchParameter => ({ type: 'token', paths });
const date = (...paths: string[]): SearchParameter => ({ type: 'date', paths });
const string = (...paths: string[]): SearchParameter => ({ type: 'string', paths });
const uri = (...paths: string[]): SearchParameter => ({ type: 'uri', paths });
const reference = (...paths: string[]): SearchParameter => ({ type: 'reference', paths });
const patient = (path: string): SearchParameter => ({ type: 'reference', paths: [path], target: 'Patient' });

const common: Parameters = {
  _id: token('id'),
  _lastUpdated: date('meta.lastUpdated'),
  _tag: token('meta.tag'),
  _profile: uri('meta.profile'),
};
const identified: Parameters = { ...common, identifier: token('identifier') };
const ofSubject: Parameters = { ...identified, patient: patient('subject'), subject: reference('subject') };
const inEncounter: Parameters = { ...ofSubject, encounter: reference('encounter') };
const named: Parameters = {
  ...identified,
  name: string('name'),
  family: string('name.family'),
  given: string('name.given'),
  gender: token('gender'),
  active: token('active'),
};
const status = token('status');
const medicationCode = token('medicationCodeableConcept');
const medication = reference('medicationReference');
const effective = date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'effectiveTiming');
const occurrence = date('occurrenceDateTime', 'occurrencePeriod', 'occurrenceTiming');

/** The search parameters of FHIR R4 that the sandbox offers, by resource type. A type without a row is not stored. */
export const searchParameters: Readonly<Record<string, Parameters>> = {
  Patient: {
    ...named,
    birthdate: date('birthDate'),
    language: token('communication.language'),
    'general-practitioner': reference('generalPractitioner'),
  },
  Practitioner: named,
  Organization: {
    ...identified,
    name: string('name', 'alias'),
    type: token('type'),
    active: token('active'),
  },
  Condition: {
    ...inEncounter,
    code: token('code'),
    category: token('category'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    'body-site': token('bodySite'),
    'onset-date': date('onsetDateTime', 'onsetPeriod'),
    'abatement-date': date('abatementDateTime', 'abatementPeriod'),
    'recorded-date': date('recordedDate'),
  },
  BodyStructure: {
    ...identified,
    patient: patient('patient'),
    location: token('location'),
    morphology: token('morphology'),
  },
  Observation: {
    ...inEncounter,
    code: token('code'),
    category: token('category'),
    status,
    date: effective,
    focus: reference('focus'),
    'value-concept': token('valueCodeableConcept'),
    'component-code': token('component.code'),
    'combo-code': token('code', 'component.code'),
    'derived-from': reference('derivedFrom'),
    'based-on': reference('basedOn'),
    performer: reference('performer'),
  },
  MedicationRequest: {
    ...inEncounter,
    code: medicationCode,
    medication,
    status,
    intent: token('intent'),
    category: token('category'),
    priority: token('priority'),
    authoredon: date('authoredOn'),
    requester: reference('requester'),
  },
  MedicationAdministration: {
    ...ofSubject,
    code: medicationCode,
    medication,
    status,
    context: reference('context'),
    'effective-time': effective,
  },
  MedicationStatement: {
    ...ofSubject,
    code: medicationCode,
    medication,
    status,
    category: token('category'),
    context: reference('context'),
    effective,
  },
  Medication: { ...identified, code: token('code'), status },
  Procedure: {
    ...inEncounter,
    code: token('code'),
    category: token('category'),
    status,
    date: date('performedDateTime', 'performedPeriod'),
    'based-on': reference('basedOn'),
    performer: reference('performer.actor'),
  },
  ServiceRequest: {
    ...inEncounter,
    code: token('code'),
    category: token('category'),
    status,
    intent: token('intent'),
    priority: token('priority'),
    'body-site': token('bodySite'),
    authored: date('authoredOn'),
    occurrence,
    requester: reference('requester'),
    'based-on': reference('basedOn'),
  },
  Appointment: {
    ...identified,
    patient: patient('participant.actor'),
    practitioner: { type: 'reference', paths: ['participant.actor'], target: 'Practitioner' },
    actor: reference('participant.actor'),
    status,
    date: date('start'),
    'service-type': token('serviceType'),
    'appointment-type': token('appointmentType'),
    'based-on': reference('basedOn'),
  },
  Encounter: {
    ...ofSubject,
    status,
    class: token('class'),
    type: token('type'),
    date: date('period'),
    participant: reference('participant.individual'),
  },
  DiagnosticReport: {
    ...inEncounter,
    code: token('code'),
    category: token('category'),
    status,
    date: effective,
    issued: date('issued'),
    result: reference('result'),
    'based-on': reference('basedOn'),
  },
  ImagingStudy: {
    ...inEncounter,
    status,
    started: date('started'),
    modality: token('series.modality', 'modality'),
    bodysite: token('series.bodySite'),
    basedon: reference('basedOn'),
  },
  AllergyIntolerance: {
    ...identified,
    patient: patient('patient'),
    code: token('code', 'reaction.substance'),
    category: token('category'),
    type: token('type'),
    criticality: token('criticality'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    date: date('recordedDate'),
  },
  QuestionnaireResponse: {
    ...inEncounter,
    status,
    questionnaire: uri('questionnaire'),
    authored: date('authored'),
    author: reference('author'),
    'based-on': reference('basedOn'),
  },
  Questionnaire: {
    ...identified,
    status,
    url: uri('url'),
    name: string('name'),
    title: string('title'),
    version: token('version'),
    date: date('date'),
  },
  DocumentReference: {
    ...ofSubject,
    status,
    type: token('type'),
    category: token('category'),
    date: date('date'),
    encounter: reference('context.encounter'),
  },
  Composition: {
    ...ofSubject,
    status,
    type: token('type'),
    category: token('category'),
    date: date('date'),
    encounter: reference('encounter'),
  },
  Goal: {
    ...ofSubject,
    'lifecycle-status': token('lifecycleStatus'),
    category: token('category'),
    'start-date': date('start'),
    'target-date': date('target.due'),
  },
  CarePlan: {
    ...inEncounter,
    status,
    intent: token('intent'),
    category: token('category'),
    date: date('period'),
    condition: reference('addresses'),
  },
  Task: {
    ...identified,
    patient: patient('for'),
    subject: reference('for'),
    status,
    code: token('code'),
    intent: token('intent'),
    focus: reference('focus'),
    encounter: reference('encounter'),
    owner: reference('owner'),
    'authored-on': date('authoredOn'),
    'based-on': reference('basedOn'),
  },
};

/** The search parameters of a type; nothing when the sandbox does not store the type. */
export function parametersOf(type: string): Parameters | undefined {
  return Object.hasOwn(searchParameters, type) ? searchParameters[type] : undefined;
}

/** One search parameter of a type; nothing when it does not exist (and never an inherited property). */
export function parameterOf(type: string, name: string): SearchParameter | undefined {
  const parameters = parametersOf(type);
  return parameters !== undefined && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}
