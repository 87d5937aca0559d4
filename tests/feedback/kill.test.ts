import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openStore } from '../../src/feedback/store.js';
import { accepted, filePlace, type Place } from './places.js';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 15);
const SAVER = new URL('saver.ts', import.meta.url).pathname;

let place: Place;
beforeEach(async () => {
  place = await filePlace();
});
afterEach(() => place.remove());

/** Runs the saver until a random moment after its first acknowledgement; gives the number acknowledged. */
const acknowledgedBeforeKill = async (prefix: string): Promise<number> => {
  const child = spawn(process.execPath, ['--import', 'tsx', SAVER, place.url, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 60);
    output += data.toString();
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  return output.split('\n').length - 1;
};

it(
  `keeps every acknowledged item, once and whole, over ${ROUNDS} kills at random moments`,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const prefix = `r${round}`;
      const acknowledged = await acknowledgedBeforeKill(prefix);
      expect(acknowledged).toBeGreaterThan(0);
      const store = await openStore({ url: place.url, clock: () => new Date() });
      const stored = async () =>
        (await store.feedbackCounts()).find(({ service }) => service === prefix)?.count ?? 0;
      const found = await stored();
      // The body that was under way may be there or not, but never half of it.
      expect([acknowledged * 2, acknowledged * 2 + 2]).toContain(found);
      const repeats = Array.from({ length: acknowledged }, (_, index) => [
        { ...accepted(`${prefix}-${index}-a`), outcomeTimestamp: '2026-11-20T12:00:00.000Z' },
        { ...accepted(`${prefix}-${index}-b`), outcomeTimestamp: '2026-11-20T12:00:00.000Z' },
      ]);
      await store.saveFeedback(prefix, repeats.flat());
      expect(await stored()).toBe(found);
      await store.close();
    }
  },
  ROUNDS * 10_000,
);
