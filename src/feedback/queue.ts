import { setImmediate } from 'node:timers/promises';
import type { QueueCounts } from './types.js';

/** Records that wait to be written, outside the way of an answer. */
export interface WriteQueue<T> {
  /** Never throws; what does not fit is dropped and counted. */
  readonly push: (records: readonly T[]) => void;
  /** Tries to write all that waits; gives up at the first failure. Never rejects. */
  readonly flush: () => Promise<void>;
  readonly stop: () => void;
  readonly counts: () => QueueCounts;
}

export interface WriteQueueOptions<T> {
  readonly write: (batch: readonly T[]) => Promise<void>;
  readonly capacity: number;
  readonly flushEveryMs: number;
}

/** Rows per transaction: the embedded store blocks the event loop while it writes them. */
const BATCH = 100;

/** A batch that fails as often as this is given up, so that one bad record cannot hold up all others. */
const MOST_ATTEMPTS = 300;

/**
 * Starts a queue that writes every `flushEveryMs`. It holds at most `capacity` records: a store that is gone for long
 * must not take the memory of the service with it.
 */
export const createWriteQueue = <T>(options: WriteQueueOptions<T>): WriteQueue<T> => {
  const { write, capacity, flushEveryMs } = options;
  let waiting: readonly T[] = [];
  let pushed: T[] = [];
  let dropped = 0;
  let faults = 0;
  let attempts = 0;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const writeAll = async (): Promise<void> => {
    for (;;) {
      if (waiting.length === 0) {
        waiting = pushed;
        pushed = [];
      }
      if (waiting.length === 0) return;
      const batch = waiting.slice(0, BATCH);
      try {
        await write(batch);
      } catch {
        faults += 1;
        attempts += 1;
        if (attempts < MOST_ATTEMPTS) return;
        dropped += batch.length;
      }
      attempts = 0;
      waiting = waiting.slice(BATCH);
      // The embedded store writes without ever giving way: calls that have come in meanwhile are answered in between.
      if (waiting.length > 0) await setImmediate();
    }
  };

  const flush = (): Promise<void> => {
    running ??= writeAll().finally(() => {
      running = undefined;
      if (waiting.length + pushed.length > 0) schedule();
    });
    return running;
  };

  const schedule = (): void => {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush();
    }, flushEveryMs);
    timer.unref();
  };

  return {
    push: (records) => {
      const room = Math.max(0, capacity - waiting.length - pushed.length);
      const taken = records.slice(0, room);
      dropped += records.length - taken.length;
      for (const record of taken) pushed.push(record);
      if (taken.length > 0) schedule();
    },
    flush,
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
    counts: () => ({ waiting: waiting.length + pushed.length, dropped, faults }),
  };
};
