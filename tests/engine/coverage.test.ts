import { describe, expect, it } from '@jest/globals';
import { loadPrepared } from '../../src/start.js';

const { knowledge } = await loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });
const { coverage, recommendations, rules, services } = knowledge;

describe('the coverage of the guideline', () => {
  it.each([...recommendations.keys()])('says what became of %s', (id) => {
    expect([...coverage.keys()]).toContain(id);
  });

  it('names rules that exist, and that a service runs', () => {
    const run = new Set([...services.values()].flatMap((service) => service.rules));
    const named = [...coverage].flatMap(([id, entry]) =>
      'rule' in entry ? [{ id, rule: entry.rule }] : 'within' in entry ? [{ id, rule: entry.within }] : [],
    );
    expect(named.filter(({ rule }) => !rules.has(rule) || !run.has(rule))).toEqual([]);
  });

  it('agrees with what the rules say of themselves', () => {
    const claimed = [...coverage].filter(([, entry]) => 'rule' in entry).map(([id]) => id);
    const stated = new Set([...rules.values()].flatMap((rule) => rule.recommendations));
    expect(claimed.filter((id) => !stated.has(id))).toEqual([]);
  });

  it('carries out at least 110 recommendations by rules of their own', () => {
    expect([...coverage.values()].filter((entry) => 'rule' in entry).length).toBeGreaterThanOrEqual(110);
  });

  it('silences what the 2024 edition added when the 2022 edition is asked for', async () => {
    const older = await loadPrepared({ localKnowledge: undefined, guidelineEdition: '2022' });
    const added = [...older.rules.values()].filter(({ rule }) => rule.edition === '2024');
    expect(added).toEqual([]);
    expect(older.rules.size).toBeGreaterThan(0);
  });
});
