import { describe, expect, it } from '@jest/globals';
import { rounded } from '../../src/cards/rounding.js';

describe('a number as people say it', () => {
  it.each<[string, number, readonly number[], number]>([
    ['is whole from 10 on', 38.87, [30, 60], 39],
    ['keeps what the laboratory gives below 10', 2.37, [2.2], 2.37],
    ['keeps a decimal within 1 of a limit, below it', 29.6, [30], 29.6],
    ['keeps a decimal within 1 of a limit, above it', 30.44, [30], 30.4],
    ['is whole beyond 1 of a limit', 31.2, [30], 31],
    ['never reaches the limit by rounding', 29.96, [30], 29.96],
    ['nor leaves it', 30.04, [30], 30.04],
    ['may be the limit itself', 30, [30], 30],
    ['knows other limits than the nearest', 59.5, [30, 60], 59.5],
    ['has no limits where none is of its unit', 29.6, [], 30],
  ])('%s', (_why, value, limits, said) => {
    expect(rounded(value, limits)).toBe(said);
  });

  it('stays on its side of every limit', () => {
    for (let value = 28; value < 32; value += 0.01) {
      const shown = rounded(value, [30]);
      expect(Math.sign(shown - 30)).toBe(Math.sign(value - 30));
    }
  });
});
