import { batchInsert } from './built-once.js';
import { openDatabase, type Database } from './connection.js';
import {
  countFeedback,
  insertFeedback,
  keepSubjects,
  overriddenLookup,
  removeOld,
} from './feedback-records.js';
import { createWriteQueue } from './queue.js';
import { auditRecord, auditRow, cardRow, keyOf } from './rows.js';
import type { AuditRange, AuditRecord, CardRecord, Store, StoreOptions } from './types.js';

const AUDIT_PAGE = 500;
const FORGET_TOKENS_EVERY_MS = 60_000;
/** A used token is remembered past its end, in case the clock is set back. */
const TOKEN_GRACE_MS = 3_600_000;

const tokenUses = (database: Database, clock: () => Date): Store['firstUse'] => {
  let forgotAt = Number.NEGATIVE_INFINITY;
  const forgetOver = async (): Promise<void> => {
    const now = clock().getTime();
    if (Math.abs(now - forgotAt) < FORGET_TOKENS_EVERY_MS) return;
    forgotAt = now;
    const over = new Date(now - TOKEN_GRACE_MS).toISOString();
    await database.write((db) => db.deleteFrom('used_tokens').where('expires_at', '<', over).execute());
  };
  return async (issuer, jti, expiresAt) => {
    await forgetOver();
    const row = { token: keyOf(issuer, jti), expires_at: expiresAt.toISOString() };
    const { numInsertedOrUpdatedRows } = await database.write((db) =>
      db
        .insertInto('used_tokens')
        .values(row)
        .onConflict((conflict) => conflict.column('token').doNothing())
        .executeTakeFirst(),
    );
    return numInsertedOrUpdatedRows === 1n;
  };
};

async function* auditPages(database: Database, range: AuditRange): AsyncGenerator<AuditRecord> {
  let left = range.limit;
  let last = { time: range.from.toISOString(), id: '' };
  while (left > 0) {
    const { time, id } = last;
    const rows = await database.run((db) =>
      db
        .selectFrom('audit')
        .selectAll()
        .where('time', '<', range.to.toISOString())
        .where((where) =>
          where.or([where('time', '>', time), where.and([where('time', '=', time), where('id', '>', id)])]),
        )
        .orderBy('time')
        .orderBy('id')
        .limit(Math.min(AUDIT_PAGE, left))
        .execute(),
    );
    for (const row of rows) yield auditRecord(row);
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end;
    left -= rows.length;
  }
}

/** Whether the database takes a write now: reading alone would not see a full disk. */
const probe = async (database: Database, clock: () => Date): Promise<boolean> => {
  const at = clock().toISOString();
  try {
    await database.write((db) =>
      db
        .insertInto('probe')
        .values({ id: 1, at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
        .execute(),
    );
    return true;
  } catch {
    return false;
  }
};

/** Opens the store and brings its tables up to date. Rejects with StoreError when it cannot be had. */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  const { clock, flushEveryMs = 200, queueCapacity: capacity = 20_000 } = options;
  const database = await openDatabase(options);
  const insertCards = batchInsert((db, rows: ReturnType<typeof cardRow>[]) =>
    db
      .insertInto('cards')
      .values(rows)
      .onConflict((conflict) => conflict.column('card').doNothing()),
  );
  const insertAudit = batchInsert((db, rows: ReturnType<typeof auditRow>[]) =>
    db
      .insertInto('audit')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing()),
  );
  const findOverridden = overriddenLookup();
  const cards = createWriteQueue<CardRecord>({
    capacity,
    flushEveryMs,
    write: (batch) =>
      database.write(async (db) => {
        await insertCards(db, batch.map(cardRow));
        await keepSubjects(
          db,
          batch.map(({ card }) => card),
        );
      }),
  });
  const audit = createWriteQueue<ReturnType<typeof auditRow>>({
    capacity,
    flushEveryMs,
    write: (batch) => database.write((db) => insertAudit(db, batch)),
  });

  return {
    recordCards: cards.push,
    saveFeedback: async (service, items) => {
      if (items.length === 0) return;
      await database.write((db) => insertFeedback(db, service, items, clock()));
    },
    feedbackCounts: () => database.run(countFeedback),
    firstUse: tokenUses(database, clock),
    overriddenSince: (keys, since) => database.run((db) => findOverridden(db, keys, since)),
    appendAudit: (record) => {
      audit.push([auditRow(record)]);
    },
    auditRecords: (range) => auditPages(database, range),
    purge: (retention) => database.write((db) => removeOld(db, retention)),
    writable: () => probe(database, clock),
    queueCounts: () => {
      const [a, b] = [cards.counts(), audit.counts()];
      return {
        waiting: a.waiting + b.waiting,
        dropped: a.dropped + b.dropped,
        faults: a.faults + b.faults,
      };
    },
    close: async () => {
      await Promise.all([cards.flush(), audit.flush()]);
      cards.stop();
      audit.stop();
      await database.close();
    },
  };
};
