import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
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
    expect([again?.indicator, again?.summary === first?.summary]).toEqual(['info', false]);
  });
});

describe('a warning that was declined', () => {
  it('comes back, and nothing is kept by which it could be known again', async () => {
    const declined = { outcome: 'overridden', outcomeTimestamp };
    const { uuid } = await dentalCard();
    const { database: location } = service.deployment.config;
    if (location.kind !== 'sqlite') throw new Error('the tests keep their store in a file');
    const database = new Database(location.path);
    const stored = (): unknown => database.prepare('select subject_key from cards where card = ?').get(uuid);
    await eventually(() => Promise.resolve(stored() !== undefined));
    await post(url, { feedback: [{ card: uuid, ...declined }] });
    expect((await dentalCard()).indicator).toBe('warning');
    expect(stored()).toMatchObject({ subject_key: null });
    database.close();
  });
});
