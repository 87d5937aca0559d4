import { randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import {
  call,
  codesOf,
  denosumab,
  orderSign,
  post,
  startService,
  type TestService,
} from '../http/running.js';
import { reportAttack } from '../security/report.js';

let service: TestService;
let path = '';
let restore: (() => void) | undefined;

beforeAll(async () => {
  service = await startService({});
  const { database } = service.deployment.config;
  if (database.kind !== 'sqlite') throw new Error('the tests run on SQLite');
  path = database.path;
});
afterEach(() => {
  restore?.();
  restore = undefined;
});
afterAll(() => service.stop());

const faults: readonly (readonly [string, () => () => void])[] = [
  [
    'locked by another process',
    () => {
      const other = new Database(path);
      other.exec('begin immediate');
      return () => {
        other.exec('rollback');
        other.close();
      };
    },
  ],
  [
    'gone',
    () => {
      const ends = ['', '-wal', '-shm'];
      for (const end of ends) renameSync(`${path}${end}`, `${path}.away${end}`);
      return () => {
        for (const end of ends) renameSync(`${path}.away${end}`, `${path}${end}`);
      };
    },
  ],
];

const feedback = () => {
  const item = {
    card: randomUUID(),
    outcome: 'accepted',
    acceptedSuggestions: [{ id: randomUUID() }],
    outcomeTimestamp: '2026-11-20T10:05:31Z',
  };
  return post(`${service.url}/cds-services/antiresorptive-safety/feedback`, { feedback: [item] });
};
const hookCall = () =>
  post(
    `${service.url}/cds-services/antiresorptive-safety`,
    orderSign('john-whitfield', [denosumab('john-whitfield')], { fhirServer: `${service.url}/sandbox/fhir` }),
  );
const stored = async (): Promise<number> => {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const counts = [...text.matchAll(/^cds_feedback_stored_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
};

describe('a store that is', () => {
  it.each(faults)('%s costs no hook call, refuses feedback, and takes it again', async (what, breakIt) => {
    expect((await feedback()).status).toBe(200);
    const before = await stored();
    restore = breakIt();
    const calls = await Promise.all([hookCall(), hookCall(), hookCall()]);
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await feedback();
    expect([refused.status, ...codesOf(refused)]).toEqual([503, 'STORE_UNAVAILABLE']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.text).not.toMatch(/sqlite|SQLITE|\/tmp|libsql/);
    expect([
      (await call(`${service.url}/readyz`)).status,
      (await call(`${service.url}/healthz`)).status,
    ]).toEqual([503, 200]);
    restore();
    restore = undefined;
    expect((await feedback()).status).toBe(200);
    expect(await stored()).toBe(before + 1);
    expect((await call(`${service.url}/readyz`)).status).toBe(200);
    reportAttack({
      suite: 'Faults',
      kind: `a store that is ${what}`,
      outcome: 'survived',
      detail: 'hook calls answered, feedback refused with 503 and taken again',
    });
  });
});
