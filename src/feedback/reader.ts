import { existsSync } from 'node:fs';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import Database from 'libsql';
import pg from 'pg';
import { migrationNames } from './migrations.js';
import { allPages } from './pages.js';
import { auditPage, cardPage } from './reading.js';
import type { Tables } from './schema.js';
import { asStoreError } from './store-error.js';
import type { AuditRecord, CardHistory, RecordRange } from './types.js';

/** Why a store cannot be read by this program, as it stands. */
export type Unreadable = 'absent' | 'older' | 'newer';

/** The store is not one that this version reads: nothing was changed in it. */
export class StoreVersionError extends Error {
  override readonly name = 'StoreVersionError';
  constructor(readonly why: Unreadable) {
    super(`the store is ${why}`);
  }
}

/** A store that is only looked at, while the service goes on writing to it. What rejects, rejects with StoreError. */
export interface StoreReader {
  /** Oldest first, read in pages. */
  readonly auditRecords: (range: RecordRange) => AsyncIterable<AuditRecord>;
  readonly cardHistory: (range: RecordRange) => AsyncIterable<CardHistory>;
  /** Feedback of a period on cards that the store does not have. */
  readonly unmatchedFeedback: (range: RecordRange) => Promise<number>;
  /** When the first and the last call was recorded that is still kept; undefined when there is none. */
  readonly kept: () => Promise<{ readonly first: Date; readonly last: Date } | undefined>;
  readonly close: () => Promise<void>;
}

const CONNECT_WITHIN_MS = 5000;
const ANSWER_WITHIN_MS = 120_000;
const LOCK_WAIT_MS = 5000;
/** PostgreSQL: there is no such table. */
const UNDEFINED_TABLE = '42P01';

const connect = (url: string): Kysely<Tables> => {
  const path = /^file:(.+)$/.exec(url)?.[1];
  if (path === undefined) {
    const pool = new pg.Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      statement_timeout: ANSWER_WITHIN_MS,
      options: '-c default_transaction_read_only=on',
    });
    pool.on('error', () => undefined);
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  }
  if (!existsSync(path)) throw new StoreVersionError('absent');
  const database = new Database(path, { timeout: LOCK_WAIT_MS });
  database.pragma('query_only = ON');
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
};

/** Throws unless the tables are in the form that this version gives them. */
const ensureOwnVersion = async (db: Kysely<Tables>): Promise<void> => {
  const tables = await db.introspection.getTables();
  // Where the tables of another schema are seen, too, none of ours is a table that cannot be read.
  const rows = tables.some(({ name }) => name === 'migrations')
    ? await db
        .selectFrom('migrations')
        .select('name')
        .execute()
        .catch((error: unknown) => {
          if (asStoreError(error).driverCode === UNDEFINED_TABLE) return [];
          throw error;
        })
    : [];
  const applied = new Set(rows.map(({ name }) => name));
  if (applied.size === 0) throw new StoreVersionError('absent');
  if ([...applied].some((name) => !migrationNames.includes(name))) throw new StoreVersionError('newer');
  if (migrationNames.some((name) => !applied.has(name))) throw new StoreVersionError('older');
};

/**
 * Opens a store to be looked at: makes none where there is none, and leaves its tables as they are. Rejects with
 * StoreVersionError or StoreError.
 *
 * @param url `file:./path` or `postgres://…`
 */
export const openReader = async (url: string): Promise<StoreReader> => {
  let db: Kysely<Tables> | undefined;
  const run = async <T>(action: (used: Kysely<Tables>) => Promise<T>): Promise<T> => {
    try {
      return await action((db ??= connect(url)));
    } catch (error) {
      throw error instanceof StoreVersionError ? error : asStoreError(error);
    }
  };
  const close = async (): Promise<void> => {
    await db?.destroy();
  };
  try {
    await run(ensureOwnVersion);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    auditRecords: (range) => allPages(range, (left, after) => run((used) => auditPage(used, left, after))),
    cardHistory: (range) => allPages(range, (left, after) => run((used) => cardPage(used, left, after))),
    unmatchedFeedback: ({ from, to, client }) =>
      run(async (used) => {
        const { count } = await used
          .selectFrom('feedback')
          .select(({ fn }) => fn.countAll<string | number>().as('count'))
          .where('rule', 'is', null)
          .where('received_at', '>=', from.toISOString())
          .where('received_at', '<', to.toISOString())
          .$if(client !== undefined, (query) => query.where('client', '=', client ?? ''))
          .executeTakeFirstOrThrow();
        return Number(count);
      }),
    kept: () =>
      run(async (used) => {
        const { first, last } = await used
          .selectFrom('audit')
          .select(({ fn }) => [
            fn.min<string | null>('time').as('first'),
            fn.max<string | null>('time').as('last'),
          ])
          .where('endpoint', '=', 'hook')
          .executeTakeFirstOrThrow();
        return first === null || last === null ? undefined : { first: new Date(first), last: new Date(last) };
      }),
    close,
  };
};
