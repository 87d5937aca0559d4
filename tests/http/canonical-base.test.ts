import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, cardsOf, patientView, post, startService, type TestService } from './running.js';

const base = 'https://knowledge.hospital.example/fhir';
const usual = 'https://bone-metastasis-cds.example/fhir';
let service: TestService;
beforeAll(async () => {
  service = await startService({ CANONICAL_BASE: `${base}/` });
});
afterAll(() => service.stop());

/** A vertebral lesion with its whole SINS, coded under one base. */
function chart(system: string) {
  const coding = (code: string) => ({ coding: [{ system: `${system}/CodeSystem/score`, code }] });
  const items = {
    'sins-location': 'junctional',
    'sins-pain': 'mechanical',
    'sins-lesion': 'lytic',
    'sins-alignment': 'normal',
    'sins-collapse': 'under-half',
    'sins-posterolateral': 'none',
  };
  const resources = [
    { resourceType: 'Patient', id: 'p1' },
    {
      resourceType: 'Condition',
      id: 'c1',
      subject: { reference: 'Patient/p1' },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
    },
    {
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      subject: { reference: 'Patient/p1' },
      effectiveDateTime: '2026-11-18',
      focus: [{ reference: 'Condition/c1' }],
      code: coding('sins'),
      component: Object.entries(items).map(([item, answer]) => ({
        code: coding(item),
        valueCodeableConcept: coding(`${item}-${answer}`),
      })),
    },
  ];
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}

function filledForm(system: string) {
  const code = `${system}/CodeSystem/score`;
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: `${system}/Questionnaire/frankel`,
    subject: { reference: 'Patient/p1' },
    item: [{ linkId: 'frankel', answer: [{ valueCoding: { system: code, code: 'frankel-c' } }] }],
  };
}

describe('under a base of the deployment’s own', () => {
  it.each([
    '/cds-services',
    '/fhir/metadata',
    '/fhir/CodeSystem',
    '/fhir/ValueSet',
    '/fhir/Questionnaire',
    '/fhir/PlanDefinition',
  ])('%s names the default base nowhere', async (path) => {
    const { status, text } = await call(`${service.url}${path}`);
    expect([status, text.includes(usual)]).toEqual([200, false]);
  });

  it('is all that the app writes with; it is told the shipped one to read what was written before', async () => {
    const { status, text } = await call(`${service.url}/smart/knowledge.json`);
    const written = text.replaceAll(`"shippedBase":"${usual}"`, '');
    expect([status, written.includes(usual), written.length < text.length]).toEqual([200, false, true]);
  });

  it('publishes its canonicals under that base', async () => {
    const { body } = await call(`${service.url}/fhir/Questionnaire/sins`);
    expect(body).toMatchObject({
      url: `${base}/Questionnaire/sins`,
      code: [{ system: `${base}/CodeSystem/score`, code: 'sins' }],
    });
    const order = await call(`${service.url}/fhir/CodeSystem/order`);
    expect(JSON.stringify(order.body)).toContain('"surgical-opinion"');
  });

  it.each([base, usual])('understands a chart written under %s', async (system) => {
    const { body } = await post(`${service.url}/scores`, chart(system));
    expect(body).toMatchObject({ scores: expect.arrayContaining([expect.objectContaining({ total: 10 })]) });
  });

  it.each([base, usual])('extracts a form of %s to an Observation under its own', async (system) => {
    const { status, text } = await post(
      `${service.url}/fhir/QuestionnaireResponse/$extract`,
      filledForm(system),
    );
    expect([status, text.includes(`${base}/CodeSystem/score`), text.includes(usual)]).toEqual([
      200,
      true,
      false,
    ]);
  });

  it('gives cards whose topics, reasons and orders are under that base, on a chart written under the default one', async () => {
    const answer = await post(
      `${service.url}/cds-services/bone-metastasis-review`,
      patientView('claire-moreau', { fhirServer: `${service.url}/sandbox/fhir` }),
    );
    expect(cardsOf(answer).length).toBeGreaterThan(0);
    expect(answer.text).toContain(`${base}/CodeSystem/recommendation`);
    expect(answer.text).toContain(`${base}/CodeSystem/override-reason`);
    expect(answer.text).not.toContain(usual);
  });

  it('answers errors under that base', async () => {
    const { text } = await call(`${service.url}/nowhere`);
    expect([text.includes(`${base}/CodeSystem/error`), text.includes(usual)]).toEqual([true, false]);
  });
});
