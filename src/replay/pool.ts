import { Worker } from 'node:worker_threads';
import { ReportError } from '../report/output.js';
import type { TaskMessage, TaskName, Tasks, WorkerMessage, WorkerSetup } from './tasks.js';

/** Worker threads that take one task after the other. */
export interface Pool {
  /** Answers of all workers. */
  each<Name extends TaskName>(
    name: Name,
    asked: Tasks[Name]['asked'],
  ): Promise<readonly Tasks[Name]['answered'][]>;
  /** One task for each item, to whichever worker is free; answers in the order of the items. */
  share<Name extends TaskName>(
    name: Name,
    items: readonly Tasks[Name]['asked'][],
    done?: (index: number) => void,
  ): Promise<readonly Tasks[Name]['answered'][]>;
  /** One task, to whichever worker is free. */
  one<Name extends TaskName>(name: Name, asked: Tasks[Name]['asked']): Promise<Tasks[Name]['answered']>;
  close(): Promise<void>;
}

interface Hand {
  readonly worker: Worker;
  readonly waiting: Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
  >;
}

const program = new URL('./worker.js', import.meta.url);

/**
 * Megabytes of a worker's heap: knowledge, one bucket and what an answer leaves behind. A larger one only lets garbage
 * lie longer.
 */
const heap = { maxOldGenerationSizeMb: 224, maxYoungGenerationSizeMb: 16 } as const;

/** Starts the threads; resolves when all have loaded the knowledge. @throws ReportError when they cannot */
export async function openPool(
  count: number,
  setup: Omit<WorkerSetup, 'writer'>,
  onPatient: () => void,
): Promise<Pool> {
  const hands = await Promise.all(
    Array.from({ length: count }, (_, index) => start({ ...setup, writer: `w${index}` }, onPatient)),
  );
  let ids = 0;
  let closed = false;
  const idle = [...hands];
  const claims: ((hand: Hand) => void)[] = [];
  const claim = (): Promise<Hand> => {
    const hand = idle.pop();
    return hand === undefined ? new Promise((resolve) => claims.push(resolve)) : Promise.resolve(hand);
  };
  const release = (hand: Hand): void => {
    const next = claims.shift();
    if (next === undefined) idle.push(hand);
    else next(hand);
  };
  const send = <Name extends TaskName>(
    hand: Hand,
    name: Name,
    asked: Tasks[Name]['asked'],
  ): Promise<Tasks[Name]['answered']> =>
    new Promise((resolve, reject) => {
      const id = ++ids;
      const take = (answer: unknown): void => {
        resolve(answer as Tasks[Name]['answered']);
      };
      hand.waiting.set(id, { resolve: take, reject });
      hand.worker.postMessage({ id, name, asked } satisfies TaskMessage);
    });
  const one: Pool['one'] = async (name, asked) => {
    const hand = await claim();
    try {
      return await send(hand, name, asked);
    } finally {
      release(hand);
    }
  };
  return {
    one,
    each: (name, asked) => Promise.all(hands.map((hand) => send(hand, name, asked))),
    share: async (name, items, done) => {
      const answers: Tasks[typeof name]['answered'][] = [];
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < items.length && !closed) {
          const index = next++;
          answers[index] = await one(name, items[index] as Tasks[typeof name]['asked']);
          done?.(index);
        }
      };
      await Promise.all(hands.map(work));
      return answers;
    },
    close: async () => {
      closed = true;
      await Promise.all(hands.map(({ worker }) => worker.terminate()));
    },
  };
}

async function start(setup: WorkerSetup, onPatient: () => void): Promise<Hand> {
  const worker = new Worker(program, { workerData: setup, resourceLimits: heap });
  const waiting: Hand['waiting'] = new Map();
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      switch (message.kind) {
        case 'ready':
          resolve();
          break;
        case 'refused':
          reject(new ReportError(message.message.split('\n')));
          break;
        case 'patient':
          onPatient();
          break;
        case 'done':
          waiting.get(message.id)?.resolve(message.answered);
          waiting.delete(message.id);
          break;
        case 'failed':
          waiting.get(message.id)?.reject(new ReportError([problemOf(message.code, message.message)]));
          waiting.delete(message.id);
          break;
      }
    });
    worker.on('error', (error) => {
      const failure = new ReportError([`a worker thread failed: ${error.message}`]);
      reject(failure);
      failAll(failure);
    });
    worker.on('exit', () => {
      const failure = new ReportError(['a worker thread ended']);
      reject(failure);
      failAll(failure);
    });
  });
  return { worker, waiting };
}

/** What an operator has to know of a failed task. */
export function problemOf(code: string, message: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'the disk is full: no room for the temporary files and the report';
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return `not allowed to write (${code})`;
  return message;
}
