import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { denosumab, orderSign, post, startService, type TestService } from './running.js';

const local = 'https://hospital.example/drugs';
let service: TestService;
beforeAll(async () => {
  service = await startService({}, { sandbox: false });
});
afterAll(() => service.stop());

const drug = (concept: object) => denosumab('p1', { medicationCodeableConcept: concept });

async function counted(id: string, order: unknown): Promise<{ readonly lines: readonly unknown[] }> {
  const before = service.logged().length;
  await post(`${service.url}/cds-services/${id}`, orderSign('p1', [order], { prefetch: {} }));
  const lines = service
    .logged()
    .slice(before)
    .filter(({ msg }) => msg === 'order not understood');
  return { lines };
}

const metrics = async (): Promise<string> => (await fetch(`${service.url}/metrics`)).text();
const series = (type: string, system: string): string =>
  `cds_orders_not_understood_total{service="antiresorptive-safety",type="${type}",system="${system}"} `;

describe('an order without a code that is understood', () => {
  it.each([
    ['of a local code', { coding: [{ system: local, code: 'XGV' }], text: 'Xgeva' }, local],
    ['of a code without a system', { coding: [{ code: 'XGV' }] }, 'none'],
    ['in words', { text: 'Xgeva 120 mg' }, 'none'],
    ['of what is no address', { coding: [{ system: 'Mme Moreau"\n', code: 'XGV' }] }, 'other'],
  ])('%s is counted and logged, without what it says', async (_what, concept, system) => {
    const { lines } = await counted('antiresorptive-safety', drug(concept));
    expect(lines).toEqual([
      expect.objectContaining({
        service: 'antiresorptive-safety',
        hook: 'order-sign',
        type: 'MedicationRequest',
        system,
      }),
    ]);
    expect(await metrics()).toContain(series('MedicationRequest', system));
    expect(service.logText()).not.toMatch(/XGV|Xgeva|Moreau/);
  });

  it.each<[string, string, unknown]>([
    [
      'one of its codings is understood',
      'antiresorptive-safety',
      drug({
        coding: [
          { system: local, code: 'XGV' },
          { system: 'http://www.whocc.no/atc', code: 'M05BX04' },
        ],
      }),
    ],
    ['it is no order of this service', 'radiotherapy', drug({ text: 'Xgeva' })],
    ['nothing is written yet', 'antiresorptive-safety', drug({})],
  ])('is nothing of that where %s', async (_why, id, order) => {
    expect((await counted(id, order)).lines).toEqual([]);
  });

  it('gives a hostile caller no more than fifty series', async () => {
    for (let number = 0; number < 60; number++) {
      await counted(
        'antiresorptive-safety',
        drug({ coding: [{ system: `https://x.example/${number}`, code: 'A' }] }),
      );
    }
    const found = (await metrics()).match(/^cds_orders_not_understood_total.*$/gm) ?? [];
    expect(found.length).toBeLessThanOrEqual(53);
    expect(found.join('\n')).toContain(series('MedicationRequest', 'other'));
  });
});
