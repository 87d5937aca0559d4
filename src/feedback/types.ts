import type { FeedbackItem } from '../cds-hooks/types.js';

/** A card that was shown: what joins later feedback to the rule. Holds no patient identifier. */
export interface CardRecord {
  readonly card: string;
  readonly service: string;
  readonly hook: string;
  readonly hookInstance: string;
  readonly rule: string;
  readonly ruleVersion: string;
  readonly recommendations: readonly string[];
  readonly outcome: 'fires' | 'unknown';
  /** The uuids of its suggestions. */
  readonly suggestions: readonly string[];
  /** Keyed hash of patient, rule and facts. */
  readonly subjectKey?: string;
  readonly issuedAt: Date;
}

/** One item of a feedback body, as `readFeedback` gives it: timestamp in UTC with milliseconds. */
export type FeedbackRecord = FeedbackItem;

/** How often a rule's cards were accepted, or overridden for a reason. */
export interface FeedbackCount {
  /** `unmatched` when the card is not one of ours, or was forgotten. */
  readonly rule: string;
  readonly service: string;
  readonly outcome: 'accepted' | 'overridden';
  /** The reason's code; '' when none was given. */
  readonly reason: string;
  readonly count: number;
}

/** One hook call, for the audit. Holds no patient identifier. */
export interface AuditRecord {
  readonly time: Date;
  readonly issuer?: string;
  readonly tenant?: string;
  readonly hook: string;
  readonly hookInstance: string;
  readonly service: string;
  /** Outcome by rule id. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Time taken, in ms. */
  readonly ms: number;
}

/** From `from` (included) to `to` (excluded), at most `limit` records. */
export interface AuditRange {
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
}

/** What is older than these is removed; what is not named is kept. */
export interface Retention {
  readonly cardsBefore?: Date;
  readonly commentsBefore?: Date;
  readonly auditBefore?: Date;
}

/** State of the queue of cards and audit records that still have to be written. */
export interface QueueCounts {
  readonly waiting: number;
  /** Records given up: the queue was full, or the store refused them too often. */
  readonly dropped: number;
  /** Writes that failed; they are tried again. */
  readonly faults: number;
}

/** The durable store. What rejects, rejects with StoreError; nothing is then half-written. */
export interface Store {
  /** Never throws and never waits: the cards are queued and written in batches. */
  readonly recordCards: (cards: readonly CardRecord[]) => void;
  /** Resolves when all items are on disk. Each item is stored once, however often it is sent (FB-14). */
  readonly saveFeedback: (service: string, items: readonly FeedbackRecord[]) => Promise<void>;
  readonly feedbackCounts: () => Promise<readonly FeedbackCount[]>;
  /** True for the first use of (issuer, jti) across all instances, false for every later one. */
  readonly firstUse: (issuer: string, jti: string, expiresAt: Date) => Promise<boolean>;
  /** Those of the keys whose card was overridden at or after `since`. */
  readonly overriddenSince: (subjectKeys: readonly string[], since: Date) => Promise<ReadonlySet<string>>;
  /** Never throws and never waits, as `recordCards`. */
  readonly appendAudit: (record: AuditRecord) => void;
  /** Oldest first, read in pages. */
  readonly auditRecords: (range: AuditRange) => AsyncIterable<AuditRecord>;
  readonly purge: (retention: Retention) => Promise<void>;
  /** Whether a write reaches the disk now. Never rejects. */
  readonly writable: () => Promise<boolean>;
  readonly queueCounts: () => QueueCounts;
  /** Writes what is queued, as far as the store allows, then closes. */
  readonly close: () => Promise<void>;
}

export interface StoreOptions {
  /** `file:./path` or `postgres://…`. */
  readonly url: string;
  readonly clock: () => Date;
  /** Largest size of the embedded file, in SQLite pages of 4 kB; without it, the disk is the limit. */
  readonly maxPages?: number;
  /** How long a write waits for a lock held by another process, in ms; 2000 when absent. */
  readonly lockWaitMs?: number;
  /** Time between two writes of the queue, in ms; 200 when absent. */
  readonly flushEveryMs?: number;
  /** Records that may wait; further ones are dropped and counted. 20 000 when absent. */
  readonly queueCapacity?: number;
}
