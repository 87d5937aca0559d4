import { createHash } from 'node:crypto';
import type { Insertable, Selectable } from 'kysely';
import type { Tables } from './schema.js';
import { timeOrderedId } from './time-ordered-id.js';
import type { AuditRecord, CardRecord, FeedbackRecord, MemoryRecord } from './types.js';

/** Characters kept of a comment. */
const LONGEST_COMMENT = 4000;

/** Characters kept of what a caller names: a user, a hook instance. */
const LONGEST_NAME = 500;

/** PostgreSQL refuses U+0000 in a text; it carries no meaning. */
const storable = (text: string): string => text.replaceAll('\u0000', '');

const name = (text: string): string => storable(text.slice(0, LONGEST_NAME));

const optional = (text: string | undefined): string | null => (text === undefined ? null : name(text));

/** One fixed-size key for several texts, unambiguous about where each ends. */
export const keyOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** A card as its row; times in UTC, lists as JSON. Without a key nobody knows whether it was said before. */
export const cardRow = (card: CardRecord, saidBefore: boolean): Insertable<Tables['cards']> => ({
  card: card.card,
  client: storable(card.client),
  service: card.service,
  hook: card.hook,
  hook_instance: name(card.hookInstance),
  rule: card.rule,
  rule_version: card.ruleVersion,
  recommendations: JSON.stringify(card.recommendations),
  indicator: card.indicator,
  outcome: card.outcome,
  unchecked: JSON.stringify(card.unchecked),
  state: card.state,
  shadow: card.shadow ? 1 : 0,
  suggestions: JSON.stringify(card.suggestions),
  patient_key: card.keys?.patientKey ?? null,
  subject_key: card.keys?.subjectKey ?? null,
  user_key: card.keys?.userKey ?? null,
  encounter_key: card.keys?.encounterKey ?? null,
  said_before: card.keys === undefined ? null : Number(saidBefore),
  issued_at: card.issuedAt.toISOString(),
});

/** Texts are no part of the fingerprint: nothing derived from a comment may outlive its retention. */
export const feedbackRow = (
  client: string,
  service: string,
  item: FeedbackRecord,
  receivedAt: Date,
): Insertable<Tables['feedback']> => {
  const accepted = item.outcome === 'accepted' ? item.acceptedSuggestions.map(({ id }) => storable(id)) : [];
  const suggestions = JSON.stringify([...new Set(accepted)].sort());
  const given = item.outcome === 'overridden' ? item.overrideReason : undefined;
  const code = storable(given?.reason?.code ?? '');
  const system = given?.reason?.system === undefined ? null : storable(given.reason.system);
  return {
    fingerprint: keyOf(
      client,
      item.card,
      item.outcome,
      item.outcomeTimestamp,
      suggestions,
      code,
      system ?? '',
    ),
    client: storable(client),
    service: storable(service),
    card: storable(item.card),
    outcome: item.outcome,
    outcome_timestamp: item.outcomeTimestamp,
    suggestions,
    reason_code: code,
    reason_system: system,
    reason_display: optional(given?.reason?.display),
    reason: item.countedAs,
    reach: item.reach,
    user_comment:
      given?.userComment === undefined ? null : storable(given.userComment.slice(0, LONGEST_COMMENT)),
    rule: null,
    received_at: receivedAt.toISOString(),
  };
};

/** What is remembered, as its row. */
export const memoryRow = (record: MemoryRecord): Insertable<Tables['memory']> => ({
  kind: record.kind,
  client: storable(record.client),
  patient_key: record.patientKey,
  subject_key: record.subjectKey,
  user_key: record.userKey ?? null,
  encounter_key: record.encounterKey ?? null,
  at: record.at.toISOString(),
});

/** A row of the memory as its record; undefined for one that only tells that rows are gone. */
export const memoryRecord = (row: Selectable<Tables['memory']>): MemoryRecord | undefined =>
  row.kind === 'purged'
    ? undefined
    : {
        kind: row.kind,
        client: row.client,
        patientKey: row.patient_key,
        subjectKey: row.subject_key,
        ...(row.user_key === null ? {} : { userKey: row.user_key }),
        ...(row.encounter_key === null ? {} : { encounterKey: row.encounter_key }),
        at: new Date(row.at),
      };

/** An audit record as its row, with an id that grows with time. */
export const auditRow = (record: AuditRecord): Insertable<Tables['audit']> => ({
  id: timeOrderedId(record.time),
  kind: record.kind,
  time: record.time.toISOString(),
  issuer: record.issuer === undefined ? null : storable(record.issuer),
  tenant: optional(record.tenant),
  user_ref: optional(record.user),
  patient: optional(record.patient),
  patient_key: record.patientKey ?? null,
  endpoint: record.endpoint,
  hook: name(record.hook),
  hook_instance: name(record.hookInstance),
  service: name(record.service),
  outcomes: JSON.stringify(record.outcomes),
  status: record.status,
  code: record.code ?? null,
  ms: record.ms,
  times: record.times,
});

const outcomesOf = (text: string): Readonly<Record<string, string>> => {
  const value: unknown = JSON.parse(text);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([rule, outcome]) => [rule, String(outcome)]));
};

/** An audit row as its record again. */
export const auditRecord = (row: Selectable<Tables['audit']>): AuditRecord => ({
  kind: row.kind,
  time: new Date(row.time),
  ...(row.issuer === null ? {} : { issuer: row.issuer }),
  ...(row.tenant === null ? {} : { tenant: row.tenant }),
  ...(row.user_ref === null ? {} : { user: row.user_ref }),
  ...(row.patient === null ? {} : { patient: row.patient }),
  ...(row.patient_key === null ? {} : { patientKey: row.patient_key }),
  endpoint: row.endpoint,
  hook: row.hook,
  hookInstance: row.hook_instance,
  service: row.service,
  outcomes: outcomesOf(row.outcomes),
  status: row.status,
  ...(row.code === null ? {} : { code: row.code }),
  ms: row.ms,
  times: row.times,
});

/** A list that is kept as JSON. */
export const listOf = (text: string): readonly string[] => {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : [];
};
