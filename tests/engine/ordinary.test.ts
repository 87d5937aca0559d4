import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, cardsOf, post, startService, type TestService } from '../http/running.js';
import { errands, requestOf, resourcesOf } from './services.js';

/**
 * Alert fatigue is a harm: ordinary patients get no card. What is said all the same is listed in
 * `fixtures/patients/ordinary/expected.json`, one line for each card and why it is right.
 */
const folder = 'fixtures/patients/ordinary';
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
>;
const patients = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'expected.json')
  .map((file) => file.replace('.json', ''));

let service: TestService;
let templates: ReadonlyMap<string, Readonly<Record<string, string>>>;

beforeAll(async () => {
  service = await startService({ RATE_LIMIT: '0' }, { sandbox: false });
  const { services } = (await call(`${service.url}/cds-services`)).body as {
    services: readonly { id: string; prefetch?: Record<string, string> }[];
  };
  templates = new Map(services.map(({ id, prefetch }) => [id, prefetch ?? {}]));
});
afterAll(() => service.stop());

describe('an ordinary patient', () => {
  it('comes in at least forty kinds', () => {
    expect(patients.length).toBeGreaterThanOrEqual(40);
  });

  it.each(patients)('%s hears nothing that is not listed, from any of the nine services', async (patient) => {
    const chart = resourcesOf(JSON.parse(readFileSync(`${folder}/${patient}.json`, 'utf8')));
    const said: Record<string, readonly string[]> = {};
    for (const errand of errands) {
      const answer = await post(
        `${service.url}/cds-services/${errand.service}`,
        requestOf(errand, chart, templates.get(errand.service) ?? {}),
      );
      expect(answer.status).toBe(200);
      const rules = cardsOf(answer).map(
        ({ extension }) => extension['example.bone-metastasis-cds']?.rule ?? '',
      );
      if (rules.length > 0) said[errand.service] = rules;
    }
    expect(said).toEqual(expected[patient] ?? {});
  });
});
