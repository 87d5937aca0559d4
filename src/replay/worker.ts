import { parentPort, workerData } from 'node:worker_threads';
import { bucketLines, saveResult } from './state.js';
import { playBucket } from './bucket.js';
import { joinDrugs, openGrouping, type Grouping } from './group.js';
import { openPlayer, type Player } from './play.js';
import { pseudonyms } from './pseudonym.js';
import { openScan } from './scan.js';
import { distinctSpill } from './spill.js';
import type { TaskMessage, TaskName, Tasks, WorkerMessage, WorkerSetup } from './tasks.js';

/** A worker thread: reads slices of the export and plays buckets, one task after the other. */
const port = parentPort;
const setup = workerData as WorkerSetup;

const tell = (message: WorkerMessage): void => port?.postMessage(message);

type Handlers = {
  readonly [Name in TaskName]: (
    asked: Tasks[Name]['asked'],
  ) => Tasks[Name]['answered'] | Promise<Tasks[Name]['answered']>;
};

function handlersOf(player: Player): Handlers {
  const { folder, writer, terms, key, keepIds } = setup;
  const names = pseudonyms(key, keepIds);
  const scan = openScan(player, distinctSpill(folder, 'resource', writer));
  let grouping: Grouping | undefined;
  const playedOne = (): void => {
    tell({ kind: 'patient' });
  };
  return {
    played: () => player.played,
    scan: (slice) => scan.slice(slice),
    totals: () => scan.totals(),
    named: (texts) => texts.map((text) => player.mayBeIn(text) ?? ''),
    plan: (plan) => {
      grouping = openGrouping(folder, writer, names, plan);
      return null;
    },
    group: async (slice) => {
      await grouping?.slice(slice);
      return null;
    },
    grouped: () => grouping?.finish() ?? { naming: [] },
    join: async (part) => {
      await joinDrugs(folder, part, writer);
      return null;
    },
    play: async (bucket) => {
      const result = await playBucket(player, await bucketLines(folder, bucket), terms, names, playedOne);
      await saveResult(folder, bucket, result);
      return null;
    },
    lines: (bytes) => playBucket(player, linesIn(bytes), terms, names, playedOne),
  };
}

function linesIn(bytes: Uint8Array): readonly string[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '');
}

async function handle(handlers: Handlers, { id, name, asked }: TaskMessage): Promise<void> {
  try {
    const handler = handlers[name] as (asked: unknown) => unknown;
    tell({ kind: 'done', id, answered: await handler(asked) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED';
    tell({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error), code });
  }
}

try {
  const handlers = handlersOf(await openPlayer(setup));
  let queue = Promise.resolve();
  port?.on('message', (message: TaskMessage) => {
    queue = queue.then(() => handle(handlers, message));
  });
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
}
