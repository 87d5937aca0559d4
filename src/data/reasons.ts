import type { IncompleteReason } from './types.js';

/**
 * What each reason means to who integrates the EHR, and by that what to do. The codes stand in the log, in the metrics
 * and in a 412, and are never renamed; docs/integration.md lists them.
 */
export const REASONS: Readonly<Record<IncompleteReason, string>> = {
  'no-fhir-access': 'not prefetched, and no fhirServer with fhirAuthorization to read it from',
  'token-expired': 'fhirAuthorization.expires_in is 0',
  scope: 'fhirAuthorization.scope does not cover this search, or only a part of it',
  'token-unresolved': 'the context lacks what the template needs',
  'failed-prefetch': 'the prefetch holds an OperationOutcome: the query failed at the client',
  'wrong-shape': 'the prefetch holds neither null, nor the resource, nor a searchset of its type',
  'incomplete-page': 'the prefetch is a first page, and the next one may not be read',
  'fewer-than-total': 'there are fewer entries than Bundle.total says',
  'another-patient': 'the FHIR server sent data of another patient',
  'other-type': 'resources of another type came',
  outcome: 'the searchset holds an OperationOutcome that says something failed',
  'malformed-entry': 'an entry of the searchset is no resource',
  'unresolved-medication': 'a Medication could not be read',
  timeout: 'the FHIR server did not answer within the time for all its calls',
  aborted: 'the caller went away',
  unreachable: 'the FHIR server could not be reached, or broke the connection',
  unauthorized: 'the FHIR server answered 401 to the token',
  forbidden: 'the FHIR server answered 403',
  'not-found': 'the FHIR server answered 404 or 410',
  'unknown-type': 'the FHIR server says that it does not know this resource type',
  'rate-limited': 'the FHIR server answered 429',
  rejected: 'the FHIR server answered 4xx to the query',
  'server-error': 'the FHIR server answered 5xx',
  'operation-outcome': 'the FHIR server answered 200 with an OperationOutcome',
  'not-fhir': 'the FHIR server answered with something that is no FHIR JSON',
  'wrong-resource': 'the FHIR server answered with another resource than was asked for',
  'too-large': 'the answer of the FHIR server is larger than is read for one call',
  'too-many-pages': 'the FHIR server has more pages than are read for one call, or repeats one',
  'too-many-resources': 'the FHIR server has more resources than are read for one call',
  redirected: 'the FHIR server redirects out of its base',
  'outside-base': 'the address of the next page lies outside fhirServer',
};
