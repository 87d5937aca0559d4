import { sql, type Kysely } from 'kysely';
import type { Tables } from './schema.js';

type Kind = 'sqlite' | 'postgres';

interface Migration {
  readonly name: string;
  readonly statements: readonly (string | ((kind: Kind) => string))[];
}

const growingNumber = (kind: Kind): string =>
  kind === 'sqlite' ? 'integer primary key autoincrement' : 'bigint generated always as identity primary key';

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
  {
    // Cards, feedback and what is remembered belong to a client. Of a card that is there already the audit knows which one
    // asked; where it does not, nobody's feedback joins it any more. Keys were made without the client: they go.
    name: '2026-12-clients',
    statements: [
      `alter table cards add column client text not null default ''`,
      `alter table cards add column indicator text not null default ''`,
      `alter table cards add column unchecked text not null default '[]'`,
      `alter table cards add column state text not null default 'shown'`,
      'alter table cards add column shadow integer not null default 0',
      'alter table cards add column patient_key text',
      'alter table cards add column user_key text',
      'alter table cards add column encounter_key text',
      'create index audit_call on audit (hook_instance, service)',
      `update cards set subject_key = null, client = coalesce((select min(audit.issuer) from audit
        where audit.hook_instance = cards.hook_instance and audit.service = cards.service
        having count(distinct audit.issuer) = 1), '')`,
      'drop index audit_call',
      'drop index feedback_subject_key',
      'alter table feedback drop column subject_key',
      `alter table feedback add column client text not null default ''`,
      `alter table feedback add column reason text not null default ''`,
      `alter table feedback add column reach text not null default 'user'`,
      `update feedback set reason = reason_code,
        client = coalesce((select cards.client from cards where cards.card = feedback.card), ''),
        rule = coalesce(rule, (select cards.rule from cards where cards.card = feedback.card))`,
      `create table feedback_counts (client text not null, rule text not null, service text not null,
        outcome text not null, reason text not null, count bigint not null,
        primary key (client, rule, service, outcome, reason))`,
      `insert into feedback_counts select client, coalesce(rule, 'unmatched'), service, outcome, reason, count(*)
        from feedback group by client, coalesce(rule, 'unmatched'), service, outcome, reason`,
      'create index feedback_unmatched on feedback (received_at) where rule is null',
      (kind) => `create table memory (seq ${growingNumber(kind)}, kind text not null, client text not null,
        patient_key text not null, subject_key text not null, user_key text, encounter_key text,
        at text not null)`,
      'create index memory_at on memory (at)',
      'create table fhir_bases (client text not null, base text not null, primary key (client, base))',
      `alter table audit add column kind text not null default 'call'`,
      `alter table audit add column endpoint text not null default 'hook'`,
      'alter table audit add column user_ref text',
      'alter table audit add column patient text',
      'alter table audit add column patient_key text',
      'alter table audit add column code text',
      'alter table audit add column times integer not null default 1',
      'create table instances (id text primary key, seen_at text not null, stopped_at text)',
      'alter table probe add column filler text',
    ],
  },
  {
    // Asked as a card is written: the key by which it is known again is gone after some weeks.
    name: '2026-12-said-before',
    statements: [
      'alter table cards add column said_before integer',
      'create index cards_said on cards (subject_key) where subject_key is not null',
    ],
  },
];

/** Names of all migrations, in their order: what a store of this version has gone through. */
export const migrationNames: readonly string[] = MIGRATIONS.map(({ name }) => name);

/** Any number that no other user of the database takes. */
const ADVISORY_LOCK = 7_203_114;

/**
 * Brings the tables to the present form, in one transaction that only one instance can be in. Kysely's own
 * Migrator takes no lock on SQLite, so two workers that start together would both run it.
 */
export const migrate = async (db: Kysely<Tables>, kind: Kind, at: Date): Promise<void> => {
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
        for (const statement of statements)
          await run(typeof statement === 'string' ? statement : statement(kind));
        const row = { name, applied_at: at.toISOString() };
        await connection.insertInto('migrations').values(row).execute();
      }
      await run('commit');
    } catch (error) {
      await run('rollback').catch(() => undefined);
      throw error;
    }
  });
};
