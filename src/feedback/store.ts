import { randomUUID } from 'node:crypto';
import { createBreaker } from './breaker.js';
import { within } from './deadline.js';
import { groupCommit } from './group-commit.js';
import { createMemory, type GrowingMemory } from './memory.js';
import { allPages } from './pages.js';
import { createWriteQueue } from './queue.js';
import { openRecords, type Records } from './records.js';
import { recordsInThread } from './records-in-thread.js';
import { keyOf } from './rows.js';
import { StoreError } from './store-error.js';
import type { CallRecord, Store, StoreOptions, TokenUse } from './types.js';

/** All that a call waits for the store. Who waits longer does without: the process itself then knows used tokens. */
const CALL_WAITS_MS = 150;
/** Feedback must be on disk before it is confirmed, and is sent again when it is not. */
const FEEDBACK_WAITS_MS = 2500;
/** Readiness, counts: who asks has time-outs of its own. */
const OPERATOR_WAITS_MS = 1000;
const PROBE_AGAIN_MS = 250;
const CLOSE_WAITS_MS = 6000;
/** Tokens of one commit. */
const MOST_TOKENS = 500;
/** An instance that has nothing to write says that it lives. */
const LIVE_EVERY_MS = 15_000;
/** Rows are numbered before they are committed: those of the last while are read again, in case one came late. */
const READ_AGAIN_MS = 10_000;

/** Keeps the memory of this process true to what all instances have written. */
const follow = (records: Records, memory: GrowingMemory, elapsedMs: () => number) => {
  let from = 0;
  let next = 0;
  let turnedAt = elapsedMs();
  let purged = 0;
  const readAfter = async (start: number): Promise<number> => {
    let last = start;
    for (;;) {
      const page = await records.memoryAfter(last);
      if (page.purged !== undefined && page.purged > purged) {
        purged = page.purged;
        memory.clear();
        return readAfter(0);
      }
      memory.add(page.records);
      last = page.last;
      if (page.isLast) return last;
    }
  };
  return async (): Promise<void> => {
    const last = await readAfter(from);
    if (elapsedMs() - turnedAt < READ_AGAIN_MS) return;
    turnedAt = elapsedMs();
    from = next;
    next = last;
  };
};

/** A store over what holds its tables: adds the queue, the deadlines, the memory of this process. */
const createStore = async (records: Records, options: StoreOptions): Promise<Store> => {
  const { clock, flushEveryMs = 200, lookEveryMs = 1000, queueCapacity: capacity = 20_000 } = options;
  const instance = randomUUID();
  const memory = createMemory();
  const look = follow(records, memory, () => performance.now());
  const breaker = createBreaker({
    probe: () => records.probe(clock()),
    againAfterMs: PROBE_AGAIN_MS,
    onChange: options.onDegraded ?? (() => undefined),
  });
  let toldDropped = 0;
  let hasWritten = false;
  const queue = createWriteQueue<CallRecord>({
    capacity,
    flushEveryMs,
    write: async (calls) => {
      const { dropped } = queue.counts();
      memory.add(await records.writeCalls({ instance, calls, dropped: dropped - toldDropped, now: clock() }));
      toldDropped = dropped;
      hasWritten = true;
    },
  });
  const useToken = groupCommit<TokenUse, boolean>((uses) => records.firstUses(uses, clock()), MOST_TOKENS);

  await records.live(undefined, clock());
  await look();
  // One look at a time: an older one that ends later would bring back what a newer one has forgotten.
  let lastLook = Promise.resolve();
  const lookAgain = (): Promise<void> => {
    const looked = lastLook.then(look);
    lastLook = looked.catch(() => undefined);
    return looked;
  };
  let isLooking = false;
  const looking = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    lookAgain()
      .catch(breaker.trip)
      .finally(() => {
        isLooking = false;
      });
  }, lookEveryMs);
  looking.unref();
  const living = setInterval(() => {
    if (breaker.isOpen()) return;
    records.live(hasWritten ? instance : undefined, clock()).then(memory.add, breaker.trip);
  }, LIVE_EVERY_MS);
  living.unref();

  return {
    recordCall: (call) => {
      memory.add(call.memory);
      queue.push([call]);
    },
    saveFeedback: async (client, service, items) => {
      if (items.length === 0) return;
      const until = Date.now() + FEEDBACK_WAITS_MS;
      const save = async (): Promise<void> => {
        // The cards come first: the feedback then finds its rule, and what was declined is known at once.
        await queue.flush();
        memory.add(await records.saveFeedback({ client, service, items, receivedAt: clock(), until }));
      };
      await within(FEEDBACK_WAITS_MS, save());
    },
    feedbackCounts: () => within(OPERATOR_WAITS_MS, records.feedbackCounts()),
    firstUse: async (issuer, jti, expiresAt) => {
      if (breaker.isOpen()) throw new StoreError('BREAKER_OPEN');
      try {
        return await within(CALL_WAITS_MS, useToken({ token: keyOf(issuer, jti), expiresAt }));
      } catch (error) {
        breaker.trip();
        throw error;
      }
    },
    memory,
    auditRecords: (range) => allPages(range, records.auditAfter),
    cardHistory: (range) => allPages(range, records.cardsAfter),
    purge: records.purge,
    forgetPatient: async (patient) => {
      // What waits to be written is about the patient too.
      await queue.flush();
      const forgotten = await records.forgetPatient(patient, clock());
      await lookAgain();
      return forgotten;
    },
    fhirBases: records.fhirBases,
    writable: async () => {
      try {
        await within(OPERATOR_WAITS_MS, records.probe(clock()));
        return true;
      } catch {
        breaker.trip();
        return false;
      }
    },
    isDegraded: breaker.isOpen,
    queueCounts: queue.counts,
    close: async () => {
      clearInterval(looking);
      clearInterval(living);
      breaker.stop();
      const end = async (): Promise<void> => {
        await queue.flush();
        // What could not be written is lost, and is marked as that by whoever misses this instance.
        if (hasWritten && queue.counts().waiting === 0) await records.stopped(instance, clock());
      };
      await within(CLOSE_WAITS_MS, end()).catch(() => undefined);
      queue.stop();
      await records.close();
    },
  };
};

/** Opens the store and brings its tables up to date. Rejects with StoreError when it cannot be had. */
export const openStore = async (options: StoreOptions): Promise<Store> =>
  createStore(await openRecords({ ...options, openedAt: options.clock() }), options);

/** The same in a thread of its own, so that the thread that answers never waits for a disk. */
export const openStoreInThread = async (options: StoreOptions): Promise<Store> => {
  const { url, maxPages, lockWaitMs } = options;
  const records = await recordsInThread({
    url,
    openedAt: options.clock(),
    ...(maxPages !== undefined && { maxPages }),
    ...(lockWaitMs !== undefined && { lockWaitMs }),
  });
  return createStore(records, options);
};
