import { describe, expect, it } from '@jest/globals';
import { inTurns } from '../../src/http/in-turns.js';

const busy = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

function* work(steps: number, ms: number): Generator<undefined, string, undefined> {
  for (let done = 0; done < steps; done += 1) {
    busy(ms);
    yield;
  }
  return 'done';
}

/** How often something else came to its turn while the work was done. */
async function turnsOfOthers(steps: number, ms: number): Promise<number> {
  let turns = 0;
  let going = true;
  const other = (): void => {
    turns += 1;
    if (going) setImmediate(other);
  };
  setImmediate(other);
  expect(await inTurns(work(steps, ms))).toBe('done');
  going = false;
  return turns;
}

describe('work in turns', () => {
  it('lets others have theirs while it lasts', async () => {
    expect(await turnsOfOthers(10, 25)).toBeGreaterThanOrEqual(9);
  });

  it('is done at once when it is short', async () => {
    expect(await turnsOfOthers(10, 0)).toBe(0);
  });

  it('fails as its step failed', async () => {
    const failing = (function* (): Generator<undefined, string, undefined> {
      yield;
      throw new RangeError('no such step');
    })();
    await expect(inTurns(failing)).rejects.toThrow(new RangeError('no such step'));
  });
});
