import { afterEach, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { mount } from '../../src/mount.js';
import {
  call,
  codesOf,
  patientView,
  post,
  startService,
  type JsonAnswer,
  type TestService,
} from './running.js';
import { reportAttack } from '../security/report.js';

let service: TestService;
afterEach(() => service.stop());

/** A page that keeps the process busy for so long, and counts how often it was asked. */
function busyPage(ms: number): { readonly router: Router; readonly asked: () => number } {
  const router = Router();
  let asked = 0;
  router.use((_request, response) => {
    asked += 1;
    const until = performance.now() + ms;
    while (performance.now() < until);
    response.json({});
  });
  return { router, asked: () => asked };
}

const get = (path: string, address = '192.0.2.1'): Promise<JsonAnswer> =>
  call(`${service.url}${path}`, { headers: { 'x-forwarded-for': address } });

describe('what is open to everybody', () => {
  it('is counted by address, whatever is asked for, and nothing else is', async () => {
    const later = Router().get('/', (_request, response) => void response.json({}));
    service = await startService(
      { PUBLIC_RATE_LIMIT: '5', TRUST_PROXY: '1' },
      {
        additions: async (deployment) => {
          const { pages, ...others } = await mount(deployment, { sandbox: false });
          return { ...others, pages: { ...pages, '/later': later } };
        },
      },
    );
    const paths = [
      '/fhir/metadata',
      '/smart/knowledge.json',
      '/later',
      '/nothing',
      '/fhir/Questionnaire/sins',
    ];
    for (const path of paths) expect([200, 404]).toContain((await get(path)).status);
    for (const path of paths) {
      const refused = await get(path);
      expect(refused.status).toBe(429);
      expect(codesOf(refused)).toEqual(['RATE_LIMITED']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('cache-control')).toBe('no-store');
      expect((await get(path, '192.0.2.2')).status).not.toBe(429);
    }
    const from = { 'x-forwarded-for': '192.0.2.1' };
    const prefetch = { patient: null, conditions: null };
    const hook = patientView('p', { prefetch });
    expect((await post(`${service.url}/cds-services/bone-metastasis-review`, hook, from)).status).toBe(200);
    expect((await post(`${service.url}/scores`, {}, from)).status).toBe(400);
    expect((await post(`${service.url}/fhir/QuestionnaireResponse/$extract`, {}, from)).status).toBe(400);
    expect((await get('/cds-services')).status).toBe(200);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('takes queries of bounded length and number of parameters', async () => {
    service = await startService();
    const list = `${service.url}/fhir/ValueSet`;
    const versions = (count: number) => Array.from({ length: count }, () => 'version=1.0.0').join('&');
    expect((await call(`${list}?${versions(30)}`)).status).toBe(200);
    expect((await call(`${list}?_id=${'x'.repeat(7996)}`)).status).toBe(200);
    for (const query of [versions(31), versions(500), `_id=${'x'.repeat(7997)}`]) {
      const refused = await call(`${list}?${query}`);
      expect(refused.status).toBe(400);
      expect(codesOf(refused)).toEqual(['REQUEST_INVALID']);
      expect(refused.text).toContain('8000 characters and 30 parameters');
      reportAttack({
        suite: 'Anonymous callers',
        kind: 'a query without measure',
        outcome: 'refused',
        detail: '400',
      });
    }
  });

  it.each(['/fhir/ValueSet', '/fhir/CodeSystem/score', '/fhir/metadata', '/smart/knowledge.json'])(
    'sends %s compressed to who takes it so, and once to who keeps it',
    async (path) => {
      service = await startService();
      const ask = (headers: Readonly<Record<string, string>>) => fetch(`${service.url}${path}`, { headers });
      const plain = await ask({ 'accept-encoding': 'identity' });
      const compressed = await ask({ 'accept-encoding': 'gzip' });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(compressed.headers.get('content-encoding')).toBe('gzip');
      expect(compressed.headers.get('vary')).toContain('Accept-Encoding');
      const length = async (response: Response) => (await response.clone().arrayBuffer()).byteLength;
      expect(Number(compressed.headers.get('content-length'))).toBeLessThan((await length(plain)) / 2);
      expect(await compressed.text()).toBe(await plain.text());
      const tag = plain.headers.get('etag') ?? '';
      expect(compressed.headers.get('etag')).toBe(tag);
      const again = await ask({ 'if-none-match': tag });
      expect([again.status, await again.text()]).toEqual([304, '']);
    },
  );

  it('takes a small share of the time, and each address its turn', async () => {
    const { router, asked } = busyPage(20);
    service = await startService({ TRUST_PROXY: '1' }, { additions: () => ({ pages: { '/busy': router } }) });
    const end = performance.now() + 2000;
    const greedy = Array.from({ length: 20 }, async () => {
      while (performance.now() < end) await get('/busy', '192.0.2.1');
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = asked();
    await get('/busy', '192.0.2.2');
    // One that was due already may come first, and one more before the turn of this address.
    expect(asked() - before).toBeLessThanOrEqual(4);
    await Promise.all(greedy);
    // Without a share it would be a hundred; each that waits at the end is answered still.
    expect(asked()).toBeLessThan(50);
    expect(asked()).toBeGreaterThan(20);
  });

  it('keeps few waiting, and tells the others to come back', async () => {
    const { router } = busyPage(2);
    service = await startService({ TRUST_PROXY: '1' }, { additions: () => ({ pages: { '/busy': router } }) });
    const answers = await Promise.all(Array.from({ length: 100 }, () => get('/busy', '192.0.2.1')));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    for (const each of refused) {
      expect(codesOf(each)).toEqual(['OVERLOADED']);
      expect(each.headers.get('retry-after')).toBe('1');
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(64);
  });
});
