import type { BucketResult } from './bucket.js';
import type { GroupPlan } from './group.js';
import type { Slice } from './lines.js';
import type { Terms } from './patient.js';
import type { Played } from './played.js';
import type { ScanTotals, SliceScan } from './scan.js';

/** What a worker thread needs from its start on. */
export interface WorkerSetup {
  readonly writer: string;
  /** Folder of the temporary files. */
  readonly folder: string;
  readonly localKnowledge: string | undefined;
  readonly edition: string;
  readonly key: string;
  readonly keepIds: boolean;
  readonly terms: Terms;
}

/** What a worker thread can be asked, and what it answers. */
export interface Tasks {
  readonly played: { readonly asked: null; readonly answered: Played };
  readonly scan: { readonly asked: Slice; readonly answered: SliceScan };
  readonly totals: { readonly asked: null; readonly answered: ScanTotals };
  /** Value sets that texts may speak of; an empty text where there is none. */
  readonly named: { readonly asked: readonly string[]; readonly answered: readonly string[] };
  readonly plan: { readonly asked: GroupPlan; readonly answered: null };
  readonly group: { readonly asked: Slice; readonly answered: null };
  readonly grouped: { readonly asked: null; readonly answered: { readonly naming: readonly number[] } };
  readonly join: { readonly asked: number; readonly answered: null };
  /** Plays a bucket of the folder and leaves its result there. */
  readonly play: { readonly asked: number; readonly answered: null };
  /** Plays the lines given. */
  readonly lines: { readonly asked: Uint8Array; readonly answered: BucketResult };
}

export type TaskName = keyof Tasks;

export interface TaskMessage {
  readonly id: number;
  readonly name: TaskName;
  readonly asked: unknown;
}

/** What a worker thread tells. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'patient' }
  | { readonly kind: 'done'; readonly id: number; readonly answered: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly code: string };
