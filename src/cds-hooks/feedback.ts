import { bounds } from '../bounds.js';
import { DEEPEST_BODY, isAbsent, isDeeperThan, isList, member, wellFormed } from './json-value.js';
import type { Problem } from './outcome.js';
import { feedbackSchema } from './schemas/feedback.js';
import type { FeedbackItem, FeedbackReason } from './types.js';
import { ajv, problemsOf } from './validation.js';
import { isObject } from '../json.js';

/** The outcome of reading a feedback body: all items, or everything that is wrong with it. */
export type FeedbackReading =
  | { readonly ok: true; readonly feedback: readonly FeedbackItem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What the schema guarantees. */
interface CheckedItem {
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  readonly outcomeTimestamp: string;
  readonly acceptedSuggestions?: readonly { readonly id: string }[];
  readonly overrideReason?: FeedbackReason;
}

const validate = ajv.compile<{ readonly feedback: readonly CheckedItem[] }>(feedbackSchema);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Our uuids are lower-case; a client that upper-cases them must still match its card. */
function canonical(id: unknown): unknown {
  return typeof id === 'string' && UUID.test(id) ? id.toLowerCase() : id;
}

function pick(record: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) {
    const value = member(record, name);
    if (!isAbsent(value)) picked[name] = typeof value === 'string' ? wellFormed(value) : value;
  }
  return picked;
}

function readReason(raw: unknown): unknown {
  if (!isObject(raw)) return raw;
  const picked = pick(raw, ['reason', 'userComment']);
  const { reason } = picked;
  return isObject(reason) ? { ...picked, reason: pick(reason, ['code', 'system', 'display']) } : picked;
}

function readSuggestion(raw: unknown): unknown {
  return isObject(raw) ? { id: canonical(member(raw, 'id')) } : raw;
}

/** Only what the outcome calls for is read: a stray reason on an accepted card says nothing. */
function readItem(raw: unknown): unknown {
  if (!isObject(raw)) return raw;
  const read = pick(raw, ['card', 'outcome', 'outcomeTimestamp']);
  const { card, outcomeTimestamp } = read;
  if (card !== undefined) read['card'] = canonical(card);
  if (typeof outcomeTimestamp === 'string') read['outcomeTimestamp'] = outcomeTimestamp.toUpperCase();
  if (read['outcome'] === 'accepted') {
    const accepted = member(raw, 'acceptedSuggestions');
    if (!isAbsent(accepted)) {
      read['acceptedSuggestions'] = isList(accepted)
        ? accepted.slice(0, bounds.feedbackItems + 1).map(readSuggestion)
        : accepted;
    }
  } else {
    const reason = member(raw, 'overrideReason');
    if (isObject(reason) || !isAbsent(reason)) read['overrideReason'] = readReason(reason);
  }
  return read;
}

/** A leap second, which JavaScript dates do not know, is read as the second before it. */
function inUtc(timestamp: string): string {
  return new Date(timestamp.replace(/:60(?=[.Z+-])/, ':59')).toISOString();
}

function checkedItem(item: CheckedItem): FeedbackItem {
  const base = { card: item.card, outcomeTimestamp: inUtc(item.outcomeTimestamp) };
  if (item.outcome === 'accepted') {
    return { ...base, outcome: 'accepted', acceptedSuggestions: item.acceptedSuggestions ?? [] };
  }
  const { overrideReason } = item;
  return overrideReason === undefined
    ? { ...base, outcome: 'overridden' }
    : { ...base, outcome: 'overridden', overrideReason };
}

function refused(reason: 'structure' | 'too-long', path: string, message: string): FeedbackReading {
  return { ok: false, problems: [{ code: 'REQUEST_INVALID', reason, path, message }] };
}

/**
 * Reads the body of `POST /cds-services/{id}/feedback` (CDS Hooks 2.0.1 "Feedback"). All or nothing: one bad item
 * refuses the body, and each problem names the item's index. `feedback: []` is valid and says nothing; repeats are
 * kept. An empty `overrideReason` is refused (FB-11), though null and "" are absent. Timestamps come back in UTC with milliseconds. A reason may lack its system (FB-10).
 */
export function readFeedback(body: unknown): FeedbackReading {
  if (!isObject(body)) return refused('structure', '', 'The body must be a JSON object');
  if (isDeeperThan(body, DEEPEST_BODY)) {
    return refused('structure', '', `The body must not be nested deeper than ${DEEPEST_BODY} levels`);
  }
  const raw = member(body, 'feedback');
  if (isList(raw) && raw.length > bounds.feedbackItems) {
    return refused(
      'too-long',
      'feedback',
      `feedback must be an array of at most ${bounds.feedbackItems} items`,
    );
  }
  const candidate: unknown =
    raw === undefined || raw === null ? {} : { feedback: isList(raw) ? raw.map(readItem) : raw };
  if (!validate(candidate)) {
    return { ok: false, problems: problemsOf(validate.errors ?? [], 'REQUEST_INVALID') };
  }
  return { ok: true, feedback: candidate.feedback.map(checkedItem) };
}
