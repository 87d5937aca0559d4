import { describe, expect, it } from '@jest/globals';
import { shippedPrepared } from '../shared/knowledge.js';

const { knowledge } = await shippedPrepared();
const { coverage } = knowledge;

describe('the coverage of the guideline', () => {
  it('carries out at least 110 recommendations by rules of their own', () => {
    expect([...coverage.values()].filter((entry) => 'rule' in entry).length).toBeGreaterThanOrEqual(110);
  });

  it('silences what the 2024 edition added when the 2022 edition is asked for', async () => {
    const older = await shippedPrepared({ GUIDELINE_EDITION: '2022' });
    const added = [...older.rules.values()].filter(({ rule }) => rule.edition === '2024');
    expect(added).toEqual([]);
    expect(older.rules.size).toBeGreaterThan(0);
  });
});
