import { isObject } from '../json.js';

/** What is read: the first line makes the scores, with the second the recommendations. */
const readTypes: readonly string[] = [
  ...['Patient', 'Condition', 'BodyStructure', 'Procedure', 'ServiceRequest', 'MedicationRequest'],
  ...['MedicationAdministration', 'MedicationStatement', 'Appointment', 'Encounter', 'DiagnosticReport'],
  ...['AllergyIntolerance', 'Composition', 'DocumentReference', 'Goal'],
];

/**
 * Scopes no wider than what is read and written, in the words of SMART version 2, or of version 1 for a server that knows no
 * others. Some servers give the patient of an EHR launch only to who asks for it.
 */
export function scopesFor(version: 1 | 2): string {
  const [read, search, write] = version === 2 ? ['r', 'rs', 'c'] : ['read', 'read', 'write'];
  return [
    'launch launch/patient openid fhirUser',
    `user/Practitioner.${read}`,
    ...readTypes.map((type) => `patient/${type}.${search}`),
    version === 2 ? 'patient/Observation.crs' : 'patient/Observation.read patient/Observation.write',
    `patient/QuestionnaireResponse.${write}`,
  ].join(' ');
}

/** Version 2 where the server says that it knows it, or says nothing at all; servers of version 1 know no word for it. */
export function scopeVersionOf(configuration: unknown): 1 | 2 {
  const capabilities = isObject(configuration) ? configuration['capabilities'] : undefined;
  return Array.isArray(capabilities) && !capabilities.includes('permission-v2') ? 1 : 2;
}
