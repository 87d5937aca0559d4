import { setTimeout as sleep } from 'node:timers/promises';
import { readArtifacts } from '../knowledge/read/read-artifacts.js';
import { ReportError } from '../report/output.js';
import type { Pool } from './pool.js';
import { openQueue, type Queue, type RunSetup } from './queue.js';
import { bucketLines, isPlayed, saveGrouped, saveResult, type Grouped } from './state.js';
import type { WorkerSetup } from './tasks.js';

export interface QueueRun {
  readonly url: string;
  /** Threads of this machine that play too; undefined where only others do. */
  readonly pool: Pool | undefined;
  readonly workers: number;
  readonly folder: string;
  readonly grouped: Grouped;
  readonly digest: string;
  /** What is in the queue stays there when this run is interrupted. */
  readonly keep: boolean;
  readonly setup: Omit<WorkerSetup, 'writer'>;
  readonly signal: AbortSignal;
  readonly note: (words: string) => void;
  readonly playedOne: (bucket: number) => void;
}

const lookEveryMs = 500;
/** A queue that is away for longer is gone. */
const patienceMs = 30_000;

/**
 * Plays the buckets by jobs on a queue: puts them there, plays some itself, fetches the results, frees what dead workers
 * held. Resolves with the buckets that failed at every attempt.
 */
export async function playOnQueue(run: QueueRun): Promise<readonly string[]> {
  const queue = await openQueue(run.url);
  let id = run.grouped.run;
  try {
    if (id === undefined || !(await queue.hasRun(id))) {
      id = await queue.begin(await setupOf(run), run.grouped.buckets, async (bucket) =>
        isPlayed(run.folder, bucket)
          ? Buffer.alloc(0)
          : Buffer.from((await bucketLines(run.folder, bucket)).join('\n')),
      );
      await saveGrouped(run.folder, { ...run.grouped, run: id });
    }
    const failed = await untilPlayed(queue, id, run);
    await queue.remove(id);
    return failed.map((bucket) => `part ${bucket} of the patients failed at every attempt and is missing`);
  } catch (error) {
    if (id !== undefined && !run.keep) await queue.remove(id).catch(() => undefined);
    throw error;
  } finally {
    await queue.close().catch(() => undefined);
  }
}

async function setupOf({ setup, digest }: QueueRun): Promise<RunSetup> {
  const { edition, key, keepIds, terms, localKnowledge } = setup;
  return {
    edition,
    key,
    keepIds,
    terms: { ...terms, services: terms.services === undefined ? undefined : [...terms.services] },
    overlay: localKnowledge === undefined ? undefined : await readArtifacts(localKnowledge),
    digest,
  };
}

async function untilPlayed(queue: Queue, id: string, run: QueueRun): Promise<readonly number[]> {
  const { pool, workers, folder, signal } = run;
  const own =
    pool === undefined
      ? undefined
      : await queue.work(id, workers, (lines) => pool.one('lines', new Uint8Array(lines)));
  let reached = performance.now();
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        const fetched = await queue.fetch(id, async (bucket, result) => {
          if (!isPlayed(folder, bucket)) await saveResult(folder, bucket, result);
          run.playedOne(bucket);
        });
        const { open, failed } = await queue.state(id);
        if (fetched === 0 && open === 0) return failed;
        if ((await queue.freeDead(id)) > 0) run.note('a worker has died: its part is played by another');
        reached = performance.now();
        if (fetched > 0) continue;
      } catch (error) {
        if (performance.now() - reached > patienceMs) throw error;
        if (!(error instanceof ReportError)) throw error;
      }
      await sleep(lookEveryMs, undefined, { signal });
    }
  } finally {
    await own?.stop();
  }
}
