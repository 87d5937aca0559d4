import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReportError } from '../report/output.js';
import { Interrupted } from './errors.js';
import type { QueueWorkerOptions } from './options.js';
import { openPool } from './pool.js';
import type { Progress } from './progress.js';
import { openQueue, type Queue, type RunSetup } from './queue.js';

const lookEveryMs = 1000;

/**
 * A machine that helps: waits for a run, plays its buckets until there are none left, and then for another; ends when
 * no run that it has helped with is open any more.
 */
export async function serveQueue(
  { queue: url, workers }: QueueWorkerOptions,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<void> {
  const queue = await openQueue(url);
  const seen = new Set<string>();
  try {
    for (;;) {
      if (signal.aborted) throw new Interrupted('interrupted');
      const open = await queue.openRun(seen);
      if (open !== undefined) {
        seen.add(open.run);
        progress.note('a run was found');
        await help(queue, open.run, open.setup, workers, signal, progress);
      } else if (seen.size > 0) return;
      else await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await queue.close().catch(() => undefined);
  }
}

async function help(
  queue: Queue,
  run: string,
  { edition, key, keepIds, terms, overlay, digest }: RunSetup,
  workers: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-'));
  try {
    const { services, ...others } = terms;
    const localKnowledge =
      overlay === undefined ? undefined : await unpack(join(folder, 'knowledge'), overlay);
    const setup = {
      folder,
      localKnowledge,
      edition,
      key,
      keepIds,
      terms: { ...others, services: services === undefined ? undefined : new Set(services) },
    };
    const pool = await openPool(workers, setup, () => {
      progress.patient();
    });
    try {
      const [played] = await pool.each('played', null);
      if (played?.digest !== digest)
        throw new ReportError([
          'this machine has another version of the knowledge than the one that began the run',
        ]);
      const runner = await queue.work(run, workers, (lines) => pool.one('lines', new Uint8Array(lines)));
      try {
        while ((await queue.hasRun(run)) && (await queue.state(run)).open > 0) {
          if (signal.aborted) throw new Interrupted('interrupted');
          await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
        }
      } finally {
        await runner.stop();
      }
    } finally {
      await pool.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the files of a hospital's knowledge below a folder, and nowhere else. */
async function unpack(folder: string, files: NonNullable<RunSetup['overlay']>): Promise<string> {
  for (const { path, text } of files) {
    const target = resolve(folder, path);
    if (!target.startsWith(`${resolve(folder)}${sep}`))
      throw new ReportError(['the run names a file outside its folder']);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { mode: 0o600 });
  }
  return folder;
}
