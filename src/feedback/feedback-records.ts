import { sql, type Kysely } from 'kysely';
import { builtOnce } from './built-once.js';
import { feedbackRow } from './rows.js';
import type { Tables } from './schema.js';
import type { FeedbackCount, FeedbackRecord, Retention } from './types.js';

/** Below the number of parameters that a statement may have on SQLite (32 766). */
const ROWS_PER_STATEMENT = 500;

const chunksOf = <T>(items: readonly T[], size = ROWS_PER_STATEMENT): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** To be run in a transaction. A repeat changes nothing, except that it may bring the comment that was missing. */
export const insertFeedback = async (
  db: Kysely<Tables>,
  service: string,
  items: readonly FeedbackRecord[],
  receivedAt: Date,
): Promise<void> => {
  const rows = new Map<string, ReturnType<typeof feedbackRow>>();
  for (const item of items) {
    const row = feedbackRow(service, item, receivedAt);
    const earlier = rows.get(row.fingerprint);
    if (earlier?.user_comment == null) rows.set(row.fingerprint, row);
  }
  // One order for all writers, so that two of them can never wait for each other.
  const ordered = [...rows.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  for (const chunk of chunksOf(ordered)) {
    await db
      .insertInto('feedback')
      .values([...chunk])
      .onConflict((conflict) =>
        conflict.column('fingerprint').doUpdateSet({
          user_comment: sql<string | null>`coalesce(feedback.user_comment, excluded.user_comment)`,
        }),
      )
      .execute();
    await keepSubjects(
      db,
      chunk.map(({ card }) => card),
    );
  }
};

/** To be run in a transaction. The card may be written before its feedback or after it, by another instance. */
export const keepSubjects = async (db: Kysely<Tables>, cards: readonly string[]): Promise<void> => {
  await db
    .updateTable('feedback')
    .set((update) => ({
      subject_key: update
        .selectFrom('cards')
        .select('cards.subject_key')
        .whereRef('cards.card', '=', 'feedback.card')
        .limit(1),
    }))
    .where('feedback.card', 'in', cards)
    .where('feedback.subject_key', 'is', null)
    .execute();
};

/** The rule is looked up when counting: the card may be written after its feedback, by another instance. */
export const countFeedback = async (db: Kysely<Tables>): Promise<readonly FeedbackCount[]> => {
  const rule = sql<string>`coalesce(feedback.rule, cards.rule, 'unmatched')`;
  const rows = await db
    .selectFrom('feedback')
    .leftJoin('cards', 'cards.card', 'feedback.card')
    .select(['feedback.service', 'feedback.outcome', 'feedback.reason_code as reason'])
    .select([rule.as('rule'), sql<string | number>`count(*)`.as('count')])
    .groupBy([rule, 'feedback.service', 'feedback.outcome', 'feedback.reason_code'])
    .orderBy('rule')
    .orderBy('feedback.service')
    .orderBy('feedback.outcome')
    .orderBy('feedback.reason_code')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
};

/**
 * Makes the look-up of overridden subjects for one database, whose dialect its statements are built in. Both clocks must
 * say "since": an EHR whose clock runs ahead must not silence a card for longer.
 */
export const overriddenLookup = (): ((
  db: Kysely<Tables>,
  subjectKeys: readonly string[],
  since: Date,
) => Promise<ReadonlySet<string>>) => {
  const among = builtOnce((db, keys: string[]) =>
    db
      .selectFrom('feedback')
      .select('subject_key')
      .distinct()
      .where('subject_key', 'in', keys)
      .where('outcome', '=', 'overridden')
      .where('outcome_timestamp', '>=', '')
      .where('received_at', '>=', ''),
  );
  return async (db, subjectKeys, since) => {
    const found = new Set<string>();
    for (const keys of chunksOf([...new Set(subjectKeys)])) {
      const parameters = [...keys, 'overridden', since.toISOString(), since.toISOString()];
      const { rows } = await db.executeQuery<Pick<Tables['feedback'], 'subject_key'>>({
        ...among(db, keys),
        parameters,
      });
      for (const { subject_key: key } of rows) if (key !== null) found.add(key);
    }
    return found;
  };
};

/** To be run in a transaction. A forgotten card leaves its rule with its feedback, so that the counts never fall. */
export const removeOld = async (db: Kysely<Tables>, retention: Retention): Promise<void> => {
  const { cardsBefore, commentsBefore, auditBefore } = retention;
  if (commentsBefore !== undefined) {
    await db
      .updateTable('feedback')
      .set({ user_comment: null })
      .where('received_at', '<', commentsBefore.toISOString())
      .where('user_comment', 'is not', null)
      .execute();
  }
  if (cardsBefore !== undefined) {
    const before = cardsBefore.toISOString();
    await db
      .updateTable('feedback')
      .set((update) => ({
        rule: update
          .selectFrom('cards')
          .select('cards.rule')
          .whereRef('cards.card', '=', 'feedback.card')
          .limit(1),
      }))
      .where('feedback.rule', 'is', null)
      .where('feedback.card', 'in', (old) =>
        old.selectFrom('cards').select('cards.card').where('cards.issued_at', '<', before),
      )
      .execute();
    await db
      .updateTable('feedback')
      .set({ subject_key: null })
      .where('feedback.subject_key', 'is not', null)
      .where('feedback.card', 'in', (old) =>
        old.selectFrom('cards').select('cards.card').where('cards.issued_at', '<', before),
      )
      .execute();
    await db.deleteFrom('cards').where('issued_at', '<', before).execute();
  }
  if (auditBefore !== undefined) {
    await db.deleteFrom('audit').where('time', '<', auditBefore.toISOString()).execute();
  }
};
