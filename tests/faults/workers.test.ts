import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { call, eventually, patientView, post } from '../http/running.js';
import { spawnService, type Spawned } from './spawned.js';

jest.setTimeout(90_000);

let folder = '';
let running: Spawned;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cds-workers-'));
  running = await spawnService({ DATABASE_URL: `file:${folder}/cds.sqlite`, WORKERS: '2' });
}, 90_000);
afterAll(async () => {
  if (running.child.exitCode === null && running.child.signalCode === null) await running.end('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Ids of the processes of the service that the first one has started; Linux tells them. */
async function workers(): Promise<readonly number[]> {
  const { pid = 0 } = running.child;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const ids = children.split(' ').filter(Boolean).map(Number);
  const commands = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
  );
  // The loader of TypeScript may have a process of its own.
  return ids.filter((_, index) => /main\.[jt]s/.test(commands[index] ?? ''));
}

const ask = () => {
  const prefetch = { patient: null, conditions: null };
  return post(`${running.url}/cds-services/bone-metastasis-review`, patientView('p', { prefetch }), {
    connection: 'close',
  });
};

/** Hook calls that the metrics know of, whichever process is asked. */
async function counted(): Promise<number> {
  const text = await (await fetch(`${running.url}/metrics`)).text();
  const found = [...text.matchAll(/^cds_hook_duration_seconds_count\{.*\} (\d+)$/gm)];
  return found.reduce((sum, [, count]) => sum + Number(count), 0);
}

it('several processes listen on one port, say so once, and count together', async () => {
  expect(await workers()).toHaveLength(2);
  expect(running.printed().match(/listening on/g)).toHaveLength(1);
  for (let count = 0; count < 6; count += 1) expect([200, 412]).toContain((await ask()).status);
  await eventually(async () => (await counted()) === 6);
  expect(await counted()).toBe(6);
});

it('one that ends is replaced, and meanwhile the other answers', async () => {
  const before = await workers();
  const [victim] = before;
  // 0 would be every process of the test run.
  if (victim === undefined) throw new Error('no worker was found');
  process.kill(victim, 'SIGKILL');
  await eventually(() => Promise.resolve(running.printed().includes('a worker ended and is replaced')));
  expect((await call(`${running.url}/healthz`, { headers: { connection: 'close' } })).status).toBe(200);
  await eventually(async () => (await workers()).length === 2, 30_000);
  const after = await workers();
  expect(after).toHaveLength(2);
  expect(after).not.toContain(victim);
  expect(after.filter((id) => before.includes(id))).toHaveLength(1);
});

it('all of them end with 0 when the first process is told to stop', async () => {
  const ids = await workers();
  expect(await running.end('SIGTERM')).toBe(0);
  for (const id of ids) expect(() => process.kill(id, 0)).toThrow();
});
