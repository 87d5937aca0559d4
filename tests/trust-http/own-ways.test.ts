import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codesOf, denosumab, orderSign, patientView } from '../http/running.js';
import { tokenFor, startProduction, writtenClient, type Production } from './production.js';

const notKept = ['Appointment', 'BodyStructure', 'MedicationStatement', 'Encounter', 'Task'];
const usual = 'https://usual.example.org';
const small = 'https://small.example.org';
/** All that the services read, but for eight types. */
const keptElsewhere = [
  ...['Appointment', 'BodyStructure', 'MedicationStatement', 'MedicationAdministration'],
  ...['Encounter', 'Composition', 'DocumentReference', 'Goal'],
];
const codeSystems = [
  'https://smt.esante.gouv.fr/terminologie-ccam/',
  'https://smt.esante.gouv.fr/terminologie-bdpm',
];

interface Entry {
  readonly id: string;
  readonly hook: string;
  readonly prefetch?: Readonly<Record<string, string>>;
}

let hospital: Production;
beforeAll(async () => {
  hospital = await startProduction([
    writtenClient({ notKept, distinctServiceIds: true }),
    writtenClient({ name: 'Usual Hospital', issuer: usual }),
    writtenClient({ name: 'Small Hospital', issuer: small, notKept: keptElsewhere, codeSystems }),
  ]);
});
afterAll(() => hospital.stop());

async function servicesFor(claims: Readonly<Record<string, unknown>> = {}): Promise<readonly Entry[]> {
  const authorization = await tokenFor('/cds-services', claims);
  const { body } = await hospital.send('GET', '/cds-services', { headers: { authorization } });
  return (body as { readonly services: readonly Entry[] }).services;
}

async function send(path: string, body: unknown) {
  return hospital.send('POST', path, { headers: { authorization: await tokenFor(path) }, body });
}

describe('an EHR that keeps some types elsewhere', () => {
  it('finds no template of them in its discovery; another hospital finds them all', async () => {
    const typesIn = (services: readonly Entry[]): ReadonlySet<string | undefined> =>
      new Set(
        services.flatMap(({ prefetch = {} }) => Object.values(prefetch).map((each) => each.split(/[/?]/)[0])),
      );
    const own = typesIn(await servicesFor());
    const other = typesIn(await servicesFor({ iss: usual }));
    expect(notKept.filter((type) => own.has(type))).toEqual([]);
    expect([...other].filter((type) => !own.has(type)).sort()).toEqual([
      'Appointment',
      'BodyStructure',
      'Encounter',
      'MedicationStatement',
    ]);
  });

  it('gets templates that any gateway takes', async () => {
    const templates = (await servicesFor()).flatMap(({ prefetch = {} }) => Object.values(prefetch));
    expect(Math.max(...templates.map((each) => encodeURIComponent(each).length))).toBeLessThan(2048);
  });

  it('can serve discovery with eight types, each by one short query', async () => {
    for (const { id, prefetch = {} } of await servicesFor({ iss: small })) {
      const templates = Object.values(prefetch);
      expect([id, templates.length <= 8]).toEqual([id, true]);
      expect(templates.filter((each) => keptElsewhere.includes(each.split(/[/?]/)[0] ?? ''))).toEqual([]);
      expect(templates.filter((each) => encodeURIComponent(each).length > 1500)).toEqual([]);
    }
  });

  it('is told at start which rules no order in its code systems can reach, and no other client is', () => {
    const told = hospital.service.logged().filter((line) => line['rules'] !== undefined);
    expect(new Set(told.map((line) => line['client']))).toEqual(new Set(['Small Hospital']));
    const rulesOf = (service: string, type: string): unknown =>
      told.find((line) => line['service'] === service && line['type'] === type)?.['rules'];
    // No CCAM act says percutaneous screws, and every antiresorptive has its French products.
    expect(rulesOf('interventional-radiology', 'ServiceRequest')).toEqual(expect.any(Array));
    expect(rulesOf('antiresorptive-safety', 'MedicationRequest')).toBeUndefined();
  });

  it('is told so once at start, with the types that nothing asks for anyway', () => {
    const told = hospital.service.logged().filter((line) => line['notKept'] !== undefined);
    expect(told).toEqual([
      expect.objectContaining({ client: 'Example Hospital', notKept, unknown: ['Task'] }),
      expect.objectContaining({ client: 'Small Hospital', notKept: keptElsewhere, unknown: [] }),
    ]);
  });

  it('has them read as empty: what is known of the rest decides, and nothing is missing', async () => {
    const prefetch = Object.fromEntries(
      (await servicesFor())
        .filter(({ id }) => id === 'antiresorptive-safety')
        .flatMap(({ prefetch: templates = {} }) => Object.keys(templates))
        .map((key) => [key, null]),
    );
    const path = '/cds-services/antiresorptive-safety';
    const order = orderSign('p1', [denosumab('p1')]);
    const kept = await send(path, { ...order, prefetch });
    const authorization = await tokenFor(path, { iss: usual });
    const all = { appointments: null, bodyStructures: null, medicationStatements: null, encounters: null };
    const whole = await hospital.send('POST', path, {
      headers: { authorization },
      body: { ...order, prefetch: { ...prefetch, ...all } },
    });
    const withoutIds = (text: string): string => text.replace(/[0-9a-f-]{36}/g, '');
    expect(kept.status).toBe(200);
    expect(withoutIds(kept.text)).toBe(withoutIds(whole.text));
    const line = hospital.service.logged().findLast((each) => each['msg'] === 'hook call');
    expect(line?.['missing']).toBeUndefined();
  });

  it('is not asked for them although a call could have them fetched', async () => {
    const answer = await send('/cds-services/bone-metastasis-review', {
      ...patientView('p1'),
      prefetch: {},
    });
    const keys = (answer.body as { readonly issue: readonly { readonly expression: readonly string[] }[] })
      .issue;
    expect(answer.status).toBe(412);
    expect(keys.flatMap(({ expression }) => expression)).not.toContain('prefetch.appointments');
  });
});

describe('an EHR that keeps services by their id', () => {
  it('finds no id twice', async () => {
    const ids = (await servicesFor()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('antiresorptive-safety');
    expect(ids).toContain('antiresorptive-safety-order-select');
  });

  it('finds for each id the hook that it answers', async () => {
    const hooks = new Map((await servicesFor()).map(({ id, hook }) => [id, hook]));
    expect(hooks.get('radiotherapy')).toBe('order-sign');
    expect(hooks.get('radiotherapy-order-select')).toBe('order-select');
  });

  it('is nothing for another hospital, to which both ids answer all the same', async () => {
    const ids = (await servicesFor({ iss: usual })).map(({ id }) => id);
    expect(ids.filter((id) => id === 'antiresorptive-safety')).toHaveLength(2);
    const path = '/cds-services/antiresorptive-safety-order-select';
    const select = {
      ...orderSign('p1', [denosumab('p1')]),
      hook: 'order-select',
      prefetch: {},
    };
    const context = { ...select.context, selections: ['MedicationRequest/denosumab-draft'] };
    const authorization = await tokenFor(path, { iss: usual });
    const answer = await hospital.send('POST', path, {
      headers: { authorization },
      body: { ...select, context },
    });
    expect(answer.status).not.toBe(404);
    const feedback = await send(`${path}/feedback`, {
      feedback: [
        {
          card: '0d4d8a1a-5b4e-4d37-9d8a-4f8e0f4f6a10',
          outcome: 'accepted',
          acceptedSuggestions: [{ id: '0d4d8a1a-5b4e-4d37-9d8a-4f8e0f4f6a11' }],
          outcomeTimestamp: '2026-11-20T10:00:00Z',
        },
      ],
    });
    expect(feedback.status).toBe(200);
  });

  it('is told that the id of one hook is not for the other', async () => {
    const answer = await send(
      '/cds-services/antiresorptive-safety-order-select',
      orderSign('p1', [denosumab('p1')]),
    );
    expect([answer.status, codesOf(answer)[0]]).toEqual([400, 'HOOK_MISMATCH']);
  });

  it.each(['antiresorptive-safety-order-sign', 'antiresorptive-safety-patient-view', '-order-select'])(
    'finds nothing under %s',
    async (id) => {
      const answer = await send(`/cds-services/${id}`, orderSign('p1', []));
      expect([answer.status, codesOf(answer)[0]]).toEqual([404, 'SERVICE_UNKNOWN']);
    },
  );
});
