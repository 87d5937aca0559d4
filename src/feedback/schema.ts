/** Times are ISO 8601 in UTC with milliseconds: they sort as text, alike on SQLite and PostgreSQL. */
export interface Tables {
  readonly cards: {
    readonly card: string;
    readonly service: string;
    readonly hook: string;
    readonly hook_instance: string;
    readonly rule: string;
    readonly rule_version: string;
    readonly recommendations: string;
    readonly outcome: string;
    readonly suggestions: string;
    readonly subject_key: string | null;
    readonly issued_at: string;
  };
  readonly feedback: {
    readonly fingerprint: string;
    readonly service: string;
    readonly card: string;
    readonly outcome: 'accepted' | 'overridden';
    readonly outcome_timestamp: string;
    readonly suggestions: string;
    readonly reason_code: string;
    readonly reason_system: string | null;
    readonly reason_display: string | null;
    readonly user_comment: string | null;
    /** Filled when the card is forgotten; before that, the card knows. */
    readonly rule: string | null;
    /** That of the card, as soon as both are known; forgotten with the card. */
    readonly subject_key: string | null;
    readonly received_at: string;
  };
  readonly used_tokens: { readonly token: string; readonly expires_at: string };
  readonly audit: {
    readonly id: string;
    readonly time: string;
    readonly issuer: string | null;
    readonly tenant: string | null;
    readonly hook: string;
    readonly hook_instance: string;
    readonly service: string;
    readonly outcomes: string;
    readonly status: number;
    readonly ms: number;
  };
  readonly probe: { readonly id: number; readonly at: string };
  readonly migrations: { readonly name: string; readonly applied_at: string };
}
