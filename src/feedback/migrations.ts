import { sql, type Kysely } from 'kysely';
import type { Tables } from './schema.js';

interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Forward only: a published migration is never edited, a change is a further one at the end. */
const MIGRATIONS: readonly Migration[] = [
  {
    name: '2026-11-first-tables',
    statements: [
      `create table cards (card text primary key, service text not null, hook text not null,
        hook_instance text not null, rule text not null, rule_version text not null,
        recommendations text not null, outcome text not null, suggestions text not null,
        subject_key text, issued_at text not null)`,
      'create index cards_issued_at on cards (issued_at)',
      'create index cards_subject_key on cards (subject_key)',
      `create table feedback (fingerprint text primary key, service text not null, card text not null,
        outcome text not null, outcome_timestamp text not null, suggestions text not null,
        reason_code text not null, reason_system text, reason_display text, user_comment text,
        rule text, received_at text not null)`,
      'create index feedback_card on feedback (card)',
      'create table used_tokens (token text primary key, expires_at text not null)',
      'create index used_tokens_expires_at on used_tokens (expires_at)',
      `create table audit (id text primary key, time text not null, issuer text, tenant text,
        hook text not null, hook_instance text not null, service text not null, outcomes text not null,
        status integer not null, ms double precision not null)`,
      'create index audit_time on audit (time, id)',
      'create table probe (id integer primary key, at text not null)',
    ],
  },
  {
    // A chart is opened hundreds of times: looking through all cards that were ever shown would grow without end.
    name: '2026-11-overrides-by-subject',
    statements: [
      'alter table feedback add column subject_key text',
      `update feedback set subject_key =
        (select cards.subject_key from cards where cards.card = feedback.card)`,
      'create index feedback_subject_key on feedback (subject_key)',
      'drop index cards_subject_key',
    ],
  },
];

/** Any number that no other user of the database takes. */
const ADVISORY_LOCK = 7_203_114;

/**
 * Brings the tables to the present form, in one transaction that only one instance can be in. Kysely's own
 * Migrator takes no lock on SQLite, so two workers that start together would both run it.
 */
export const migrate = async (
  db: Kysely<Tables>,
  kind: 'sqlite' | 'postgres',
  clock: () => Date,
): Promise<void> => {
  await db.connection().execute(async (connection) => {
    const run = (statement: string) => sql.raw(statement).execute(connection);
    await run(kind === 'sqlite' ? 'begin immediate' : 'begin');
    try {
      if (kind === 'postgres') await run(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`);
      await run('create table if not exists migrations (name text primary key, applied_at text not null)');
      const applied = await connection.selectFrom('migrations').select('name').execute();
      const names = new Set(applied.map(({ name }) => name));
      for (const { name, statements } of MIGRATIONS) {
        if (names.has(name)) continue;
        for (const statement of statements) await run(statement);
        const row = { name, applied_at: clock().toISOString() };
        await connection.insertInto('migrations').values(row).execute();
      }
      await run('commit');
    } catch (error) {
      await run('rollback').catch(() => undefined);
      throw error;
    }
  });
};
