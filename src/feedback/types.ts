import type { FeedbackItem, Indicator } from '../cds-hooks/types.js';

/** What became of a card: shown; named in a line of another one; said before; kept away because it was declined. */
export type CardState = 'shown' | 'folded' | 'repeated' | 'declined';

/** Keyed hashes by which a card is known again. No patient and no user can be read from them. */
export interface CardKeys {
  readonly patientKey: string;
  /** Of the patient and of what the card says about which facts. */
  readonly subjectKey: string;
  readonly userKey?: string;
  readonly encounterKey?: string;
}

/** A card that was made: what joins later feedback to its rule, and what a report is made of. */
export interface CardRecord {
  readonly card: string;
  /** Issuer of the client that asked; '' where none is known. */
  readonly client: string;
  readonly service: string;
  readonly hook: string;
  readonly hookInstance: string;
  readonly rule: string;
  readonly ruleVersion: string;
  readonly recommendations: readonly string[];
  readonly indicator: Indicator;
  readonly outcome: 'fires' | 'unknown';
  /** Prefetch keys of guards that could not be read. */
  readonly unchecked: readonly string[];
  readonly state: CardState;
  /** The client was answered without cards, as it only tries the service out. */
  readonly shadow: boolean;
  /** The uuids of its suggestions. */
  readonly suggestions: readonly string[];
  readonly keys?: CardKeys;
  readonly issuedAt: Date;
}

/** A shown card as a report reads it, with the last feedback on it. */
export interface CardHistory extends Omit<CardRecord, 'keys' | 'suggestions' | 'hookInstance'> {
  /** Whether the same was said of the patient before, as long as that is remembered; absent where nobody looked. */
  readonly saidBefore?: boolean;
  readonly feedback?: {
    readonly outcome: 'accepted' | 'overridden';
    /** Own code of the reason; '' when none was given, `other` when it is none of ours. */
    readonly reason: string;
    readonly at: Date;
  };
}

/**
 * That a card was shown to a user, or declined for a user (all users where `userKey` is absent). Belongs to one client,
 * as its keys do.
 */
export interface MemoryRecord {
  readonly kind: 'shown' | 'declined';
  readonly client: string;
  readonly patientKey: string;
  readonly subjectKey: string;
  readonly userKey?: string;
  readonly encounterKey?: string;
  readonly at: Date;
}

/** A card that was declined. */
export interface Decline {
  /** Absent: it holds for all users. */
  readonly userKey?: string;
  readonly encounterKey?: string;
  readonly at: Date;
}

/** What is remembered of cards, in the memory of this process: asking it takes no time and cannot fail. */
export interface Memory {
  readonly declinesOf: (subjectKey: string) => readonly Decline[];
  /** When the card was last shown to the user. */
  readonly shownAt: (userKey: string, subjectKey: string) => Date | undefined;
}

/** Whom a dismissal speaks for: a fact about the patient holds for all users, anything else for who dismissed it. */
export type Reach = 'patient' | 'user';

/** One item of a feedback body, as `readFeedback` gives it, with what its reason means here. */
export type FeedbackRecord = FeedbackItem & {
  /** Own code of the reason; '' when none was given, `other` when it is none of ours. */
  readonly countedAs: string;
  readonly reach: Reach;
};

/** How often a rule's cards were accepted, or overridden for a reason. */
export interface FeedbackCount {
  /** `unmatched` when the card is not one of this client's. */
  readonly rule: string;
  readonly service: string;
  readonly outcome: 'accepted' | 'overridden';
  readonly reason: string;
  readonly count: number;
}

/** What a record of the audit is about: a call; records that are missing; the removal of a patient's records. */
export type AuditKind = 'call' | 'lost' | 'purged';

/** One call, for the audit. */
export interface AuditRecord {
  readonly kind: AuditKind;
  readonly time: Date;
  readonly issuer?: string;
  readonly tenant?: string;
  /** The user of the EHR, as the call names him: `Practitioner/…`. */
  readonly user?: string;
  /** `Patient/…`, only where the operator wants it in clear. */
  readonly patient?: string;
  readonly patientKey?: string;
  /** Where the call went: `hook`, `feedback`, `discovery`, `scores`, `extract`. */
  readonly endpoint: string;
  readonly hook: string;
  readonly hookInstance: string;
  readonly service: string;
  /** Outcome by rule id. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Code of a refusal. */
  readonly code?: string;
  /** Time taken, in ms. */
  readonly ms: number;
  /** How many calls, or lost or removed records, this one stands for. */
  readonly times: number;
}

/** All that is kept of one call; it is written as a whole or not at all. */
export interface CallRecord {
  readonly audit: AuditRecord;
  readonly cards: readonly CardRecord[];
  readonly memory: readonly MemoryRecord[];
  /** Normalised base of the FHIR server whose patient this is about; a purge needs to know which there were. */
  readonly fhirBase?: string;
}

/** From `from` (included) to `to` (excluded), at most `limit` records, of one client or of all. */
export interface RecordRange {
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
  readonly client?: string;
}

/** What is older than these is removed; what is not named is kept. */
export interface Retention {
  readonly cardsBefore?: Date;
  /** Comments and every other text that a user may have typed. */
  readonly textsBefore?: Date;
  readonly auditBefore?: Date;
  readonly declinesBefore?: Date;
  /** What was shown to whom, and the keys by which a card is known again. */
  readonly shownBefore?: Date;
}

/** The patient whose records are to be removed. */
export interface PatientToForget {
  readonly client: string;
  /** His keys, one for each FHIR server of the client. */
  readonly patientKeys: readonly string[];
  /** As the audit in clear has him. */
  readonly patient: string;
  /** Keys that begin otherwise were made with another secret. */
  readonly keyPrefix: string;
}

/** How many records were removed, and of how many it could not be told whether they are about the patient. */
export interface Forgotten {
  readonly audit: number;
  readonly cards: number;
  readonly feedback: number;
  readonly memory: number;
  readonly unreadable: number;
}

/** State of the queue of calls that still have to be written. */
export interface QueueCounts {
  readonly waiting: number;
  /** Records given up: the queue was full, or the store refused them too often. */
  readonly dropped: number;
  /** Writes that failed; they are tried again. */
  readonly faults: number;
}

/** The use of a token: hash of issuer and `jti`, and when the token ends. */
export interface TokenUse {
  readonly token: string;
  readonly expiresAt: Date;
}

/** The durable store. What rejects, rejects with StoreError, within a bounded time. */
export interface Store {
  /** Never throws and never waits: calls are queued and written in batches. */
  readonly recordCall: (call: CallRecord) => void;
  /**
   * Resolves when all items are on disk. Each item is stored once, however often it is sent (FB-14). Feedback on a card
   * of another client is that on an unknown card.
   */
  readonly saveFeedback: (client: string, service: string, items: readonly FeedbackRecord[]) => Promise<void>;
  readonly feedbackCounts: () => Promise<readonly FeedbackCount[]>;
  /** True for the first use of (issuer, jti) across all instances, false for every later one. */
  readonly firstUse: (issuer: string, jti: string, expiresAt: Date) => Promise<boolean>;
  readonly memory: Memory;
  /** Oldest first, read in pages. */
  readonly auditRecords: (range: RecordRange) => AsyncIterable<AuditRecord>;
  readonly cardHistory: (range: RecordRange) => AsyncIterable<CardHistory>;
  readonly purge: (retention: Retention) => Promise<void>;
  readonly forgetPatient: (patient: PatientToForget) => Promise<Forgotten>;
  /** Normalised bases of the FHIR servers that calls of the client named. */
  readonly fhirBases: (client: string) => Promise<readonly string[]>;
  /** Whether a write reaches the disk now. Never rejects. */
  readonly writable: () => Promise<boolean>;
  /** Whether calls go on without the store since it did not answer in time. */
  readonly isDegraded: () => boolean;
  readonly queueCounts: () => QueueCounts;
  /** Writes what is queued, as far as the store allows, then closes. */
  readonly close: () => Promise<void>;
}

/** Where the tables are, and how they are opened. */
export interface DatabaseOptions {
  /** `file:./path` or `postgres://…`. */
  readonly url: string;
  readonly openedAt: Date;
  /** Largest size of the embedded file, in SQLite pages of 4 kB; without it, the disk is the limit. */
  readonly maxPages?: number;
  /** How long a write waits for a lock held by another process, in ms; 2000 when absent. */
  readonly lockWaitMs?: number;
}

export interface StoreOptions extends Omit<DatabaseOptions, 'openedAt'> {
  readonly clock: () => Date;
  /** Time between two writes of the queue, in ms; 200 when absent. */
  readonly flushEveryMs?: number;
  /** Time between two looks at what other instances remember, in ms; 1000 when absent. */
  readonly lookEveryMs?: number;
  /** Calls that may wait; further ones are dropped and counted. 20 000 when absent. */
  readonly queueCapacity?: number;
  /** Told when calls begin to go on without the store, and when it answers again. */
  readonly onDegraded?: (degraded: boolean) => void;
}
