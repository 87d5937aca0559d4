import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import express, { type RequestHandler, type Response } from 'express';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { admission } from '../../src/http/admission.js';
import { call, codesOf } from './running.js';

/** Calls that have a place and are worked on until the test answers them. */
let inside: Response[] = [];
let server: Server;
let url = '';
const config = { maxConcurrentRequests: 1 };
const deployment = () => ({ config, clients: () => [] }) as never;

beforeEach(async () => {
  inside = [];
  config.maxConcurrentRequests = 1;
  const limit: RequestHandler = (...call) => {
    // Made at the first call: a test may want more places.
    made ??= admission(deployment());
    return made(...call);
  };
  let made: RequestHandler | undefined;
  const app = express().use(limit, (_request, response) => void inside.push(response));
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

  it.each([
    ['one place', 1],
    ['places for all', 3],
  ])('forgets calls that came one after the other on a connection that ended: %s', async (_what, places) => {
    config.maxConcurrentRequests = places;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
    await pause(150);
    expect(inside).toHaveLength(places);
    socket.destroy();
    await pause(150);
    inside = [];
    const next = Array.from({ length: places }, () => timed());
    await pause(150);
    expect(inside).toHaveLength(places);
    for (const response of inside) response.json({});
    expect((await Promise.all(next)).map(({ answer }) => answer.status)).toEqual(next.map(() => 200));
  });

  it('leaves out who has gone before it is asked', async () => {
    await new Promise((resolve) => server.close(resolve));
    const limit = admission(deployment());
    const late: RequestHandler = (_request, _response, next) => void setTimeout(next, 100);
    server = createServer(express().use(late, limit, (_request, response) => void inside.push(response)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const gone = new AbortController();
    const left = timed(gone.signal).catch(() => undefined);
    await pause(50);
    gone.abort();
    await left;
    await pause(150);
    expect(inside).toHaveLength(0);
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
