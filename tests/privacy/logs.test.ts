import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnService, type Spawned } from '../faults/spawned.js';
import { misbehavingServer, searchset, sendJson, sendText } from '../fhir/misbehaving-server.js';
import { cardsOf, denosumab, orderSign, patientView, post } from '../http/running.js';

/** What must be found nowhere: each is as a real record has it, and cannot occur by chance. */
const planted = {
  id: 'planted-pat-7731',
  family: 'Plantedfamily',
  given: 'Plantedgiven',
  mrn: 'PLANTED-MRN-4711',
  birthDate: '1951-09-13',
  access: 'planted-access-token-9f2c',
  jwt: 'eyJhbGciOiJFUzM4NCJ9.eyJwbGFudGVkIjoiand0In0.cGxhbnRlZC1zaWduYXR1cmU',
  comment: 'planted comment about the patient’s daughter',
  user: 'planted-practitioner-88',
  encounter: 'planted-encounter-55',
} as const;

const subject = { reference: `Patient/${planted.id}` };
const patient = {
  resourceType: 'Patient',
  id: planted.id,
  identifier: [{ system: 'urn:mrn', value: planted.mrn }],
  name: [{ family: planted.family, given: [planted.given] }],
  birthDate: planted.birthDate,
};
const condition = (code: string) => ({
  resourceType: 'Condition',
  id: code,
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  code: { coding: [{ system: 'http://snomed.info/sct', code }], text: planted.family },
  note: [{ text: planted.comment }],
  subject,
});
const fhirAuthorization = {
  access_token: planted.access,
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'patient/*.rs',
  subject: 'cds',
};

let folder = '';
let service: Spawned;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cds-privacy-'));
  service = await spawnService({ DATABASE_URL: `file:${folder}/cds.sqlite`, FHIR_BUDGET_MS: '500' });
});
afterAll(async () => {
  await service.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

it('nothing of the patient, of a token or of a comment is printed or counted, whatever happens', async () => {
  const ordinary = await misbehavingServer((request, response) => {
    if (request.url?.includes('/Patient/') === true) sendJson(response, patient);
    else if (request.url?.includes('/Condition?') === true)
      sendJson(response, searchset(['254637007', '94222008'].map(condition)));
    else sendJson(response, searchset([]));
  });
  const broken = await misbehavingServer((request, response) => {
    sendText(response, `<html>${planted.family} ${request.headers.authorization ?? ''}</html>`);
  });
  const failing = await misbehavingServer((_request, response) => {
    const diagnostics = `${planted.family} ${planted.mrn}`;
    sendJson(
      response,
      { resourceType: 'OperationOutcome', issue: [{ severity: 'error', diagnostics }] },
      500,
    );
  });
  try {
    const url = (id: string): string => `${service.url}/cds-services/${id}`;
    const context = {
      userId: `Practitioner/${planted.user}`,
      patientId: planted.id,
      encounterId: planted.encounter,
    };
    const headers = { authorization: `Bearer ${planted.jwt}` };
    const statuses: number[] = [];
    let card = '';
    for (const fhirServer of [ordinary.base, broken.base, failing.base, `${ordinary.base}/${planted.mrn}`]) {
      const more = { fhirServer, fhirAuthorization };
      const order = orderSign(planted.id, [denosumab(planted.id)], more);
      const ordered = await post(
        url('antiresorptive-safety'),
        { ...order, context: { ...order.context, ...context } },
        headers,
      );
      const viewed = await post(url('bone-metastasis-review'), { ...patientView(planted.id, more), context });
      statuses.push(ordered.status, viewed.status);
      if (fhirServer === ordinary.base) card = cardsOf(ordered)[0]?.uuid ?? '';
    }
    expect(card).not.toBe('');
    const reason = { code: planted.mrn, system: 'urn:planted', display: planted.comment };
    const item = { card, outcome: 'overridden', outcomeTimestamp: '2026-11-20T10:05:31Z' };
    const overridden = { ...item, overrideReason: { reason, userComment: planted.comment } };
    const prefetch = {
      conditions: searchset([{ ...condition('1'), subject: { reference: 'Patient/other' } }]),
    };
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [patient, condition('94222008')].map((resource) => ({ resource })),
    };
    for (const [path, body] of [
      ['/cds-services/antiresorptive-safety/feedback', { feedback: [overridden] }],
      ['/cds-services/antiresorptive-safety/feedback', { feedback: [{ ...overridden, card: planted.mrn }] }],
      ['/cds-services/antiresorptive-safety/feedback', { feedback: planted.comment }],
      ['/cds-services/bone-metastasis-review', { ...patientView(planted.id, { prefetch }), context }],
      ['/cds-services/bone-metastasis-review', { hook: planted.family, hookInstance: planted.mrn, context }],
      ['/cds-services/bone-metastasis-review', `{"context":"${planted.family}`],
      [
        '/cds-services/bone-metastasis-review',
        patientView(planted.id, { fhirServer: `https://${planted.mrn}:${planted.access}@127.0.0.1/` }),
      ],
      [`/cds-services/${planted.mrn}`, patientView(planted.id)],
      [`/${planted.id}`, {}],
      ['/scores', bundle],
      ['/scores', { resourceType: planted.family }],
      [
        '/fhir/QuestionnaireResponse/$extract',
        {
          resourceType: 'QuestionnaireResponse',
          status: 'completed',
          subject,
          author: { display: planted.family },
        },
      ],
    ] as const) {
      statuses.push((await post(`${service.url}${path}`, body, headers)).status);
    }
    // Answers, refusals and missing data were all among them, and no failure of our own.
    expect(statuses).toEqual(expect.arrayContaining([200, 400, 404, 412]));
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    await post(
      url('bone-metastasis-review'),
      patientView(planted.id, { fhirServer: 'http://127.0.0.1:1/x' }),
    );

    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const printed = service.printed();
    expect(printed).toContain('hook call');
    expect(printed).toContain('feedback stored');
    expect(metrics).toContain('cds_feedback_stored_total');
    for (const [what, text] of Object.entries(planted)) {
      expect([what, printed.includes(text)]).toEqual([what, false]);
      expect([what, metrics.includes(text)]).toEqual([what, false]);
    }
    expect(printed).not.toMatch(/planted/i);
    expect(metrics).not.toMatch(/planted/i);
  } finally {
    await Promise.all([ordinary.close(), broken.close(), failing.close()]);
  }
});
