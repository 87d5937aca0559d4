import type { Kysely } from 'kysely';
import type { Tables } from './schema.js';

/** Where queries run. `run` rejects with StoreError only. */
export interface Database {
  readonly run: <T>(action: (db: Kysely<Tables>) => Promise<T>) => Promise<T>;
  /** As `run`, in one transaction: all of the action or nothing. */
  readonly write: <T>(action: (db: Kysely<Tables>) => Promise<T>) => Promise<T>;
  /** Whether transactions run side by side, unseen by one another. */
  readonly concurrent: boolean;
  /** Throws where the disk has so little room that the next writes may find none. */
  readonly ensureRoom: () => void;
  readonly close: () => Promise<void>;
}
