import { describe, expect, it } from '@jest/globals';
import { shippedKnowledge } from '../shared/knowledge.js';

const { inputs, scores } = await shippedKnowledge();

/** Value sets of what stays as it was: histology and primary. */
const lasting = (set: string): boolean => /^primary-|^histology-|^malignant-neoplasm-morphology$/.test(set);

describe('what does not age', () => {
  it('has no age limit in any input: histology and primary count however long ago they were recorded', () => {
    const limited = [...inputs.values()].flatMap((input) =>
      input.kind === 'selected'
        ? input.select.flatMap(({ codes = [], within }) =>
            within === undefined ? [] : codes.filter(lasting).map((set) => `${input.name}: ${set}`),
          )
        : [],
    );
    expect(limited).toEqual([]);
  });

  it('is said so of the items of scores, in the artifact', () => {
    const items = [...scores.values()].flatMap((score) => score.items.filter(({ ages }) => ages === false));
    expect(items.map(({ id }) => id).sort()).toEqual([
      'mirels-site',
      'rades-interval',
      'rades-primary',
      'sins-location',
      'tokuhashi-primary',
      'tomita-growth',
    ]);
  });
});
