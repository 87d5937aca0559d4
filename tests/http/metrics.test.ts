import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { denosumab, orderSign, post, startService, type TestService } from './running.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const metrics = async (): Promise<string> => (await fetch(`${service.url}/metrics`)).text();
const dental = 'service="antiresorptive-safety",rule="dental-assessment-before-antiresorptive"';

describe('the metrics that drift is seen in', () => {
  it('count every rule from zero, so that its first outcome is seen as an increase', async () => {
    const before = await metrics();
    for (const outcome of ['fires', 'silent', 'unknown', 'failed'])
      expect(before).toContain(`cds_rule_outcomes_total{${dental},outcome="${outcome}"} 0`);
  });

  it.each([
    ['a guard that could not be read', { resourceType: 'OperationOutcome', issue: [] }, 1],
    // Nothing more than before.
    ['a guard that is known', null, 1],
  ])('count the cards that are shown with something unchecked: %s', async (_what, procedures, count) => {
    const order = orderSign('john-whitfield', [denosumab('john-whitfield')], {
      fhirServer: `${service.url}/sandbox/fhir`,
      prefetch: { procedures },
    });
    await post(`${service.url}/cds-services/antiresorptive-safety`, order);
    const after = await metrics();
    expect(after).toContain(`cds_cards_unchecked_total{${dental}} ${count}`);
    expect(after).toContain(`cds_rule_outcomes_total{${dental},outcome="failed"} 0`);
  });
});
