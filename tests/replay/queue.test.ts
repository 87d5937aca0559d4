import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { writePopulation } from '../../src/population/population.js';
import { newFolder, run, start } from './running.js';

const server = process.env['TEST_POSTGRES_URL'];

const ask = async <Row extends pg.QueryResultRow>(url: string, text: string): Promise<readonly Row[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
};

/** A database of its own, so that nothing is left in the server. */
const newDatabase = async (on: string): Promise<{ readonly url: string; readonly name: string }> => {
  const name = `r${crypto.randomUUID().replaceAll('-', '')}`;
  await ask(on, `create database ${name}`);
  const url = new URL(on);
  url.pathname = `/${name}`;
  return { url: url.href, name };
};

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds().catch(() => false))) await sleep(50);
};

const suite = (on: string): void => {
  let input: string;
  let alone: string;
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let output: string;
  const folders: string[] = [];
  const folder = (): string => {
    const made = newFolder();
    folders.push(made);
    return made;
  };
  const text = (of: string, name: string): string => readFileSync(join(of, name), 'utf8');
  const count = async (table: string, where = 'true'): Promise<number> => {
    const rows = await ask<{ n: string }>(database.url, `select count(*) as n from ${table} where ${where}`);
    return Number(rows[0]?.n);
  };
  const heldJobs = (): Promise<number> => count('cds_replay_jobs.jobs', 'locked_at is not null');
  const expectWhole = (): void => {
    expect(text(output, 'cards.ndjson')).toBe(text(alone, 'cards.ndjson'));
    expect(text(output, 'report.json')).toBe(text(alone, 'report.json'));
    expect(existsSync(join(output, '.replay'))).toBe(false);
  };
  const expectNothingLeft = async (): Promise<void> => {
    for (const table of ['runs', 'buckets']) expect(await count(`cds_replay.${table}`)).toBe(0);
    expect(await count('cds_replay_jobs.jobs')).toBe(0);
  };

  beforeAll(async () => {
    input = folder();
    alone = folder();
    await writePopulation({ patients: 150, seed: 5, output: input, share: 1 });
    expect((await run(['--input', input, '--output', alone])).code).toBe(0);
  }, 180_000);
  beforeEach(async () => {
    database = await newDatabase(on);
    output = folder();
  });
  afterEach(async () => {
    await ask(on, `drop database ${database.name} with (force)`);
  });
  afterAll(() => {
    for (const each of folders) rmSync(each, { recursive: true, force: true });
  });

  it('a worker that is killed loses nothing and counts nothing twice', async () => {
    const began = start(['--input', input, '--output', output, '--queue', database.url, '--workers', '0']);
    const first = start(['--worker', '--workers', '1'], { REPLAY_QUEUE_URL: database.url });
    await until(async () => (await heldJobs()) > 0);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await heldJobs()).toBeGreaterThan(0);
    const second = start(['--worker', '--workers', '1', '--queue', database.url]);
    const { code, err } = await began.ended;
    expect([code, err]).toEqual([0, 'a worker has died: its part is played by another\n']);
    expect((await second.ended).code).toBe(0);
    expectWhole();
    await expectNothingLeft();
  }, 240_000);

  it('machines with knowledge of their own help with that of the run', async () => {
    const overlay = folder();
    const rule = 'dental-assessment-before-antiresorptive';
    writeFileSync(join(overlay, 'rules.yaml'), `${rule}:\n  status: retired\n  reason: a test\n`);
    const args = [
      '--input',
      input,
      '--output',
      output,
      '--local-knowledge',
      overlay,
      '--queue',
      database.url,
    ];
    const began = start([...args, '--workers', '0']);
    const helper = start(['--worker', '--workers', '2', '--queue', database.url]);
    expect((await began.ended).code).toBe(0);
    expect((await helper.ended).code).toBe(0);
    expect(text(output, 'cards.ndjson')).not.toContain(rule);
    expect(text(alone, 'cards.ndjson')).toContain(rule);
  }, 180_000);

  it('a queue that goes away ends the run with 1; the run goes on when it is back', async () => {
    const args = [
      '--input',
      input,
      '--output',
      output,
      '--queue',
      database.url,
      '--workers',
      '1',
      '--resume',
    ];
    const began = start(args);
    await until(async () => (await heldJobs()) > 0);
    await ask(on, `alter database ${database.name} with allow_connections false`);
    await ask(
      on,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}'`,
    );
    const { code, err } = await began.ended;
    expect(code).toBe(1);
    expect(err).toContain('the queue cannot be used');
    expect(err).not.toContain(new URL(database.url).pathname);
    await ask(on, `alter database ${database.name} with allow_connections true`);
    const again = await run(args);
    expect([again.code, again.err.includes('resuming')]).toEqual([0, true]);
    expectWhole();
    await expectNothingLeft();
  }, 240_000);

  it('nothing is left in the queue of a run that is interrupted', async () => {
    const began = start(['--input', input, '--output', output, '--queue', database.url, '--workers', '1']);
    await until(async () => (await heldJobs()) > 0);
    began.child.kill('SIGINT');
    expect((await began.ended).code).toBe(130);
    await expectNothingLeft();
    expect(readdirSync(output)).toEqual([]);
  }, 120_000);

  it('a queue that cannot be reached ends the run with 1', async () => {
    const url = new URL(database.url);
    url.port = '1';
    const { code, err } = await run(['--input', input, '--output', output, '--queue', url.href]);
    expect(code).toBe(1);
    expect(err).toContain('the queue cannot be used');
    expect(readdirSync(output)).toEqual([]);
  }, 120_000);
};

if (server === undefined) {
  describe('a queue on PostgreSQL', () => {
    it.skip('needs TEST_POSTGRES_URL, as .ci/run sets it', () => undefined);
  });
} else {
  describe('a queue on PostgreSQL', () => {
    suite(server);
  });
}
