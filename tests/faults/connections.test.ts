import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { misbehavingServer, searchset, sendJson } from '../fhir/misbehaving-server.js';
import { startProduction, tokenFor, writtenClient } from '../trust-http/production.js';
import { call, codesOf, patientView, post, startService, type TestService } from '../http/running.js';

let service: TestService;
let review: string;
let prefetch: Readonly<Record<string, null>> = {};

beforeAll(async () => {
  service = await startService({ BODY_LIMIT: '1mb', MAX_CONCURRENT_REQUESTS: '4' }, { sandbox: false });
  review = `${service.url}/cds-services/bone-metastasis-review`;
  const { services } = (await call(`${service.url}/cds-services`)).body as {
    services: readonly { id: string; prefetch: Record<string, string> }[];
  };
  const templates = services.find(({ id }) => id === 'bone-metastasis-review')?.prefetch ?? {};
  prefetch = Object.fromEntries(Object.keys(templates).map((key) => [key, null]));
});
afterAll(() => service.stop());

const isServed = async (): Promise<void> => {
  const started = performance.now();
  expect((await post(review, patientView('planted', { prefetch }))).status).toBe(200);
  expect(performance.now() - started).toBeLessThan(2000);
};

const dripBody = (socket: Socket): void => {
  socket.on('data', () => undefined);
  socket.write(
    'POST /cds-services/bone-metastasis-review HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  );
};

const open = (url = service.url): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', reject);
  });

describe('a small body that unpacks to a large one', () => {
  it.each([
    ['once', (bytes: Buffer) => gzipSync(bytes)],
    [
      'with JSON around it',
      (bytes: Buffer) => gzipSync(Buffer.concat([Buffer.from('{"hook":"'), bytes, Buffer.from('"}')])),
    ],
  ])('gets 413 (%s)', async (_how, pack) => {
    const before = process.memoryUsage().rss;
    const bomb = pack(Buffer.alloc(60_000_000, ' '));
    expect(bomb.byteLength).toBeLessThan(100_000);
    const response = await fetch(review, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: new Uint8Array(bomb),
    });
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: JSON.parse(text) as unknown,
    };
    expect([answer.status, ...codesOf(answer)]).toEqual([413, 'BODY_TOO_LARGE']);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    await isServed();
  });
});

describe('connections that only take place', () => {
  const many = 2000;
  // Both ends are in this process.
  const openFiles = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }));
  const tooFew = openFiles < 2 * many + 500;
  const name = `${many} that say nothing keep nobody from being answered`;

  (tooFew ? it.skip : it)(tooFew ? `${name} (ulimit -n is ${openFiles})` : name, async () => {
    const idle: Socket[] = [];
    // In portions that the queue of the port takes.
    while (idle.length < many) idle.push(...(await Promise.all(Array.from({ length: 250 }, () => open()))));
    for (let index = 0; index < 20; index += 1) await isServed();
    expect(idle.filter(({ destroyed }) => destroyed)).toEqual([]);
    for (const socket of idle) socket.destroy();
  });

  it('that drip their headers are cut off after 10 s, and others are served meanwhile', async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => open()));
    const started = performance.now();
    let closed = 0;
    const dripping = slow.map((socket) => {
      socket.on('data', () => undefined).once('close', () => (closed += 1));
      socket.write(`POST /cds-services/bone-metastasis-review HTTP/1.1\r\nHost: 127.0.0.1\r\n`);
      return setInterval(() => socket.write('X-Slow: 1\r\n'), 200);
    });
    while (closed < slow.length && performance.now() - started < 17_000) {
      await isServed();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    for (const each of dripping) clearInterval(each);
    expect(closed).toBe(slow.length);
    expect(performance.now() - started).toBeGreaterThan(8000);
  });

  it('that drip their bodies without a token take no place of those who call', async () => {
    const hospital = await startProduction([writtenClient()], { MAX_CONCURRENT_REQUESTS: '1' });
    const slow = await Promise.all(Array.from({ length: 40 }, () => open(hospital.service.listeningOn)));
    try {
      for (const socket of slow) dripBody(socket);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const headers = { authorization: await tokenFor('/cds-services') };
      expect((await hospital.send('GET', '/cds-services', { headers })).status).toBe(200);
    } finally {
      for (const socket of slow) socket.destroy();
      await hospital.stop();
    }
  });

  it('that drip their bodies and may call take no place either, and are cut off when they stay slow', async () => {
    const slow = await Promise.all(Array.from({ length: 60 }, () => open()));
    const told: string[] = [];
    const started = performance.now();
    const closed = slow.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => {
            resolve();
          });
        }),
    );
    for (const socket of slow) {
      dripBody(socket);
      socket.on('data', (chunk: Buffer) => told.push(chunk.toString()));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let index = 0; index < 10; index += 1) await isServed();
    await Promise.all(closed);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(told.join('').match(/HTTP\/1\.1 408 /g)).toHaveLength(60);
    expect(told[0]).toContain('REQUEST_INVALID');
  });

  it('that come while all places are taken wait for their turn, and those over the queue get 503 at once', async () => {
    const held: (() => void)[] = [];
    const ehr = await misbehavingServer((_request, response) => {
      held.push(() => {
        sendJson(response, searchset([]));
      });
    });
    try {
      // Four calls under way for each of the four places.
      const waiting = Array.from({ length: 16 }, () =>
        post(review, patientView('planted', { fhirServer: ehr.base })),
      );
      while (held.length < 16) await new Promise((resolve) => setTimeout(resolve, 5));
      const statuses: number[] = [];
      const answers = Array.from({ length: 70 }, async () =>
        statuses.push((await post(review, patientView('planted', { prefetch }))).status),
      );
      // 64 may wait: the other six are told while nobody has got a place yet. A slow machine may keep more waiting for too long.
      while (statuses.length < 6) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(new Set(statuses)).toEqual(new Set([503]));
      const release = setInterval(() => {
        for (const send of held.splice(0)) send();
      }, 5);
      await Promise.all([...answers, ...waiting]);
      clearInterval(release);
      const served = statuses.filter((status) => status === 200).length;
      expect(served).toBeGreaterThan(0);
      expect(served).toBeLessThanOrEqual(64);
      expect(statuses.filter((status) => status === 503)).toHaveLength(70 - served);
    } finally {
      await ehr.close();
    }
  });
});
