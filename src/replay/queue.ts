import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Logger, makeWorkerUtils, run as runWorkers, type Runner, type WorkerUtils } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { ArtifactFile } from '../knowledge/read/artifact-file.js';
import type { BucketResult } from './bucket.js';
import { ReportError } from '../report/output.js';
import type { Terms } from './patient.js';

/**
 * Buckets as jobs on a hospital's PostgreSQL (graphile-worker, in a schema of its own), so that any number of machines
 * play them. A row holds the charts of a bucket until it is played, then its result until that is fetched.
 */
export interface Queue {
  /** Makes a run with all its buckets; `lines` gives the bytes of each. */
  begin(setup: RunSetup, buckets: number, lines: (bucket: number) => Promise<Buffer>): Promise<string>;
  /** Whether a run is still there. */
  hasRun(run: string): Promise<boolean>;
  /** A run that is not over, the oldest first. */
  openRun(
    except: ReadonlySet<string>,
  ): Promise<{ readonly run: string; readonly setup: RunSetup } | undefined>;
  /** Takes buckets of a run, `concurrency` at once, until it is stopped. */
  work(run: string, concurrency: number, play: (lines: Buffer) => Promise<BucketResult>): Promise<Runner>;
  /** Takes results that are there, some at a time; they are gone from the queue then. */
  fetch(run: string, save: (bucket: number, result: BucketResult) => Promise<void>): Promise<number>;
  state(run: string): Promise<{ readonly open: number; readonly failed: readonly number[] }>;
  /** Frees the buckets that workers held who have died. */
  freeDead(run: string): Promise<number>;
  /** Removes all that is kept of a run: charts, results and jobs. */
  remove(run: string): Promise<void>;
  close(): Promise<void>;
}

/** What another machine needs to play as this one does. */
export interface RunSetup {
  readonly edition: string;
  readonly key: string;
  readonly keepIds: boolean;
  readonly terms: Omit<Terms, 'services'> & { readonly services: readonly string[] | undefined };
  /** A hospital's own knowledge, file by file. */
  readonly overlay: readonly ArtifactFile[] | undefined;
  /** Of the knowledge: other rules would give other cards. */
  readonly digest: string;
}

const schema = 'cds_replay';
const jobSchema = 'cds_replay_jobs';
const mostAttempts = 3;
const beatEveryMs = 2000;
/** A worker that has not been heard of for so long is dead. */
const deadAfterSeconds = 12;
const pollMs = 500;
const quiet = new Logger(() => () => undefined);

const tables = `
  create schema if not exists ${schema};
  create table if not exists ${schema}.runs (
    id text primary key, setup jsonb not null, made timestamptz not null default now());
  create table if not exists ${schema}.buckets (
    run text not null references ${schema}.runs on delete cascade, bucket int not null,
    lines bytea, result bytea, primary key (run, bucket));
  create table if not exists ${schema}.workers (id text primary key, seen timestamptz not null);`;

/** Two machines that begin at once would both make the tables. */
const lockOfTables = 7262017;

const taskOf = (run: string): string => `bucket-${run}`;

/** Connects, and makes the tables where there are none. @throws ReportError when the queue cannot be reached */
export async function openQueue(url: string): Promise<Queue> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  });
  // A connection that breaks while nobody uses it is replaced by the next query.
  pool.on('error', () => undefined);
  let utils: WorkerUtils;
  try {
    const client = await pool.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [lockOfTables]);
      await client.query(tables);
      utils = await makeWorkerUtils({ pgPool: pool, schema: jobSchema, logger: quiet });
      await utils.migrate();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockOfTables]);
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw lost(error);
  }
  const query = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => {
    try {
      return await pool.query<Row>(text, [...values]);
    } catch (error) {
      throw lost(error);
    }
  };
  return queueOn(pool, utils, query);
}

/** The queue cannot be reached, or does not do what it is asked; never with what stands in it. */
function lost(error: unknown): ReportError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNREACHABLE';
  return new ReportError([`the queue cannot be used (${code})`]);
}

type Query = <Row extends pg.QueryResultRow>(
  text: string,
  values: readonly unknown[],
) => Promise<pg.QueryResult<Row>>;

function queueOn(pool: pg.Pool, utils: WorkerUtils, query: Query): Queue {
  return {
    begin: async (setup, buckets, lines) => {
      const run = randomUUID();
      await query(`insert into ${schema}.runs (id, setup) values ($1, $2)`, [run, JSON.stringify(setup)]);
      for (let bucket = 0; bucket < buckets; bucket++) {
        const packed = gzipSync(await lines(bucket), { level: 1 });
        await query(`insert into ${schema}.buckets (run, bucket, lines) values ($1, $2, $3)`, [
          run,
          bucket,
          packed,
        ]);
      }
      for (let bucket = 0; bucket < buckets; bucket++)
        await utils.addJob(
          taskOf(run),
          { bucket },
          { maxAttempts: mostAttempts, jobKey: `${run}-${bucket}` },
        );
      return run;
    },
    hasRun: async (run) => (await query(`select 1 from ${schema}.runs where id = $1`, [run])).rowCount === 1,
    openRun: async (except) => {
      const { rows } = await query<{ id: string; setup: RunSetup }>(
        `select r.id, r.setup from ${schema}.runs r where r.id <> all($1)
          and exists (select 1 from ${schema}.buckets b where b.run = r.id and b.result is null) order by r.made limit 1`,
        [[...except]],
      );
      const [row] = rows;
      return row === undefined ? undefined : { run: row.id, setup: row.setup };
    },
    work: (run, concurrency, play) => work(pool, query, run, concurrency, play),
    fetch: async (run, save) => {
      const { rows } = await query<{ bucket: number; result: Buffer }>(
        `select bucket, result from ${schema}.buckets where run = $1 and result is not null order by bucket limit 16`,
        [run],
      );
      for (const { bucket, result } of rows) {
        await save(bucket, JSON.parse(gunzipSync(result).toString('utf8')) as BucketResult);
        await query(`delete from ${schema}.buckets where run = $1 and bucket = $2`, [run, bucket]);
      }
      return rows.length;
    },
    state: async (run) => {
      const { rows } = await query<{ bucket: number; failed: boolean }>(
        `select b.bucket, coalesce(j.attempts >= j.max_attempts and j.locked_at is null, false) as failed
          from ${schema}.buckets b left join ${jobSchema}.jobs j on j.key = b.run || '-' || b.bucket
          where b.run = $1 and b.result is null order by b.bucket`,
        [run],
      );
      const failed = rows.filter((row) => row.failed).map(({ bucket }) => bucket);
      return { open: rows.length - failed.length, failed };
    },
    freeDead: async (run) => {
      const { rows } = await query<{ locked_by: string }>(
        `select distinct j.locked_by from ${jobSchema}.jobs j left join ${schema}.workers w on w.id = j.locked_by
          where j.task_identifier = $1 and j.locked_at < now() - make_interval(secs => $2)
            and (w.seen is null or w.seen < now() - make_interval(secs => $2))`,
        [taskOf(run), deadAfterSeconds],
      );
      const dead = rows.map((row) => row.locked_by);
      if (dead.length > 0) {
        await utils.forceUnlockWorkers(dead);
        await query(`delete from ${schema}.workers where id = any($1)`, [dead]);
      }
      return dead.length;
    },
    remove: async (run) => {
      const { rows } = await query<{ id: string }>(
        `select id from ${jobSchema}.jobs where task_identifier = $1`,
        [taskOf(run)],
      );
      await utils.completeJobs(rows.map(({ id }) => id));
      await query(`delete from ${schema}.runs where id = $1`, [run]);
      await query(`delete from ${schema}.workers where seen < now() - interval '1 hour'`, []);
    },
    close: async () => {
      await utils.release();
      await pool.end();
    },
  };
}

async function work(
  pool: pg.Pool,
  query: Query,
  run: string,
  concurrency: number,
  play: (lines: Buffer) => Promise<BucketResult>,
): Promise<Runner> {
  const ids = new Set<string>();
  const beat = async (): Promise<void> => {
    await query(
      `insert into ${schema}.workers (id, seen) select unnest($1::text[]), now() on conflict (id) do update set seen = now()`,
      [[...ids]],
    );
  };
  const events: EventEmitter = new EventEmitter();
  events.on('worker:create', ({ worker }: { worker: { workerId: string } }) => {
    ids.add(worker.workerId);
  });
  const runner = await runWorkers({
    pgPool: pool,
    schema: jobSchema,
    logger: quiet,
    concurrency,
    noHandleSignals: true,
    pollInterval: pollMs,
    events,
    taskList: {
      [taskOf(run)]: async (payload) => {
        const { bucket } = payload as { readonly bucket: number };
        const { rows } = await query<{ lines: Buffer | null }>(
          `select lines from ${schema}.buckets where run = $1 and bucket = $2 and result is null`,
          [run, bucket],
        );
        const lines = rows[0]?.lines;
        // Played by another, who was thought dead.
        if (lines === undefined || lines === null) return;
        const result = gzipSync(JSON.stringify(await play(gunzipSync(lines))), { level: 1 });
        await query(
          `update ${schema}.buckets set result = $3, lines = null where run = $1 and bucket = $2 and result is null`,
          [run, bucket, result],
        );
      },
    },
  });
  // Its end is told by the queries that fail; nobody waits for it otherwise.
  runner.promise.catch(() => undefined);
  await beat();
  const beating = setInterval(() => {
    beat().catch(() => undefined);
  }, beatEveryMs);
  const stop = async (): Promise<void> => {
    clearInterval(beating);
    try {
      await runner.stop();
    } catch {
      // It has stopped by itself, or the queue is gone.
    }
  };
  return { ...runner, stop };
}
