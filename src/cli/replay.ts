import { UsageError } from '../report/output.js';
import { Interrupted } from '../replay/errors.js';
import { readCommand } from '../replay/options.js';
import { terminalProgress } from '../replay/progress.js';
import { serveQueue } from '../replay/queue-worker.js';
import { replay } from '../replay/run.js';
import { both } from '../replay/findings.js';
import { runAsProgram } from './program.js';
import { sharedConfig } from './shared-config.js';

/**
 * `replay --input DIR --output DIR …`: what the service would have said to a population of the past. Resolves with the
 * exit code: 0 done, 1 unreadable input (every problem on a line of its own), 2 usage, 130 interrupted.
 */
export async function runReplay(args: readonly string[], signal: AbortSignal): Promise<number> {
  const progress = terminalProgress(process.stderr);
  try {
    const command = readCommand(args, process.env);
    const config = sharedConfig(process.env, ['FEEDBACK_SECRET', 'GUIDELINE_EDITION']);
    if (command.kind === 'worker') {
      await serveQueue(command.options, { signal, progress });
      return 0;
    }
    const { tally, failedBuckets } = await replay(command.options, {
      edition: config.guidelineEdition,
      key: config.feedbackSecret,
      now: new Date(),
      signal,
      progress,
    });
    progress.end();
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
    const events = sum(Object.values(tally.events));
    const cards = sum(Object.values(tally.byService).map(both));
    process.stdout.write(
      `${tally.withLesion} patients with a lesion, ${events} events, ${cards} cards: ${command.options.output}\n`,
    );
    for (const problem of failedBuckets) progress.note(problem);
    return failedBuckets.length === 0 ? 0 : 1;
  } catch (error) {
    progress.end();
    if (error instanceof Interrupted) return 130;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  } finally {
    progress.end();
  }
}

await runAsProgram(import.meta.url, async (args) => {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stop.abort();
    });
  process.exitCode = await runReplay(args, stop.signal);
});
