import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditRecord, CardHistory } from '../../src/feedback/types.js';
import { prefetchFrom } from '../engine/prefetch.js';
import { cardAbout, denosumab, orderSign, patientView, type JsonAnswer } from '../http/running.js';
import { tried } from '../security-report.js';
import { ISSUER, NOW } from '../trust/issuer.js';
import { startProduction, tokenFor, writtenClient, type Production } from './production.js';

const SUITE = 'tenants';
const OTHER = 'https://other.example.org';
const SHADOW = 'https://shadow.example.org';
const SERVICE = '/cds-services/antiresorptive-safety';
const FEEDBACK = `${SERVICE}/feedback`;
const PATIENT = 'local-1';

let production: Production;
let moment = 0;
let templates: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  production = await startProduction(
    [
      writtenClient(),
      writtenClient({
        name: 'Other Hospital',
        issuer: OTHER,
        fhirServers: ['https://other.example.org/fhir'],
      }),
      writtenClient({ name: 'Trying out', issuer: SHADOW, shadow: true }),
    ],
    { FEEDBACK_SECRET: 'a secret of more than sixteen characters', AUDIT_PATIENT: 'clear' },
    // Each call at a moment of its own: the audit is in their order.
    () => new Date(NOW.getTime() + (moment += 1)),
  );
  const { body } = await send('GET', '/cds-services', ISSUER);
  const { services } = body as { services: { id: string; prefetch: typeof templates }[] };
  templates = services.find(({ id }) => id === 'antiresorptive-safety')?.prefetch ?? {};
});
afterAll(() => production.stop());

const send = async (method: string, path: string, iss: string, body: unknown = {}): Promise<JsonAnswer> =>
  production.send(method, path, { headers: { authorization: await tokenFor(path, { iss }) }, body });

const chart = [
  { resourceType: 'Patient', id: PATIENT, birthDate: '1960-01-01' },
  {
    resourceType: 'Condition',
    id: 'bone-metastasis',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
    subject: { reference: `Patient/${PATIENT}` },
  },
];

/** The same order for the patient of the same local id, from whichever hospital. */
const order = (iss: string): Promise<JsonAnswer> => {
  const prefetch = prefetchFrom(templates, (type) =>
    chart.filter(({ resourceType }) => resourceType === type),
  );
  return send('POST', SERVICE, iss, orderSign(PATIENT, [denosumab(PATIENT)], { prefetch }));
};

const declined = (card: string | undefined) => ({
  feedback: [
    {
      card,
      outcome: 'overridden',
      outcomeTimestamp: NOW.toISOString(),
      overrideReason: { reason: { code: 'done-elsewhere' }, userComment: 'x' },
    },
  ],
});

const flushed = async (): Promise<void> => {
  const { store } = production.service.deployment;
  while (store.queueCounts().waiting > 0) await new Promise((resolve) => setTimeout(resolve, 20));
};
const listed = async <T>(records: AsyncIterable<T>): Promise<readonly T[]> => {
  await flushed();
  const found: T[] = [];
  for await (const one of records) found.push(one);
  return found;
};
const range = { from: new Date(0), to: new Date('2100-01-01'), limit: 10_000 };
const cards = (): Promise<readonly CardHistory[]> =>
  listed(production.service.deployment.store.cardHistory(range));
const audit = (): Promise<readonly AuditRecord[]> =>
  listed(production.service.deployment.store.auditRecords(range));

describe('two hospitals whose local ids coincide', () => {
  it('a decline at one takes no card from the other, and no feedback on a foreign card has an effect', async () => {
    const [mine, others] = [cardAbout(await order(ISSUER), 'T-18'), cardAbout(await order(OTHER), 'T-18')];
    expect([mine?.indicator, others?.indicator]).toEqual(['warning', 'warning']);

    expect((await send('POST', FEEDBACK, OTHER, declined(mine?.uuid))).status).toBe(200);
    expect(cardAbout(await order(ISSUER), 'T-18')?.indicator).toBe('warning');
    const told = (await cards()).find(({ card }) => card === mine?.uuid);
    expect([told?.client, told?.feedback]).toEqual([ISSUER, undefined]);
    const metrics = await (await fetch(`${production.service.listeningOn}/metrics`)).text();
    expect(metrics).toMatch(/rule="unmatched",outcome="overridden",reason="done-elsewhere"\} 1/);
    tried(
      SUITE,
      'feedback on the card of another hospital',
      'survived',
      'counted as unmatched, no effect there',
    );

    expect((await send('POST', FEEDBACK, ISSUER, declined(mine?.uuid))).status).toBe(200);
    expect(cardAbout(await order(ISSUER), 'T-18')).toBeUndefined();
    expect(cardAbout(await order(OTHER), 'T-18')?.indicator).toBe('warning');
    tried(
      SUITE,
      'decline for a patient of the same id elsewhere',
      'survived',
      'the card stays in the other hospital',
    );
  });

  it('a token of one is no token used by the other', async () => {
    const path = '/cds-services';
    const jti = crypto.randomUUID();
    const once = async (iss: string): Promise<number> => {
      const headers = { authorization: await tokenFor(path, { iss, jti }) };
      return (await production.send('GET', path, { headers })).status;
    };
    expect([await once(ISSUER), await once(OTHER), await once(ISSUER), await once(OTHER)]).toEqual([
      200, 200, 401, 401,
    ]);
    tried(SUITE, 'token used again', 'refused', '401');
  });
});

describe('a client that only tries the service out', () => {
  it('is answered without cards; what would have been said is recorded', async () => {
    const answer = await order(SHADOW);
    expect([answer.status, answer.body]).toEqual([200, { cards: [] }]);
    const told = (await cards()).filter(({ client }) => client === SHADOW);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(
      told.map((card) => ({ ...card, shadow: true, state: expect.stringMatching(/shown|folded/) })),
    );
    expect(told.map(({ rule }) => rule)).toContain('dental-assessment-before-antiresorptive');
  });
});

describe('the audit', () => {
  const extract = '/fhir/QuestionnaireResponse/$extract';
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: chart[0] }] };
  const form = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    subject: { reference: `Patient/${PATIENT}` },
    author: { reference: 'Practitioner/7' },
  };
  const of = async (endpoint: string): Promise<AuditRecord | undefined> =>
    (await audit()).filter((record) => record.endpoint === endpoint).at(-1);

  it('says who asked for whom, of hooks, scores and forms, answered or refused', async () => {
    await order(ISSUER);
    expect(await of('hook')).toMatchObject({
      issuer: ISSUER,
      tenant: 'north',
      user: 'Practitioner/demo-oncologist',
      patient: `Patient/${PATIENT}`,
      service: 'antiresorptive-safety',
      status: 200,
      outcomes: { 'dental-assessment-before-antiresorptive': 'fires' },
    });
    expect((await send('POST', '/scores', OTHER, bundle)).status).toBe(200);
    expect(await of('scores')).toMatchObject({ issuer: OTHER, patient: `Patient/${PATIENT}`, status: 200 });
    await send('POST', extract, OTHER, form);
    expect(await of('extract')).toMatchObject({
      issuer: OTHER,
      user: 'Practitioner/7',
      patient: `Patient/${PATIENT}`,
      status: 400,
      code: 'REQUEST_INVALID',
    });
    const wrongHook = patientView(PATIENT);
    expect((await send('POST', SERVICE, ISSUER, wrongHook)).status).toBe(400);
    expect(await of('hook')).toMatchObject({
      hook: 'patient-view',
      user: 'Practitioner/demo-oncologist',
      patient: `Patient/${PATIENT}`,
      status: 400,
      code: 'HOOK_MISMATCH',
      outcomes: {},
    });
    tried(SUITE, 'call that is refused', 'refused', 'in the audit with issuer, user, patient and code');
  });

  it('counts refusals that cost nothing together, so that nobody can fill the store with them', async () => {
    // What other calls were refused for is written first.
    production.service.deployment.audit.close();
    const before = (await audit()).length;
    for (let index = 0; index < 30; index += 1) await production.send('POST', '/scores', { body: bundle });
    expect((await audit()).length).toBe(before + 1);
    expect(await of('scores')).toMatchObject({ status: 401, code: 'UNAUTHORIZED', times: 1 });
    production.service.deployment.audit.close();
    expect((await audit()).length).toBe(before + 2);
    expect(await of('scores')).toMatchObject({ status: 401, code: 'UNAUTHORIZED', times: 29 });
    tried(SUITE, '30 calls without a token', 'refused', 'two audit records');
  });

  it('keeps outcomes of rules out of the log of production, except where it is asked for in detail', () => {
    const lines = production.service.logged();
    const calls = lines.filter(({ msg }) => msg === 'hook call');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter((line) => 'outcomes' in line)).toEqual([]);
    expect(lines.filter(({ msg }) => msg === 'outcomes of rules').map(({ level }) => level)).toContain(20);
  });
});
