import type { OpenItem, Total } from './total.js';

export type EvidenceKind = 'answer' | 'fact' | 'derived';

export interface EvidenceReference {
  readonly reference: string;
  readonly date?: string;
}

/** One item of a score: the answers that are still possible. `Fact`: what they rest on. */
export interface ItemResult<Fact> extends OpenItem {
  /** Present when there is one answer only. */
  readonly answer?: string;
  readonly evidence: readonly EvidenceReference[];
  readonly facts: readonly Fact[];
}

/** One score of one lesion or patient (before it is written as JSON). */
export interface ScoreResult<Fact> extends Total {
  readonly score: string;
  readonly lesion?: { readonly reference: string; readonly site?: string };
  readonly recordedTotal?: number;
  readonly flags: readonly string[];
  readonly items: readonly ItemResult<Fact>[];
  /** Observations of the patient that speak of some lesion, but do not say of which. */
  readonly unassigned: readonly string[];
}
