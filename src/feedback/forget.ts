import type { Kysely } from 'kysely';
import { inParts } from './built-once.js';
import type { Tables } from './schema.js';
import type { Forgotten, PatientToForget, Retention } from './types.js';

/** Reason codes that are none of ours may be what somebody typed in. */
const FOREIGN_REASON = 'other';

/** To be run in a transaction. Counts of feedback are kept apart and never fall. */
export const removeOld = async (db: Kysely<Tables>, retention: Retention): Promise<void> => {
  const { cardsBefore, textsBefore, auditBefore, declinesBefore, shownBefore } = retention;
  if (textsBefore !== undefined) {
    const before = textsBefore.toISOString();
    await db
      .updateTable('feedback')
      .set({ user_comment: null, reason_display: null })
      .where('received_at', '<', before)
      .where((where) =>
        where.or([where('user_comment', 'is not', null), where('reason_display', 'is not', null)]),
      )
      .execute();
    await db
      .updateTable('feedback')
      .set({ reason_code: '', reason_system: null })
      .where('received_at', '<', before)
      .where('reason', '=', FOREIGN_REASON)
      .where('reason_code', '<>', '')
      .execute();
  }
  if (cardsBefore !== undefined) {
    await db.deleteFrom('cards').where('issued_at', '<', cardsBefore.toISOString()).execute();
  }
  if (shownBefore !== undefined) {
    const before = shownBefore.toISOString();
    await db
      .updateTable('cards')
      .set({ patient_key: null, subject_key: null, user_key: null, encounter_key: null })
      .where('issued_at', '<', before)
      .where('patient_key', 'is not', null)
      .execute();
    await db.deleteFrom('memory').where('kind', '<>', 'declined').where('at', '<', before).execute();
  }
  if (declinesBefore !== undefined) {
    await db
      .deleteFrom('memory')
      .where('kind', '=', 'declined')
      .where('at', '<', declinesBefore.toISOString())
      .execute();
  }
  if (auditBefore !== undefined) {
    await db.deleteFrom('audit').where('time', '<', auditBefore.toISOString()).execute();
    await db.deleteFrom('instances').where('stopped_at', '<', auditBefore.toISOString()).execute();
  }
};

const sum = (counts: readonly bigint[]): number => Number(counts.reduce((all, each) => all + each, 0n));

/**
 * To be run in a transaction. Removes what is tied to the patient: audit records, cards, feedback on them, what is
 * remembered. Counts of feedback stay: nobody can be found in them. Instances that run are told to read again.
 */
export const removePatient = async (
  db: Kysely<Tables>,
  { client, patientKeys, patient, keyPrefix }: PatientToForget,
  now: Date,
): Promise<Forgotten> => {
  const keys = patientKeys.length === 0 ? [''] : [...patientKeys];
  const issuer = client === '' ? null : client;
  const cards = await db
    .selectFrom('cards')
    .select('card')
    .where('client', '=', client)
    .where('patient_key', 'in', keys)
    .execute();
  const feedback: bigint[] = [];
  for (const part of inParts(cards.map(({ card }) => card))) {
    const gone = await db
      .deleteFrom('feedback')
      .where('client', '=', client)
      .where('card', 'in', part)
      .executeTakeFirst();
    feedback.push(gone.numDeletedRows);
  }
  const ofCards = await db
    .deleteFrom('cards')
    .where('client', '=', client)
    .where('patient_key', 'in', keys)
    .executeTakeFirst();
  const ofMemory = await db
    .deleteFrom('memory')
    .where('client', '=', client)
    .where('patient_key', 'in', keys)
    .executeTakeFirst();
  const ofAudit = await db
    .deleteFrom('audit')
    .where('issuer', 'is not distinct from', issuer)
    .where((where) => where.or([where('patient_key', 'in', keys), where('patient', '=', patient)]))
    .executeTakeFirst();
  const othersOf = async (table: 'cards' | 'memory'): Promise<number> => {
    const { count } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<string | number>().as('count'))
      .where('client', '=', client)
      .where('patient_key', '<>', '')
      .where('patient_key', 'not like', `${keyPrefix}%`)
      .executeTakeFirstOrThrow();
    return Number(count);
  };
  const { count: audit } = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.countAll<string | number>().as('count'))
    .where('issuer', 'is not distinct from', issuer)
    .where('patient', 'is', null)
    .where('patient_key', 'not like', `${keyPrefix}%`)
    .executeTakeFirstOrThrow();
  const told = { client, patient_key: '', subject_key: '', user_key: null, encounter_key: null };
  await db
    .insertInto('memory')
    .values({ kind: 'purged', ...told, at: now.toISOString() })
    .execute();
  return {
    audit: sum([ofAudit.numDeletedRows]),
    cards: sum([ofCards.numDeletedRows]),
    feedback: sum(feedback),
    memory: sum([ofMemory.numDeletedRows]),
    unreadable: Number(audit) + (await othersOf('cards')) + (await othersOf('memory')),
  };
};
