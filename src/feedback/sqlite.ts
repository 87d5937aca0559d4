import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, sql, SqliteDialect, type SqliteDatabase } from 'kysely';
import Database from 'libsql';
import type { Database as Connection } from './database.js';
import { asStoreError, isLocked, StoreError } from './store-error.js';
import { migrate } from './migrations.js';
import type { Tables } from './schema.js';
import type { DatabaseOptions } from './types.js';

/** The driver would block the event loop, and every call, while it waits for a lock: it never waits, and we ask again. */
const BUSY_TIMEOUT_MS = 0;
const ASK_AGAIN_AFTER_MS = 25;
const LOCK_WAIT_MS = 2000;

/** With less the log beside the file may find no room for the next transactions. */
const LEAST_FREE_BYTES = 8 * 1024 ** 2;

const freeBytes = (folder: string): number => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (error) {
    throw asStoreError(error);
  }
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Step by step: the recursive `mkdir` of Node never returns below a file system that takes no folders (`/proc`). */
const makeFolder = (path: string): void => {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
};

/** Which file the path names now; undefined when there is none. */
const fileAt = (path: string): string | undefined => {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
};

const DONE = { changes: 0, lastInsertRowid: 0 };

/**
 * The driver never resets a prepared statement that failed, and the connection could then commit nothing more.
 * Transaction control therefore goes through `exec`, which cleans up, and a transaction takes the write lock as
 * it begins: that is the one place where a lock held by another process is met.
 */
const kyselyDatabase = (database: InstanceType<typeof Database>): SqliteDatabase => ({
  close: () => {
    database.close();
  },
  prepare: (statement) => {
    if (!/^(begin|commit|rollback)\b/.test(statement)) return database.prepare(statement);
    const run = () => {
      // SQLite itself rolls back when the disk is full; a second time would hide why.
      if (statement === 'rollback' && !database.inTransaction) return DONE;
      database.exec(statement === 'begin' ? 'begin immediate' : statement);
      return DONE;
    };
    return { reader: false, run, all: () => [], iterate: () => [].values() };
  },
});

/** The owner alone may read what is remembered of patients; SQLite gives the files beside it the same mode. */
const OWNER_ONLY = 0o600;

/** The file is made here, as SQLite would leave it readable for everybody. What belongs to another user stays as it is. */
const makePrivate = (path: string): void => {
  closeSync(openSync(path, 'a', OWNER_ONLY));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      if (existsSync(file)) chmodSync(file, OWNER_ONLY);
    } catch (error) {
      if (asStoreError(error).driverCode !== 'EPERM') throw error;
    }
  }
};

/** Throws for a file that is damaged: what it would answer is not what was written. */
const ensureSound = (database: InstanceType<typeof Database>): void => {
  const found: unknown = database.prepare('pragma quick_check(1)').all();
  const rows: readonly unknown[] = Array.isArray(found) ? found : [];
  const isSound = rows.some(
    (row) => typeof row === 'object' && row !== null && Object.values(row)[0] === 'ok',
  );
  if (!isSound) throw new StoreError('SQLITE_CORRUPT');
};

const openFile = (path: string, maxPages: number | undefined): Kysely<Tables> => {
  makePrivate(path);
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // A comment that retention removed must not stay readable in the file's free space.
    database.pragma('secure_delete = ON');
    ensureSound(database);
    if (maxPages !== undefined) database.pragma(`max_page_count = ${maxPages}`);
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(database) }) });
};

const untilUnlocked = async <T>(waitMs: number, action: () => Promise<T>): Promise<T> => {
  const triesUntil = performance.now() + waitMs;
  for (;;) {
    try {
      return await action();
    } catch (cause) {
      const error = asStoreError(cause);
      if (!isLocked(error) || performance.now() >= triesUntil) throw error;
      await pause(ASK_AGAIN_AFTER_MS);
    }
  }
};

/**
 * The embedded file. SQLite goes on writing to a file that was removed or replaced, where nobody would ever
 * find it: each action therefore makes sure, before and after, that the path still names the open file. A
 * missing file is never made anew while running; when it is back, it is opened again.
 */
export const openSqlite = async (path: string, options: DatabaseOptions): Promise<Connection> => {
  const { openedAt, maxPages, lockWaitMs = LOCK_WAIT_MS } = options;
  const open = async (): Promise<Kysely<Tables>> => {
    const opened = openFile(path, maxPages);
    try {
      await migrate(opened, 'sqlite', openedAt);
      return opened;
    } catch (error) {
      await opened.destroy();
      throw error;
    }
  };
  let db = await untilUnlocked(Math.max(lockWaitMs, LOCK_WAIT_MS), async () => {
    makeFolder(dirname(path));
    return open();
  });
  let file = fileAt(path);
  let spoilt = false;
  let reopening: Promise<void> | undefined;

  const reopen = async (found: string): Promise<void> => {
    // First out of the old file: both would write to the same path beside it (the write-ahead log).
    await db.destroy();
    db = await open();
    file = found;
    spoilt = false;
  };

  const present = async (): Promise<Kysely<Tables>> => {
    const found = fileAt(path);
    if (found === undefined) throw new StoreError('FILE_GONE');
    if (found !== file || spoilt) {
      reopening ??= reopen(found).finally(() => (reopening = undefined));
      await reopening;
    }
    return db;
  };

  const run: Connection['run'] = (action) =>
    untilUnlocked(lockWaitMs, async () => {
      const used = await present();
      const result = await action(used).catch((cause: unknown) => {
        const error = asStoreError(cause);
        if (!isLocked(error) && used === db) spoilt = true;
        throw error;
      });
      if (fileAt(path) !== file || used !== db) throw new StoreError('FILE_GONE');
      return result;
    });

  return {
    run,
    write: (action) => run((used) => used.transaction().execute(action)),
    concurrent: false,
    ensureRoom: () => {
      const free = freeBytes(dirname(path));
      if (free < LEAST_FREE_BYTES) throw new StoreError('DISK_FULL');
    },
    close: async () => {
      // After a clean stop the file alone is whole: whoever copies it then need not know of the log beside it.
      if (fileAt(path) === file) {
        await sql`pragma wal_checkpoint(truncate)`.execute(db).catch(() => undefined);
      }
      await db.destroy();
    },
  };
};
