import { describe, expect, it } from '@jest/globals';
import { readCards } from '../../src/cli/read-cards.js';
import { shippedPrepared } from '../shared/knowledge.js';

/** Every example of every rule is played for it. */
const ofAllRules = readCards([]);

describe('the cards as a clinician reads them', () => {
  it('shows every active rule that ever shows a card, in both languages', async () => {
    const { knowledge } = await shippedPrepared();
    const text = await ofAllRules;
    const headings = [...text.matchAll(/^## (\S+)/gm)].map(([, id]) => id);
    expect(headings).toEqual([...knowledge.rules.keys()].sort());
    expect(text.match(/ \(fr\)$/gm)?.length).toBe(text.match(/ \(en\)$/gm)?.length);
    // Nothing that only a program could read: an unresolved place, an element without a value.
    expect(text).not.toMatch(/\bundefined\b|\bnull\b|\[object|\bNaN\b|\{[a-zA-Z]+\}/);
  });

  it('shows one rule when asked, with every example when asked', async () => {
    const first = await readCards(['dental-assessment-before-antiresorptive']);
    const all = await readCards(['--all', 'dental-assessment-before-antiresorptive']);
    expect(first).toMatch(/^## dental-assessment-before-antiresorptive \(T-18/);
    expect(all.length).toBeGreaterThan(first.length);
  });

  it('leaves out what the asked edition does not know', async () => {
    const [in2024, in2022] = [await ofAllRules, await readCards(['--edition', '2022'])];
    expect(in2022.length).toBeLessThan(in2024.length);
  });

  it('names an edition that does not exist', async () => {
    await expect(readCards(['--edition', '2023'])).rejects.toThrow('no such edition: 2023');
  });

  it('names a rule that does not exist', async () => {
    await expect(readCards(['no-such-rule'])).rejects.toThrow('no such rule: no-such-rule');
  });
});
