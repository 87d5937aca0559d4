import { createHash } from 'node:crypto';
import type { Insertable, Selectable } from 'kysely';
import type { Tables } from './schema.js';
import { timeOrderedId } from './time-ordered-id.js';
import type { AuditRecord, CardRecord, FeedbackRecord } from './types.js';

/** Characters kept of a comment. */
const LONGEST_COMMENT = 4000;

/** PostgreSQL refuses U+0000 in a text; it carries no meaning. */
const storable = (text: string): string => text.replaceAll('\u0000', '');

const optional = (text: string | undefined): string | null => (text === undefined ? null : storable(text));

/** One fixed-size key for several texts, unambiguous about where each ends. */
export const keyOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** A shown card as its row; times in UTC, lists as JSON. */
export const cardRow = (card: CardRecord): Insertable<Tables['cards']> => ({
  card: card.card,
  service: card.service,
  hook: card.hook,
  hook_instance: storable(card.hookInstance),
  rule: card.rule,
  rule_version: card.ruleVersion,
  recommendations: JSON.stringify(card.recommendations),
  outcome: card.outcome,
  suggestions: JSON.stringify(card.suggestions),
  subject_key: card.subjectKey ?? null,
  issued_at: card.issuedAt.toISOString(),
});

/** The comment is no part of the fingerprint: nothing derived from it may outlive its retention. */
export const feedbackRow = (
  service: string,
  item: FeedbackRecord,
  receivedAt: Date,
): Insertable<Tables['feedback']> => {
  const accepted = item.outcome === 'accepted' ? item.acceptedSuggestions.map(({ id }) => storable(id)) : [];
  const suggestions = JSON.stringify([...new Set(accepted)].sort());
  const given = item.outcome === 'overridden' ? item.overrideReason : undefined;
  const code = storable(given?.reason?.code ?? '');
  const system = optional(given?.reason?.system);
  return {
    fingerprint: keyOf(item.card, item.outcome, item.outcomeTimestamp, suggestions, code, system ?? ''),
    service: storable(service),
    card: storable(item.card),
    outcome: item.outcome,
    outcome_timestamp: item.outcomeTimestamp,
    suggestions,
    reason_code: code,
    reason_system: system,
    reason_display: optional(given?.reason?.display),
    user_comment: optional(given?.userComment?.slice(0, LONGEST_COMMENT)),
    rule: null,
    subject_key: null,
    received_at: receivedAt.toISOString(),
  };
};

/** An audit record as its row, with an id that grows with time. */
export const auditRow = (record: AuditRecord): Insertable<Tables['audit']> => ({
  id: timeOrderedId(record.time),
  time: record.time.toISOString(),
  issuer: optional(record.issuer),
  tenant: optional(record.tenant),
  hook: storable(record.hook),
  hook_instance: storable(record.hookInstance),
  service: storable(record.service),
  outcomes: JSON.stringify(record.outcomes),
  status: record.status,
  ms: record.ms,
});

const outcomesOf = (text: string): Readonly<Record<string, string>> => {
  const value: unknown = JSON.parse(text);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([rule, outcome]) => [rule, String(outcome)]));
};

/** An audit row as its record again. */
export const auditRecord = (row: Selectable<Tables['audit']>): AuditRecord => ({
  time: new Date(row.time),
  ...(row.issuer === null ? {} : { issuer: row.issuer }),
  ...(row.tenant === null ? {} : { tenant: row.tenant }),
  hook: row.hook,
  hookInstance: row.hook_instance,
  service: row.service,
  outcomes: outcomesOf(row.outcomes),
  status: row.status,
  ms: row.ms,
});
