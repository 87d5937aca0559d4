import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prefetchFrom } from '../engine/prefetch.js';
import {
  call,
  cardAbout,
  codesOf,
  denosumab,
  eventually,
  orderSign,
  patientView,
  post,
  startService,
  today,
  type TestService,
} from './running.js';

/** By the clock of the service, whatever that of the machine says. */
const outcomeTimestamp = `${today}T10:06:00Z`;

let service: TestService;
let url: string;

beforeAll(async () => {
  service = await startService();
  url = `${service.url}/cds-services/antiresorptive-safety/feedback`;
});
afterAll(() => service.stop());

const metrics = async (): Promise<string> => (await fetch(`${service.url}/metrics`)).text();

async function dentalCard() {
  const request = orderSign('john-whitfield', [denosumab('john-whitfield')], {
    fhirServer: `${service.url}/sandbox/fhir`,
  });
  const card = cardAbout(await post(`${service.url}/cds-services/antiresorptive-safety`, request), 'T-18');
  if (card === undefined) throw new Error('no dental card');
  return card;
}

describe('feedback', () => {
  it('of an accepted card is stored once, however often it is sent, and counted by rule', async () => {
    const card = await dentalCard();
    const item = {
      card: card.uuid,
      outcome: 'accepted',
      acceptedSuggestions: [{ id: card.suggestions?.[0]?.uuid }],
      outcomeTimestamp: '2026-11-20T10:05:31Z',
    };
    for (let time = 0; time < 3; time++) {
      const answer = await post(url, { feedback: [item] });
      expect([answer.status, answer.text]).toEqual([200, '{}']);
    }
    const counted =
      'cds_feedback_stored_total{service="antiresorptive-safety",rule="dental-assessment-before-antiresorptive",outcome="accepted",reason=""} 1';
    await eventually(async () => (await metrics()).includes(counted));
    expect(await metrics()).toContain(counted);
  });

  it('of an overridden card counts the reason; an unknown card is counted as unmatched', async () => {
    const card = await dentalCard();
    const reason = {
      system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/override-reason',
      code: 'done-elsewhere',
    };
    const overridden = {
      outcome: 'overridden',
      outcomeTimestamp: '2026-11-20T10:06:00Z',
      overrideReason: { reason, userComment: 'seen by Dr Planted' },
    };
    const feedback = [
      { card: card.uuid, ...overridden },
      { card: '00000000-0000-4000-8000-000000000000', ...overridden },
    ];
    expect((await post(url, { feedback })).status).toBe(200);
    const counted =
      /rule="dental-assessment-before-antiresorptive",outcome="overridden",reason="done-elsewhere"\} 1/;
    await eventually(async () => counted.test(await metrics()));
    const text = await metrics();
    expect(text).toMatch(counted);
    expect(text).toMatch(/rule="unmatched",outcome="overridden",reason="done-elsewhere"\} 1/);
    expect(service.logText()).not.toContain('Planted');
  });

  it('that is malformed is refused whole, naming the item', async () => {
    const good = { card: 'a', outcome: 'overridden', outcomeTimestamp: '2026-11-20T10:06:00Z' };
    const answer = await post(url, { feedback: [good, { ...good, outcome: 'ignored' }] });
    expect([answer.status, codesOf(answer)[0]]).toEqual([400, 'REQUEST_INVALID']);
    expect(answer.text).toContain('feedback[1]');
  });

  it('for an unknown service gets 404', async () => {
    expect((await post(`${service.url}/cds-services/nope/feedback`, { feedback: [] })).status).toBe(404);
  });
});

describe('an information that was declined', () => {
  const review = (): string => `${service.url}/cds-services/bone-metastasis-review`;

  it('is not repeated while the facts are the same, and comes back when they change', async () => {
    const fhirServer = `${service.url}/sandbox/fhir`;
    const told = async () =>
      cardAbout(await post(review(), patientView('amina-benali', { fhirServer })), 'P-09');
    const first = await told();
    expect(first?.indicator).toBe('info');
    const declined = { card: first?.uuid, outcome: 'overridden', outcomeTimestamp };
    await post(`${review()}/feedback`, { feedback: [declined] });
    await eventually(async () => (await told()) === undefined);
    expect(await told()).toBeUndefined();

    const score = (await call(`${fhirServer}/Observation/amina-benali-sins`)).body as object;
    const answer = (text: string) => ({
      coding: [{ system: 'https://bone-metastasis-cds.example/fhir/CodeSystem/score', code: text }],
    });
    const pain = {
      ...score,
      id: 'pain-asked',
      code: answer('sins-pain'),
      component: undefined,
      valueCodeableConcept: answer('sins-pain-non-mechanical'),
    };
    await call(`${fhirServer}/Observation/pain-asked`, {
      method: 'PUT',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify(pain),
    });
    const again = await told();
    expect(again?.indicator).toBe('info');
    const asked = [first, again].map((card) =>
      Object.values(card?.extension ?? {}).some(({ missing }) => missing?.includes('sins-pain')),
    );
    expect(asked).toEqual([true, false]);
  });
});

describe('a warning that was declined', () => {
  const reason = (
    code: string,
    system = 'https://bone-metastasis-cds.example/fhir/CodeSystem/override-reason',
  ) => ({
    overrideReason: { reason: { system, code } },
  });
  let templates: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    const { body } = await call(`${service.url}/cds-services`);
    const { services } = body as { services: { id: string; prefetch: typeof templates }[] };
    templates = services.find(({ id }) => id === 'antiresorptive-safety')?.prefetch ?? {};
  });
  const chartOf = (patient: string) => [
    { resourceType: 'Patient', id: patient, birthDate: '1960-01-01' },
    {
      resourceType: 'Condition',
      id: 'bone-metastasis',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
      subject: { reference: `Patient/${patient}` },
    },
  ];
  const nonAdherence = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes';
  /** The card on an order for a patient of this case alone, as a user in an encounter sees it. */
  const told = async (patient: string, user: string, encounterId: string) => {
    const prefetch = prefetchFrom(templates, (type) =>
      chartOf(patient).filter(({ resourceType }) => resourceType === type),
    );
    const order = orderSign(patient, [denosumab(patient)], { prefetch });
    const context = { ...order.context, userId: `Practitioner/${user}`, encounterId };
    const answer = await post(`${service.url}/cds-services/antiresorptive-safety`, { ...order, context });
    return cardAbout(answer, 'T-18');
  };
  const decline = async (uuid: string | undefined, why: object) => {
    const item = { card: uuid, outcome: 'overridden', outcomeTimestamp, ...why };
    expect((await post(url, { feedback: [item] })).status).toBe(200);
  };

  it.each([
    ['for himself', reason('not-now'), [undefined, undefined, 'warning', 'warning']],
    ['without a reason: for himself', {}, [undefined, undefined, 'warning', 'warning']],
    ['for a fact: for all', reason('done-elsewhere'), [undefined, undefined, undefined, undefined]],
    [
      'for a fact in HL7’s words',
      reason('patient-refuses', nonAdherence),
      [undefined, undefined, undefined, undefined],
    ],
    [
      'in HL7’s words for himself',
      reason('limited-time', nonAdherence),
      [undefined, undefined, 'warning', 'warning'],
    ],
    [
      'in words of somebody else',
      reason('done-elsewhere', 'urn:x'),
      [undefined, undefined, 'warning', 'warning'],
    ],
  ])('%s stays away as far as that reaches, and on that patient only', async (_what, why, expected) => {
    const patient = `p-${randomUUID()}`;
    const first = await told(patient, 'one', 'e1');
    expect(first?.indicator).toBe('warning');
    await decline(first?.uuid, why);
    const seen = [
      await told(patient, 'one', 'e1'),
      await told(patient, 'one', 'e2'),
      await told(patient, 'two', 'e1'),
      await told(patient, 'two', 'e2'),
    ];
    expect(seen.map((card) => card?.indicator)).toEqual(expected);
    expect((await told(`${patient}-other`, 'one', 'e1'))?.indicator).toBe('warning');
  });

  it('is offered the neutral reason, whatever its rule offers', async () => {
    const card = await told('neutral', 'one', 'e1');
    expect(card?.overrideReasons.map(({ code }) => code)).toContain('not-now');
  });
});
