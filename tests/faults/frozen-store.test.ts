import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { call, codesOf, eventually, patientView, type JsonAnswer } from '../http/running.js';
import { tried } from '../security-report.js';
import { startProduction, tokenFor, writtenClient, type Production } from '../trust-http/production.js';
import { postgresPrograms, startOwnPostgres, type OwnPostgres } from './own-postgres.js';

const SUITE = 'store faults';
const REVIEW = '/cds-services/bone-metastasis-review';
const FEEDBACK = `${REVIEW}/feedback`;

/** A call whose data all came with it and say nothing: what is measured is the way of a call. */
const review = patientView('p', {
  prefetch: { patient: { resourceType: 'Patient', id: 'p', deceasedBoolean: true } },
});

const tokens = (path: string, count: number): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: count }, () => tokenFor(path)));

const timed = async (answer: () => Promise<JsonAnswer>): Promise<{ status: number; ms: number }> => {
  const began = performance.now();
  const { status } = await answer();
  return { status, ms: performance.now() - began };
};

/** What every fault of the store must leave alone, and what it may cost. */
const survives = (
  kind: string,
  production: () => Production,
  breakIt: () => Promise<() => Promise<void>>,
): void => {
  it('costs no hook call more than a moment, refuses feedback, says degraded, and is over when it is over', async () => {
    const { service, send } = production();
    const sent = (authorization: string): Promise<JsonAnswer> =>
      send('POST', REVIEW, { headers: { authorization }, body: review });
    const feedback = async (): Promise<JsonAnswer> => {
      const item = { card: crypto.randomUUID(), outcome: 'accepted', acceptedSuggestions: [{ id: 's' }] };
      const body = { feedback: [{ ...item, outcomeTimestamp: '2026-11-20T10:00:00Z' }] };
      return send('POST', FEEDBACK, { headers: { authorization: await tokenFor(FEEDBACK) }, body });
    };
    /** Calls one after the other, and some at once. */
    const round = async ([first = '', ...others]: readonly string[]) => [
      await timed(() => sent(first)),
      ...(await Promise.all(others.slice(0, 6).map((token) => timed(() => sent(token))))),
      ...(await others
        .slice(6)
        .reduce<Promise<{ status: number; ms: number }[]>>(
          async (earlier, token) => [...(await earlier), await timed(() => sent(token))],
          Promise.resolve([]),
        )),
    ];
    await round(await tokens(REVIEW, 13));
    const before = await round(await tokens(REVIEW, 13));
    expect((await feedback()).status).toBe(200);
    const ready = async (): Promise<JsonAnswer> => call(`${service.listeningOn}/readyz`);
    expect((await ready()).body).toMatchObject({ status: 'ready' });

    const fresh = await tokens(REVIEW, 13);
    const mend = await breakIt();
    try {
      // Feedback waits for the store: whoever asks for advice meanwhile does not wait with it.
      const waiting = Array.from({ length: 4 }, () => feedback());
      const during = await round(fresh);
      expect(during.map(({ status }) => status)).toEqual(during.map(() => 200));
      const slowestOf = (calls: readonly { readonly ms: number }[]): number =>
        Math.max(...calls.map(({ ms }) => ms));
      const [usual, slowest] = [slowestOf(before), slowestOf(during)];
      expect(slowest).toBeLessThan(usual + 300);
      // Replay protection is that of the process.
      expect((await sent(fresh[0] ?? '')).status).toBe(401);
      for (const refused of await Promise.all(waiting)) {
        expect([refused.status, ...codesOf(refused)]).toEqual([503, 'STORE_UNAVAILABLE']);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const degraded = await ready();
      expect([degraded.status, degraded.body]).toEqual([
        503,
        expect.objectContaining({ status: 'degraded' }),
      ]);
      tried(SUITE, kind, 'answered', `slowest call ${slowest.toFixed(0)} ms, before ${usual.toFixed(0)} ms`);
    } finally {
      await mend();
    }
    await eventually(async () => (await ready()).status === 200);
    expect((await ready()).body).toMatchObject({ status: 'ready' });
    expect((await feedback()).status).toBe(200);
    // The calls of that time are in the audit, as soon as it can be written.
    const { store } = service.deployment;
    await eventually(() => Promise.resolve(store.queueCounts().waiting === 0));
    let answered = 0;
    for await (const { endpoint, status } of store.auditRecords({
      from: new Date(0),
      to: new Date('2100-01-01'),
      limit: 999,
    }))
      if (endpoint === 'hook' && status === 200) answered += 1;
    expect(answered).toBe(3 * 13);
    expect(store.queueCounts().dropped).toBe(0);
    const told = service.logged().filter(({ msg }) => msg === 'replay protection falls back to this process');
    // Told when it begins, not for every call.
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(5);
  });
};

const programs = postgresPrograms();
describe('a PostgreSQL that is frozen', () => {
  if (programs === undefined) {
    it.skip('SKIPPED: no PostgreSQL is installed', () => undefined);
    return;
  }
  let postgres: OwnPostgres;
  let production: Production;
  beforeAll(async () => {
    postgres = await startOwnPostgres(programs);
    production = await startProduction([writtenClient()], {
      DATABASE_URL: postgres.url,
      MAX_CONCURRENT_REQUESTS: '2',
    });
  });
  afterAll(async () => {
    await production.stop();
    await postgres.stop();
  });
  survives(
    'PostgreSQL frozen (SIGSTOP)',
    () => production,
    async () => {
      await postgres.freeze();
      return postgres.thaw;
    },
  );
});

describe('a SQLite file that is', () => {
  let folder = '';
  let production: Production | undefined;
  const start = async (path: string): Promise<void> => {
    production = await startProduction([writtenClient()], {
      DATABASE_URL: `file:${path}`,
      MAX_CONCURRENT_REQUESTS: '2',
    });
  };
  const running = (): Production => {
    if (production === undefined) throw new Error('not started');
    return production;
  };
  afterEach(async () => {
    await production?.stop();
    production = undefined;
  });

  describe('locked by another process', () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'cds-locked-'));
      await start(join(folder, 'cds.sqlite'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    survives('SQLite file locked', running, () => {
      const other = new Database(join(folder, 'cds.sqlite'));
      other.exec('begin immediate');
      return Promise.resolve(() => {
        other.exec('rollback');
        other.close();
        return Promise.resolve();
      });
    });
  });

  describe('on a disk that is full', () => {
    const mounted = ((): string | undefined => {
      const place = mkdtempSync(join(tmpdir(), 'cds-full-'));
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', place], { stdio: 'ignore' });
        return place;
      } catch {
        rmSync(place, { recursive: true, force: true });
        return undefined;
      }
    })();
    if (mounted === undefined) {
      it.skip('SKIPPED: this user may not mount a small disk', () => undefined);
      return;
    }
    beforeAll(() => start(join(mounted, 'cds.sqlite')));
    afterAll(() => {
      execFileSync('umount', ['-l', mounted]);
      rmSync(mounted, { recursive: true, force: true });
    });
    survives('disk of the SQLite file full', running, () => {
      const filler = join(mounted, 'filler');
      let size = 16 * 1024 ** 2;
      // What is left is written as well, byte by byte in ever smaller pieces.
      for (let part = 0; size >= 512; part += 1) {
        try {
          writeFileSync(`${filler}${part}`, Buffer.alloc(size));
        } catch {
          size = Math.floor(size / 2);
        }
      }
      return Promise.resolve(() => {
        execFileSync('sh', ['-c', `rm -f ${filler}*`]);
        return Promise.resolve();
      });
    });
  });
});
