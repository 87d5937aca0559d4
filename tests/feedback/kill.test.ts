import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readFeedback } from '../../src/cds-hooks/feedback.js';
import { openStore } from '../../src/feedback/store.js';
import { post } from '../http/running.js';
import { reportAttack } from '../security/report.js';
import { filePlace, type Place } from './places.js';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 15);
const SENDERS = 4;
const SAVER = new URL('saver.ts', import.meta.url).pathname;

let place: Place;
beforeEach(async () => {
  place = await filePlace();
});
afterEach(() => place.remove());

const bodyOf = (name: string) => ({
  feedback: ['a', 'b'].map((part) => ({
    card: `${name}-${part}`,
    outcome: 'accepted',
    acceptedSuggestions: [{ id: name }],
    outcomeTimestamp: '2026-11-20T12:00:00Z',
  })),
});

/** Sends feedback until the process, killed at a random moment after its first 200, is gone; gives what got 200. */
const acknowledgedBeforeKill = async (service: string): Promise<readonly string[]> => {
  const child = spawn(process.execPath, ['--import', 'tsx', SAVER, place.url, service], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const closed = once(child, 'close');
  const port = String((await once(child.stdout, 'data'))[0]).trim();
  const url = `http://127.0.0.1:${port}/cds-services/${service}/feedback`;
  const acknowledged: string[] = [];
  const send = async (sender: number): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const name = `${service}-${sender}-${index}`;
      const answer = await post(url, bodyOf(name)).catch(() => undefined);
      if (answer?.status !== 200) return;
      if (acknowledged.length === 0) setTimeout(() => child.kill('SIGKILL'), Math.random() * 60);
      acknowledged.push(name);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  await closed;
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
};

it(
  `keeps every item that was answered with 200, once and whole, over ${ROUNDS} kills at random moments`,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const service = `r${round}`;
      const acknowledged = await acknowledgedBeforeKill(service);
      expect(acknowledged.length).toBeGreaterThan(0);
      const store = await openStore({ url: place.url, clock: () => new Date() });
      const stored = async () =>
        (await store.feedbackCounts()).find((each) => each.service === service)?.count ?? 0;
      const found = await stored();
      // Each body that was under way may be there or not, but never half of it.
      expect(found % 2).toBe(0);
      expect(found).toBeGreaterThanOrEqual(acknowledged.length * 2);
      expect(found).toBeLessThanOrEqual((acknowledged.length + SENDERS) * 2);
      const repeated = readFeedback({ feedback: acknowledged.flatMap((name) => bodyOf(name).feedback) });
      if (!repeated.ok) throw new Error('the feedback of this test is not valid');
      const items = repeated.feedback.map((item) => ({ ...item, countedAs: '', reach: 'user' as const }));
      await store.saveFeedback('', service, items);
      expect(await stored()).toBe(found);
      await store.close();
    }
    reportAttack({
      suite: 'Faults',
      kind: 'kill -9 of a process that writes feedback',
      outcome: 'survived',
      detail: 'each item once and whole',
      times: ROUNDS,
    });
  },
  ROUNDS * 10_000,
);
