import type { Fact } from '../chart/chart.js';

export type EvidenceKind = 'answer' | 'fact' | 'derived';

export interface EvidenceReference {
  readonly reference: string;
  readonly date?: string;
}

/** One item of a score: the answers that are still possible. */
export interface ItemResult {
  readonly item: string;
  /** Present when there is one answer only. */
  readonly answer?: string;
  /** Possible answers; empty when the item is missing. */
  readonly answers: readonly string[];
  /** Sorted; every answer's points when the item is missing. */
  readonly points: readonly number[];
  readonly from?: EvidenceKind;
  readonly evidence: readonly EvidenceReference[];
  readonly facts: readonly Fact[];
}

/** One score of one lesion or patient (before it is written as JSON). */
export interface ScoreResult {
  readonly score: string;
  readonly lesion?: { readonly reference: string; readonly site?: string };
  readonly reachable: readonly number[];
  readonly possibleClasses: readonly string[];
  readonly total?: number;
  readonly class?: string;
  readonly recordedTotal?: number;
  readonly missing: readonly string[];
  readonly flags: readonly string[];
  readonly items: readonly ItemResult[];
  /** Observations of the patient that speak of some lesion, but do not say of which. */
  readonly unassigned: readonly string[];
}
