import type { Records } from './records.js';
import type { DatabaseOptions } from './types.js';

/** What a thread that holds a store is started with. */
export interface ThreadStart {
  readonly options: DatabaseOptions;
}

export type Operation = keyof Records;

/** Asks the thread for one operation. */
export interface Question {
  readonly id: number;
  readonly operation: Operation;
  readonly args: readonly unknown[];
}

/** `opened` and `failed` come once, in the beginning. */
export type Reply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'failed'; readonly driverCode: string }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly driverCode: string };
