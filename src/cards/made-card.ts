import type { Card } from '../cds-hooks/types.js';
import type { Outcome } from '../rules/evaluate.js';

/** Our member of a card's `extension`; nothing that is not known, no empty list. */
export interface OwnExtension {
  readonly rule: string;
  readonly version: string;
  /** `to-complete`: the card gathers what is missing, and stands for no rule. */
  readonly kind?: 'to-complete';
  readonly recommendations: readonly string[];
  readonly outcome: Outcome['kind'];
  readonly missing?: readonly string[];
  /** Prefetch keys of guards that could not be read. */
  readonly unchecked?: readonly string[];
  readonly scores?: readonly Readonly<Record<string, unknown>>[];
}

/** A card with what the service itself needs to know of it. */
export interface MadeCard {
  readonly card: Card;
  /** What its `extension` says. */
  readonly own: OwnExtension;
  readonly outcomes: readonly Outcome[];
  /** Its detail beside other cards of the answer, which may have said some of it (`said`). */
  detail(said: Set<string>, withTables: boolean, remarks?: readonly string[]): string;
  /** The same text as long as the card says the same about the same facts: what a declined card is known by. */
  fingerprint(): string;
}
