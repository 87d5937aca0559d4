import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Response } from 'express';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { admission } from '../../src/http/admission.js';
import { call, codesOf } from './running.js';

/** Calls that have a place and are worked on until the test answers them. */
let inside: Response[] = [];
let server: Server;
let url = '';

beforeEach(async () => {
  inside = [];
  const deployment = { config: { maxConcurrentRequests: 1 }, clients: () => [] } as never;
  const app = express().use(admission(deployment), (_request, response) => void inside.push(response));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const timed = async (signal?: AbortSignal) => {
  const started = performance.now();
  const answer = await call(url, { ...(signal !== undefined && { signal }) });
  return { answer, ms: performance.now() - started };
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const work = async (): Promise<void> => {
  while (inside.length === 0) await pause(10);
  inside.shift()?.json({});
};

describe('the queue', () => {
  it('gives the place to who came first', async () => {
    const order: string[] = [];
    const calls = ['first', 'second', 'third'].map(async (name, index) => {
      await pause(index * 50);
      await timed();
      order.push(name);
    });
    await pause(250);
    expect(inside).toHaveLength(1);
    for (let count = 0; count < 3; count += 1) await work();
    await Promise.all(calls);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('lets a burst wait for a second, then says when to come back', async () => {
    const held = timed();
    const { answer, ms } = await timed();
    expect([answer.status, ...codesOf(answer)]).toEqual([503, 'OVERLOADED']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(1500);
    await work();
    expect((await held).answer.status).toBe(200);
  });

  it('that has not been empty for over a second refuses sooner', async () => {
    const held = timed();
    await pause(50);
    const early = timed();
    await pause(600);
    const middle = timed();
    await pause(600);
    const late = await timed();
    expect([(await early).answer.status, (await middle).answer.status, late.answer.status]).toEqual([
      503, 503, 503,
    ]);
    expect((await middle).ms).toBeGreaterThan(900);
    expect(late.ms).toBeLessThan(700);
    await work();
    await held;
    // The overload is over: who comes now waits as long as ever.
    const again = timed();
    const patient = timed();
    await pause(600);
    await work();
    await work();
    expect([(await again).answer.status, (await patient).answer.status]).toEqual([200, 200]);
  });

  it('forgets who has gone, whether waiting or worked on', async () => {
    const gone = new AbortController();
    const left = [timed(gone.signal), timed(gone.signal)].map((each) => each.catch(() => undefined));
    await pause(100);
    gone.abort();
    await Promise.all(left);
    inside = [];
    const next = timed();
    await work();
    expect((await next).answer.status).toBe(200);
  });

  it('has an end: the next call is refused at once', async () => {
    const held = timed();
    await pause(50);
    const waiting = Array.from({ length: 16 }, () => timed());
    await pause(100);
    const { answer, ms } = await timed();
    expect(answer.status).toBe(503);
    expect(ms).toBeLessThan(500);
    for (let count = 0; count < 17; count += 1) await work();
    expect((await Promise.all([held, ...waiting])).map((each) => each.answer.status)).toEqual(
      Array.from({ length: 17 }, () => 200),
    );
  });
});
