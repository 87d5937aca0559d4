import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkResponse } from '../../src/cds-hooks/response.js';
import { denosumab, hookInstance, post, startService, type TestService } from '../http/running.js';
import { reportAttack } from '../security/report.js';
import { spoilt } from './hostile.js';

/** Every element of every kind of body, replaced in turn by what none should hold: an answer or a refusal, never a 5xx. */
let service: TestService;

beforeAll(async () => {
  service = await startService({ RATE_LIMIT: '0', LOG_LEVEL: 'silent' });
});
afterAll(() => service.stop());

const booking = {
  resourceType: 'Appointment',
  id: 'visit',
  status: 'proposed',
  start: '2026-11-22T10:00:00Z',
  participant: [{ actor: { reference: 'Patient/p' }, status: 'accepted' }],
};
const bundle = (...resources: readonly unknown[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ fullUrl: 'https://ehr.example/r/1', resource })),
});
const emptyKeys = [
  ...['bodyStructures', 'observations', 'medicationRequests', 'medicationAdministrations', 'procedures'],
  ...[
    'medicationStatements',
    'serviceRequests',
    'appointments',
    'encounters',
    'diagnosticReports',
    'allergies',
  ],
];
const prefetch = {
  ...Object.fromEntries(emptyKeys.map((key) => [key, null])),
  patient: { resourceType: 'Patient', id: 'p', gender: 'female', birthDate: '1960-02-03' },
  conditions: bundle({
    resourceType: 'Condition',
    id: 'c',
    subject: { reference: 'Patient/p' },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
    bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code: '7610001' }] }],
  }),
};
const envelope = { hookInstance, prefetch, extension: { 'com.example.ehr': { version: 1 } } };
const context = { userId: 'Practitioner/a', patientId: 'p', encounterId: 'e' };
const scored = JSON.parse(readFileSync('fixtures/patients/demo/claire-moreau.json', 'utf8')) as object;
const system = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';

const bodies: readonly (readonly [path: string, body: object])[] = [
  [
    '/cds-services/antiresorptive-safety',
    {
      ...envelope,
      hook: 'order-select',
      context: {
        ...context,
        selections: ['MedicationRequest/denosumab-draft'],
        draftOrders: bundle(denosumab('p')),
      },
      fhirAuthorization: {
        access_token: 'token',
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'patient/*.rs',
        subject: 'cds',
        patient: 'p',
      },
    },
  ],
  [
    '/cds-services/procedure-scheduling',
    {
      ...envelope,
      hook: 'appointment-book',
      context: { ...context, appointments: bundle(booking) },
    },
  ],
  [
    '/cds-services/bone-metastasis-onset',
    {
      ...envelope,
      hook: 'problem-list-item-create',
      context: { ...context, conditions: prefetch.conditions },
    },
  ],
  [
    '/cds-services/antiresorptive-safety/feedback',
    {
      feedback: [
        {
          card: '4e0a3a1e-3283-4575-ab82-028d55fe2719',
          outcome: 'overridden',
          overrideReason: { reason: { code: 'x', system: 'https://x.example' }, userComment: 'no' },
          outcomeTimestamp: '2026-11-20T10:00:00Z',
        },
        {
          card: 'f6b95768-b1c8-40dc-8385-bf3504b82ffb',
          outcome: 'accepted',
          acceptedSuggestions: [{ id: '5a4e4c5f-7f3a-4f7e-9c59-0c4b6c6f0a11' }],
          outcomeTimestamp: '2026-11-20T10:00:00Z',
        },
      ],
    },
  ],
  ['/scores', scored],
  [
    '/fhir/QuestionnaireResponse/$extract',
    {
      resourceType: 'QuestionnaireResponse',
      id: 'form',
      status: 'completed',
      questionnaire: 'https://bone-metastasis-cds.example/fhir/Questionnaire/sins|1.0.0',
      subject: { reference: 'Patient/p' },
      encounter: { reference: 'Encounter/e' },
      authored: '2026-11-20T09:30:00+01:00',
      author: { reference: 'Practitioner/a' },
      item: [
        { linkId: 'sins-pain', answer: [{ valueCoding: { system, code: 'sins-pain-mechanical' } }] },
        { linkId: 'sins-lesion', answer: [{ valueCoding: { system, code: 'sins-lesion-lytic' } }] },
      ],
    },
  ],
];

/** Cards are spared: an update gives the EHR its own draft back, and `checkResponse` looks at the rest. */
function holdsLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name !== 'cards' && holdsLoneSurrogate(inner));
}

describe('a body with one element that should not be there', () => {
  it.each(bodies)(
    'is answered or refused at %s',
    async (path, template) => {
      const url = `${service.url}${path}`;
      const isAuthorized = 'fhirAuthorization' in template;
      const body = { ...template, ...(isAuthorized && { fhirServer: `${service.url}/sandbox/fhir` }) };
      const whole = await post(url, body);
      expect(whole.status).toBe(200);
      const found: string[] = [];
      const times = { answered: 0, refused: 0 };
      for (const { changed, how } of spoilt(body)) {
        const { status, body: answer } = await post(url, changed);
        times[status === 200 ? 'answered' : 'refused'] += 1;
        if (![200, 400, 412].includes(status)) found.push(`${how}: ${status}`);
        if (holdsLoneSurrogate(answer)) found.push(`${how}: a lone surrogate comes back`);
        if (path.startsWith('/cds-services') && !path.endsWith('feedback') && status === 200)
          found.push(...checkResponse(answer).map(({ message }) => `${how}: ${message}`));
      }
      expect(found).toEqual([]);
      for (const outcome of ['answered', 'refused'] as const)
        reportAttack({
          suite: 'Hostile values, one element at a time',
          kind: `a body of POST ${path}`,
          outcome,
          detail: outcome === 'answered' ? '200, as the standard says' : '400 or 412 with the reason',
          times: times[outcome],
        });
    },
    600_000,
  );
});
