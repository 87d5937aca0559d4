import type { Card } from '../cds-hooks/types.js';
import type { Outcome } from '../rules/evaluate.js';

/** A card with what the service itself needs to know of it. */
export interface MadeCard {
  readonly card: Card;
  readonly outcomes: readonly Outcome[];
  /** Its detail beside other cards of the answer, which may have said some of it (`said`). */
  detail(said: Set<string>, withTables: boolean, remarks?: readonly string[]): string;
  /** The same text as long as the card says the same about the same facts: what a declined card is known by. */
  fingerprint(): string;
}
