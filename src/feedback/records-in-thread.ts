import type { Worker } from 'node:worker_threads';
import { within } from './deadline.js';
import { moduleBeside, startThread } from '../threads.js';
import type { Records } from './records.js';
import { StoreError } from './store-error.js';
import type { Operation, Question, Reply, ThreadStart } from './thread-messages.js';
import type { DatabaseOptions } from './types.js';

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** Memory of the thread, in MB: batches and pages are small. */
const MOST_MEMORY_MB = 128;
/** What a database that does not answer would keep open. */
const CLOSE_WAITS_MS = 5000;
/** A thread that ended is started anew after this; a database that ends it at once must not keep a core busy. */
const AGAIN_AFTER_MS = 1000;

interface Running {
  readonly ask: (operation: Operation, args: readonly unknown[]) => Promise<unknown>;
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void>;
  readonly terminate: () => Promise<unknown>;
}

const startedThread = async (options: DatabaseOptions): Promise<Running> => {
  const workerData: ThreadStart = { options };
  const thread: Worker = startThread(moduleBeside(import.meta.url, 'store-thread'), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  });
  const asked = new Map<number, Asked>();
  let count = 0;
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      isOver = true;
      for (const { reject } of asked.values()) reject(new StoreError('THREAD_ENDED'));
      asked.clear();
      resolve();
    });
  });
  const opened = new Promise<void>((resolve, reject) => {
    thread.once('error', () => {
      reject(new StoreError('THREAD_ENDED'));
    });
    thread.on('message', (reply: Reply) => {
      if (reply.kind === 'opened') resolve();
      else if (reply.kind === 'failed') reject(new StoreError(reply.driverCode));
      else {
        const question = asked.get(reply.id);
        asked.delete(reply.id);
        if (reply.kind === 'value') question?.resolve(reply.value);
        else question?.reject(new StoreError(reply.driverCode));
      }
    });
  });
  try {
    await opened;
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  return {
    ended,
    terminate: () => thread.terminate(),
    ask: (operation, args) =>
      new Promise((resolve, reject) => {
        if (isOver) {
          reject(new StoreError('THREAD_ENDED'));
          return;
        }
        const question: Question = { id: (count += 1), operation, args };
        asked.set(question.id, { resolve, reject });
        thread.postMessage(question);
      }),
  };
};

/**
 * The same as `openRecords` gives, in a thread of its own. Should the thread end, which only a fault of ours or a lack of
 * memory makes it do, it is started anew, and what it was asked meanwhile rejects.
 */
export const recordsInThread = async (options: DatabaseOptions): Promise<Records> => {
  let running: Running | undefined = await startedThread(options);
  let isClosed = false;
  const watch = (current: Running): void => {
    void current.ended.then(() => {
      running = undefined;
      if (!isClosed) startLater();
    });
  };
  const startLater = (): void => {
    setTimeout(() => {
      if (isClosed) return;
      startedThread(options).then((current) => {
        running = current;
        watch(current);
      }, startLater);
    }, AGAIN_AFTER_MS).unref();
  };
  watch(running);
  const ask = async <T>(operation: Operation, ...args: readonly unknown[]): Promise<T> => {
    if (running === undefined) throw new StoreError('THREAD_ENDED');
    return (await running.ask(operation, args)) as T;
  };
  return {
    writeCalls: (batch) => ask('writeCalls', batch),
    live: (instance, now) => ask('live', instance, now),
    stopped: (instance, now) => ask('stopped', instance, now),
    saveFeedback: (batch) => ask('saveFeedback', batch),
    feedbackCounts: () => ask('feedbackCounts'),
    firstUses: (uses, now) => ask('firstUses', uses, now),
    memoryAfter: (seq) => ask('memoryAfter', seq),
    auditAfter: (range, after) => ask('auditAfter', range, after),
    cardsAfter: (range, after) => ask('cardsAfter', range, after),
    purge: (retention) => ask('purge', retention),
    forgetPatient: (patient, now) => ask('forgetPatient', patient, now),
    fhirBases: (client) => ask('fhirBases', client),
    probe: (now) => ask('probe', now),
    close: async () => {
      isClosed = true;
      const last = running;
      if (last === undefined) return;
      try {
        await within(CLOSE_WAITS_MS, last.ask('close', []));
        await last.ended;
      } catch {
        await last.terminate();
      }
    },
  };
};
