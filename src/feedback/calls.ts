import { sql, type Kysely } from 'kysely';
import { batchInsert, inParts } from './built-once.js';
import { matchCards, matchLate } from './feedback-records.js';
import { recordOfStore } from './record-of-store.js';
import { auditRow, cardRow, memoryRow } from './rows.js';
import type { Tables } from './schema.js';
import type { CallRecord, CardRecord, MemoryRecord } from './types.js';

/** Calls that one instance has answered, in the order of their answers. */
export interface CallBatch {
  /** Which process they come from. */
  readonly instance: string;
  readonly calls: readonly CallRecord[];
  /** Calls that found no place in its queue since the batch before. */
  readonly dropped: number;
  readonly now: Date;
}

/** An instance that was not seen for so long has died. */
const DEAD_AFTER_MS = 60_000;

/** How long a card and its feedback that missed each other are looked for. */
const LATE_MATCH_MS = 3_600_000;

const seen = async (db: Kysely<Tables>, id: string, now: Date): Promise<void> => {
  const at = now.toISOString();
  await db
    .insertInto('instances')
    .values({ id, seen_at: at, stopped_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: at, stopped_at: null }))
    .execute();
};

const lost = (time: Date, times: number): ReturnType<typeof auditRow> =>
  auditRow(recordOfStore({ kind: 'lost', time, times }));

/** Of what these cards say about whom, that which was said before. */
const saidAmong = async (db: Kysely<Tables>, cards: readonly CardRecord[]): Promise<Set<string>> => {
  const keys = [...new Set(cards.flatMap(({ keys: known }) => known?.subjectKey ?? []))];
  const said = new Set<string>();
  for (const part of inParts(keys)) {
    // One look into the index for each key: what is said day after day has many rows.
    const keysAsked = sql.join(part.map((key) => sql`(${key})`));
    const { rows } = await sql<{ readonly column1: string }>`
      select asked.column1 from (values ${keysAsked}) as asked
      where exists (select 1 from cards where cards.subject_key = asked.column1)`.execute(db);
    for (const { column1: key } of rows) said.add(key);
  }
  return said;
};

/** What writes the calls of one database, whose dialect its statements are built in. All of it belongs in a transaction. */
export const callWriter = () => {
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
  const insertMemory = batchInsert((db, rows: ReturnType<typeof memoryRow>[]) =>
    db.insertInto('memory').values(rows),
  );
  return {
    /** Each call whole: its audit record, its cards, what is remembered. */
    write: async (
      db: Kysely<Tables>,
      { instance, calls, dropped, now }: CallBatch,
    ): Promise<readonly MemoryRecord[]> => {
      await seen(db, instance, now);
      await insertAudit(db, [
        ...calls.map(({ audit }) => auditRow(audit)),
        ...(dropped > 0 ? [lost(now, dropped)] : []),
      ]);
      await insertMemory(
        db,
        calls.flatMap(({ memory }) => memory.map(memoryRow)),
      );
      const bases = new Map(
        calls.flatMap(({ fhirBase: base, audit: { issuer: client = '' } }) =>
          base === undefined ? [] : [[JSON.stringify([client, base]), { client, base }] as const],
        ),
      );
      for (const [, row] of [...bases].sort(([a], [b]) => (a < b ? -1 : 1))) {
        await db
          .insertInto('fhir_bases')
          .values(row)
          .onConflict((conflict) => conflict.columns(['client', 'base']).doNothing())
          .execute();
      }
      const cards = calls.flatMap((call) => call.cards);
      const said = await saidAmong(db, cards);
      await insertCards(
        db,
        cards.map((card) => {
          const key = card.keys?.subjectKey;
          const before = key !== undefined && said.has(key);
          if (key !== undefined) said.add(key);
          return cardRow(card, before);
        }),
      );
      return matchCards(
        db,
        cards.map(({ card }) => card),
      );
    },
    /**
     * Marks where the last calls of an instance that died may be missing, and joins cards and feedback that missed each
     * other. Says that this instance lives, unless it writes no calls.
     */
    live: async (
      db: Kysely<Tables>,
      instance: string | undefined,
      now: Date,
    ): Promise<readonly MemoryRecord[]> => {
      if (instance !== undefined) await seen(db, instance, now);
      const dead = await db
        .updateTable('instances')
        .set({ stopped_at: now.toISOString() })
        .where('stopped_at', 'is', null)
        .where('seen_at', '<', new Date(now.getTime() - DEAD_AFTER_MS).toISOString())
        .returning('seen_at')
        .execute();
      await insertAudit(
        db,
        dead.map((row) => lost(new Date(row.seen_at), 0)),
      );
      return matchLate(db, new Date(now.getTime() - LATE_MATCH_MS));
    },
    stopped: async (db: Kysely<Tables>, instance: string, now: Date): Promise<void> => {
      await db
        .updateTable('instances')
        .set({ stopped_at: now.toISOString() })
        .where('id', '=', instance)
        .execute();
    },
  };
};
