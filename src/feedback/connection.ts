import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrate } from './migrations.js';
import type { Tables } from './schema.js';
import { openSqlite } from './sqlite.js';
import { asStoreError } from './store-error.js';
import type { DatabaseOptions } from './types.js';
import type { Database } from './database.js';

const CONNECT_WITHIN_MS = 2000;
const ANSWER_WITHIN_MS = 5000;

const openPostgres = async ({ url, openedAt, lockWaitMs = 2000 }: DatabaseOptions): Promise<Database> => {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    statement_timeout: ANSWER_WITHIN_MS,
    lock_timeout: lockWaitMs,
    keepAlive: true,
    // A server may be set to answer before the write is on disk: our callers are promised that it is.
    options: '-c synchronous_commit=on',
  });
  // An idle connection that the server ends would otherwise end this process; the next query opens a new one.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, 'postgres', openedAt);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const run: Database['run'] = async (action) => {
    try {
      return await action(db);
    } catch (error) {
      throw asStoreError(error);
    }
  };
  return {
    run,
    write: (action) => run((used) => used.transaction().execute(action)),
    concurrent: true,
    // Its disk is not ours to look at: a full one refuses the write itself.
    ensureRoom: () => undefined,
    close: () => db.destroy(),
  };
};

/** Opens the database that the URL names and brings its tables up to date. Rejects with StoreError. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  try {
    const path = /^file:(.+)$/.exec(options.url)?.[1];
    return path === undefined ? await openPostgres(options) : await openSqlite(path, options);
  } catch (error) {
    throw asStoreError(error);
  }
};
