/** How long each stage of a call took, in milliseconds. */
export interface StageTimes {
  readonly gather: number;
  readonly decide: number;
  readonly say: number;
}

/** What became of one prefetch key. */
export interface TracedData {
  readonly key: string;
  readonly query: string;
  readonly state: 'given' | 'fetched' | 'missing' | 'unchecked' | 'not-needed';
  readonly resources: number;
  readonly because?: string;
}

/** A value that a rule looked at, in words. */
export interface TracedFact {
  readonly input: string;
  readonly title: string;
  readonly value?: string;
  readonly date?: string;
}

export interface TracedRule {
  readonly rule: string;
  readonly title: string;
  readonly outcome: 'fires' | 'silent' | 'unknown' | 'failed';
  readonly because: readonly TracedFact[];
  /** Prefetch keys. */
  readonly missing: readonly string[];
  readonly unchecked: readonly string[];
}

export interface TracedCard {
  readonly uuid: string;
  readonly rule: string;
  readonly summary: string;
  readonly state: 'shown' | 'folded' | 'repeated' | 'declined';
}

/** The stages of a call in words, for who connects an EHR: as the service tells them and the sandbox EHR shows them. */
export interface CallTrace {
  readonly service: string;
  readonly milliseconds: StageTimes;
  readonly fhirRequests: number;
  readonly data: readonly TracedData[];
  readonly facts: readonly TracedFact[];
  readonly rules: readonly TracedRule[];
  readonly cards: readonly TracedCard[];
}
