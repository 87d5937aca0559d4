import { sql, type Kysely } from 'kysely';
import { inParts } from './built-once.js';
import { memoryRow, feedbackRow } from './rows.js';
import type { Tables } from './schema.js';
import type { FeedbackCount, FeedbackRecord, MemoryRecord } from './types.js';

type Counted = Omit<Tables['feedback_counts'], 'count'>;

/** Differences to the counts, added up so that each count is written once. */
type Changes = Map<string, Counted & { count: number }>;

/** Feedback whose card is not (yet) one of its client's. */
const UNMATCHED = 'unmatched';

const change = (changes: Changes, counted: Counted, by: number): void => {
  const { client, rule, service, outcome, reason } = counted;
  const key = JSON.stringify([client, rule, service, outcome, reason]);
  const known = changes.get(key);
  if (known === undefined) changes.set(key, { client, rule, service, outcome, reason, count: by });
  else known.count += by;
};

/** One order for all writers, so that two of them can never wait for each other. */
const applied = async (db: Kysely<Tables>, changes: Changes): Promise<void> => {
  const ordered = [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  for (const row of ordered.filter(({ count }) => count !== 0)) {
    await db
      .insertInto('feedback_counts')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['client', 'rule', 'service', 'outcome', 'reason'])
          .doUpdateSet({ count: sql<number>`feedback_counts.count + excluded.count` }),
      )
      .execute();
  }
};

/**
 * To be run in a transaction. Joins feedback to those of the cards that are its client's: a card may be written before its
 * feedback or after it, by another instance. Gives what is remembered of it.
 */
const match = async (
  db: Kysely<Tables>,
  cards: readonly string[],
  changes: Changes,
): Promise<readonly MemoryRecord[]> => {
  const declines: MemoryRecord[] = [];
  for (const part of inParts(cards)) {
    const found = await db
      .selectFrom('feedback')
      .innerJoin('cards', (join) =>
        join.onRef('cards.card', '=', 'feedback.card').onRef('cards.client', '=', 'feedback.client'),
      )
      .select(['feedback.fingerprint', 'feedback.client', 'feedback.service', 'feedback.outcome'])
      .select(['feedback.reason', 'feedback.reach', 'feedback.outcome_timestamp', 'feedback.received_at'])
      .select([
        'cards.rule',
        'cards.patient_key',
        'cards.subject_key',
        'cards.user_key',
        'cards.encounter_key',
      ])
      .where('feedback.card', 'in', part)
      .where('feedback.rule', 'is', null)
      .orderBy('feedback.fingerprint')
      .execute();
    for (const row of found) {
      const { numUpdatedRows } = await db
        .updateTable('feedback')
        .set({ rule: row.rule })
        .where('fingerprint', '=', row.fingerprint)
        .where('rule', 'is', null)
        .executeTakeFirst();
      // Another instance has joined it meanwhile.
      if (numUpdatedRows !== 1n) continue;
      change(changes, { ...row, rule: UNMATCHED }, -1);
      change(changes, row, 1);
      const { patient_key: patientKey, subject_key: subjectKey, user_key: userKey } = row;
      if (row.outcome !== 'overridden' || patientKey === null || subjectKey === null) continue;
      // What one user dismissed for himself holds for nobody where it is not known who he is.
      if (row.reach === 'user' && userKey === null) continue;
      // Both clocks must say "since": an EHR whose clock runs ahead must not silence a card for longer.
      const at = row.outcome_timestamp < row.received_at ? row.outcome_timestamp : row.received_at;
      declines.push({
        kind: 'declined',
        client: row.client,
        patientKey,
        subjectKey,
        ...(row.reach === 'user' && userKey !== null && { userKey }),
        ...(row.encounter_key !== null && { encounterKey: row.encounter_key }),
        at: new Date(at),
      });
    }
  }
  if (declines.length > 0) await db.insertInto('memory').values(declines.map(memoryRow)).execute();
  return declines;
};

/** To be run in a transaction: feedback that came before these cards is joined to them. */
export const matchCards = async (
  db: Kysely<Tables>,
  cards: readonly string[],
): Promise<readonly MemoryRecord[]> => {
  const changes: Changes = new Map();
  const declines = await match(db, cards, changes);
  await applied(db, changes);
  return declines;
};

/** To be run in a transaction. A repeat changes nothing, except that it may bring the comment that was missing. */
export const insertFeedback = async (
  db: Kysely<Tables>,
  client: string,
  service: string,
  items: readonly FeedbackRecord[],
  receivedAt: Date,
): Promise<readonly MemoryRecord[]> => {
  const rows = new Map<string, ReturnType<typeof feedbackRow>>();
  for (const item of items) {
    const row = feedbackRow(client, service, item, receivedAt);
    const earlier = rows.get(row.fingerprint);
    if (earlier?.user_comment == null) rows.set(row.fingerprint, row);
  }
  const ordered = [...rows.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const changes: Changes = new Map();
  for (const part of inParts(ordered)) {
    const inserted = await db
      .insertInto('feedback')
      .values([...part])
      .onConflict((conflict) => conflict.column('fingerprint').doNothing())
      .returning('fingerprint')
      .execute();
    const isNew = new Set(inserted.map(({ fingerprint }) => fingerprint));
    for (const row of part) {
      if (isNew.has(row.fingerprint)) change(changes, { ...row, rule: UNMATCHED }, 1);
      else if (row.user_comment != null) {
        await db
          .updateTable('feedback')
          .set({ user_comment: row.user_comment })
          .where('fingerprint', '=', row.fingerprint)
          .where('user_comment', 'is', null)
          .execute();
      }
    }
  }
  const declines = await match(db, [...new Set(ordered.map(({ card }) => card))], changes);
  await applied(db, changes);
  return declines;
};

/**
 * To be run in a transaction, now and then: a card and its feedback that two instances wrote at the same moment have not
 * seen each other.
 */
export const matchLate = async (db: Kysely<Tables>, since: Date): Promise<readonly MemoryRecord[]> => {
  const late = await db
    .selectFrom('feedback')
    .innerJoin('cards', (join) =>
      join.onRef('cards.card', '=', 'feedback.card').onRef('cards.client', '=', 'feedback.client'),
    )
    .select('feedback.card')
    .where('feedback.rule', 'is', null)
    .where('feedback.received_at', '>=', since.toISOString())
    .execute();
  return matchCards(db, [...new Set(late.map(({ card }) => card))]);
};

/** Counts of all clients together. */
export const countFeedback = async (db: Kysely<Tables>): Promise<readonly FeedbackCount[]> => {
  const columns = ['rule', 'service', 'outcome', 'reason'] as const;
  const rows = await db
    .selectFrom('feedback_counts')
    .select([...columns, sql<string | number>`sum(count)`.as('count')])
    .groupBy(columns)
    .orderBy('rule')
    .orderBy('service')
    .orderBy('outcome')
    .orderBy('reason')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) })).filter(({ count }) => count > 0);
};
