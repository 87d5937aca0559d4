import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codesOf, post, startService, type TestService } from './running.js';

let service: TestService;

beforeAll(async () => {
  service = await startService({}, { sandbox: false });
});
afterAll(() => service.stop());

const chart = (patient: string): { entry: { resource: Record<string, unknown> }[] } =>
  JSON.parse(readFileSync(`fixtures/patients/demo/${patient}.json`, 'utf8')) as never;

interface Result {
  readonly score: string;
  readonly total?: number;
  readonly class?: string;
  readonly reachable: readonly number[];
  readonly missing?: readonly string[];
  readonly lesion?: { readonly reference: string; readonly site: string };
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

const scoresOf = (body: unknown): readonly Result[] => (body as { scores: Result[] }).scores;

describe('POST /scores', () => {
  it('gives the SINS of a complete chart item by item', async () => {
    const answer = await post(`${service.url}/scores`, chart('claire-moreau'));
    expect(answer.status).toBe(200);
    const sins = scoresOf(answer.body).filter(({ score }) => score === 'sins');
    expect(sins).toHaveLength(1);
    expect(sins[0]).toMatchObject({
      total: 10,
      reachable: [10],
      class: 'potentially-unstable',
      lesion: { site: 'T10–T11' },
    });
    expect(sins[0]?.items[0]).toMatchObject({ item: 'sins-location', answer: 'junctional', points: [3] });
    expect(answer.text).not.toContain('null');
  });

  it('gives no total where an item is missing, but what can be reached', async () => {
    const answer = await post(`${service.url}/scores`, chart('amina-benali'), {
      'content-type': 'application/fhir+json',
    });
    const [sins] = scoresOf(answer.body).filter(({ score }) => score === 'sins');
    expect(sins).not.toHaveProperty('total');
    expect(sins).not.toHaveProperty('class');
    expect(sins?.missing?.length).toBeGreaterThan(0);
    expect(Math.min(...(sins?.reachable ?? []))).toBeLessThan(7);
    expect(Math.max(...(sins?.reachable ?? []))).toBeGreaterThanOrEqual(7);
  });

  it.each(['claire-moreau', 'amina-benali', 'margaret-oconnor'])(
    'reads the chart of %s alike as an export whose resources refer to one another by urn:uuid',
    async (name) => {
      const { entry } = chart(name);
      const addresses = new Map(
        entry.map(({ resource: { resourceType, id } }) => [
          `${String(resourceType)}/${String(id)}`,
          `urn:uuid:${randomUUID()}`,
        ]),
      );
      const exported = (keepsIds: boolean): unknown => ({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: entry.map(({ resource }) => ({
          fullUrl: addresses.get(`${String(resource['resourceType'])}/${String(resource['id'])}`),
          resource: JSON.parse(
            JSON.stringify(keepsIds ? resource : { ...resource, id: undefined }),
            (key, value: unknown) => (key === 'reference' ? (addresses.get(String(value)) ?? value) : value),
          ) as unknown,
        })),
      });
      const told = (body: unknown): unknown =>
        scoresOf(body).map(({ score, reachable, lesion, missing }) => [
          score,
          reachable,
          lesion?.site,
          missing,
        ]);
      const wanted = told((await post(`${service.url}/scores`, chart(name))).body);
      const withIds = (await post(`${service.url}/scores`, exported(true))).body;
      expect(withIds).toHaveProperty('patient', `Patient/${name}`);
      expect(told(withIds)).toEqual(wanted);
      const without = (await post(`${service.url}/scores`, exported(false))).body;
      expect(without).not.toHaveProperty('patient');
      expect(told(without)).toEqual(wanted);
    },
  );

  it('does not depend on the order of the resources', async () => {
    const bundle = chart('claire-moreau');
    const forwards = await post(`${service.url}/scores`, bundle);
    const backwards = await post(`${service.url}/scores`, { ...bundle, entry: [...bundle.entry].reverse() });
    expect(backwards.text).toBe(forwards.text);
  });

  it('refuses the charts of two patients', async () => {
    const both = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [...chart('claire-moreau').entry, ...chart('amina-benali').entry],
    };
    const answer = await post(`${service.url}/scores`, both);
    expect([answer.status, codesOf(answer)[0]]).toEqual([400, 'REQUEST_INVALID']);
  });

  it.each([[[]], [[{ resourceType: 'Patient', id: 'p' }]]])(
    'refuses the data of two patients whom only addresses inside the Bundle tell apart (with %j)',
    async (patients) => {
      const frankel = (grade: string, subject: string): unknown => ({
        resourceType: 'Observation',
        id: grade,
        status: 'final',
        subject: { reference: subject },
        code: { coding: [{ system: `${base}/score`, code: 'frankel' }] },
        valueCodeableConcept: { coding: [{ system: `${base}/score`, code: `frankel-${grade}` }] },
      });
      const base = 'https://bone-metastasis-cds.example/fhir/CodeSystem';
      const [one, other] = [`urn:uuid:${randomUUID()}`, `urn:uuid:${randomUUID()}`];
      const send = (...resources: readonly unknown[]) =>
        post(`${service.url}/scores`, {
          resourceType: 'Bundle',
          entry: [...patients, ...resources].map((resource) => ({ resource })),
        });
      const mixed = await send(frankel('a', one), frankel('e', other));
      expect([mixed.status, codesOf(mixed)[0]]).toEqual([400, 'REQUEST_INVALID']);
      expect((await send(frankel('a', one))).status).toBe(200);
    },
  );

  it.each([[[]], [{}], [{ resourceType: 'Patient' }], [{ resourceType: 'Bundle', entry: 7 }], [null]])(
    'refuses %j',
    async (body) => {
      expect((await post(`${service.url}/scores`, body)).status).toBe(400);
    },
  );

  it('gives nothing for an empty chart and for a patient without bone metastasis', async () => {
    const empty = await post(`${service.url}/scores`, { resourceType: 'Bundle', type: 'collection' });
    expect([empty.status, scoresOf(empty.body)]).toEqual([200, []]);
    expect(scoresOf((await post(`${service.url}/scores`, chart('robert-miller'))).body)).toEqual([]);
  });
});
