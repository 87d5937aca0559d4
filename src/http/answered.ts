import type { Problem } from '../cds-hooks/outcome.js';
import type { OrderNotUnderstood } from '../engine/orders-not-understood.js';
import type { Said } from '../engine/said-before.js';
import type { CallKeys } from './known.js';
import type { CallStages } from './trace.js';

/** What came out of a call, for the answer and for its traces. */
export interface Answered {
  readonly status: number;
  readonly body?: string;
  readonly problems?: readonly Problem[];
  /** What became of the cards, and by which keys they are known again; absent where none were made. */
  readonly said?: Said;
  readonly keys?: CallKeys;
  readonly outcomes: ReadonlyMap<string, string>;
  /** By what the plan withholds the advice of a rule. */
  readonly withheld: ReadonlyMap<string, string>;
  readonly failedRules: readonly { readonly rule: string; readonly error: string }[];
  readonly missing: ReadonlyMap<string, string>;
  readonly setAside: ReadonlyMap<string, number>;
  readonly notUnderstood: readonly OrderNotUnderstood[];
  readonly fhirRequests: number;
  /** What the call was made of; absent where it was refused. */
  readonly stages?: CallStages;
}
