import type { Generated } from 'kysely';
import type { AuditKind, CardState, Reach } from './types.js';

/** Times are ISO 8601 in UTC with milliseconds: they sort as text, alike on SQLite and PostgreSQL. */
export interface Tables {
  readonly cards: {
    readonly card: string;
    readonly client: string;
    readonly service: string;
    readonly hook: string;
    readonly hook_instance: string;
    readonly rule: string;
    readonly rule_version: string;
    readonly recommendations: string;
    readonly indicator: string;
    readonly outcome: string;
    readonly unchecked: string;
    readonly state: CardState;
    readonly shadow: number;
    readonly suggestions: string;
    readonly patient_key: string | null;
    readonly subject_key: string | null;
    readonly user_key: string | null;
    readonly encounter_key: string | null;
    /** Whether the same was said of the patient before; null where nobody looked. */
    readonly said_before: number | null;
    readonly issued_at: string;
  };
  readonly feedback: {
    readonly fingerprint: string;
    readonly client: string;
    readonly service: string;
    readonly card: string;
    readonly outcome: 'accepted' | 'overridden';
    readonly outcome_timestamp: string;
    readonly suggestions: string;
    readonly reason_code: string;
    readonly reason_system: string | null;
    readonly reason_display: string | null;
    /** What the reason is counted as. */
    readonly reason: string;
    readonly reach: Reach;
    readonly user_comment: string | null;
    /** Null as long as no card of this client has this id. */
    readonly rule: string | null;
    readonly received_at: string;
  };
  readonly feedback_counts: {
    readonly client: string;
    readonly rule: string;
    readonly service: string;
    readonly outcome: 'accepted' | 'overridden';
    readonly reason: string;
    readonly count: number;
  };
  readonly memory: {
    /** PostgreSQL gives it as text: it may be larger than a number of JavaScript. */
    readonly seq: Generated<number | string>;
    /** `purged` tells the instances that rows are gone. */
    readonly kind: 'shown' | 'declined' | 'purged';
    readonly client: string;
    readonly patient_key: string;
    readonly subject_key: string;
    readonly user_key: string | null;
    readonly encounter_key: string | null;
    readonly at: string;
  };
  readonly fhir_bases: { readonly client: string; readonly base: string };
  readonly used_tokens: { readonly token: string; readonly expires_at: string };
  readonly audit: {
    readonly id: string;
    readonly kind: AuditKind;
    readonly time: string;
    readonly issuer: string | null;
    readonly tenant: string | null;
    readonly user_ref: string | null;
    readonly patient: string | null;
    readonly patient_key: string | null;
    readonly endpoint: string;
    readonly hook: string;
    readonly hook_instance: string;
    readonly service: string;
    readonly outcomes: string;
    readonly status: number;
    readonly code: string | null;
    readonly ms: number;
    readonly times: number;
  };
  /** Processes that write calls. One that is neither seen nor stopped has died, with what it had not yet written. */
  readonly instances: {
    readonly id: string;
    readonly seen_at: string;
    readonly stopped_at: string | null;
  };
  readonly probe: { readonly id: number; readonly at: string; readonly filler: string | null };
  readonly migrations: { readonly name: string; readonly applied_at: string };
}
