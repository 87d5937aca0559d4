import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePopulation } from '../src/population/population.js';

/**
 * `npm run bench:replay`: replays made-up populations with the compiled program, and prints seconds, events per second and
 * peak memory for each size, and how much faster two workers are than one. `BENCH_PATIENTS` (default `10000,100000`) are
 * the sizes, `BENCH_FOLDER` keeps the populations. Asked for on two cores: 10 000 patients in 60 s, 100 000 in 6 minutes,
 * 600 events a second, 600 MB of memory, the same within a fifth for both, two workers 1.7 times one.
 */
const sizes = (process.env['BENCH_PATIENTS'] ?? '10000,100000').split(',').map(Number);
const kept = process.env['BENCH_FOLDER'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'bench-replay-'));

interface Measured {
  readonly seconds: number;
  readonly events: number;
  readonly megabytes: number;
}

/** Peak resident memory of a process while it runs, as the kernel has seen it. */
function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

async function measure(input: string, workers: number): Promise<Measured> {
  const output = join(folder, 'output');
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ['dist/cli/replay.js', '--input', input, '--output', output, '--workers', String(workers)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, FEEDBACK_SECRET: 'a key for the bench' },
    },
  );
  let megabytes = 0;
  const looking = setInterval(() => {
    try {
      megabytes = Math.max(megabytes, peakOf(child.pid ?? 0));
    } catch {
      // It has just ended.
    }
  }, 200);
  await once(child, 'close');
  clearInterval(looking);
  if (child.exitCode !== 0) throw new Error(`the replay ended with ${child.exitCode ?? 'a signal'}`);
  const seconds = (performance.now() - began) / 1000;
  const report = JSON.parse(readFileSync(join(output, 'report.json'), 'utf8')) as {
    readonly events: Readonly<Record<string, number>>;
  };
  rmSync(output, { recursive: true, force: true });
  return { seconds, megabytes, events: Object.values(report.events).reduce((sum, count) => sum + count, 0) };
}

for (const patients of sizes) {
  const input = join(folder, `population-${patients}`);
  if (!existsSync(join(input, 'truth.json')))
    await writePopulation({ patients, seed: 1, output: input, share: 0.04 });
  const runs = new Map<number, Measured>();
  for (const workers of [2, 1]) {
    const found = await measure(input, workers);
    runs.set(workers, found);
    const { seconds, events, megabytes } = found;
    process.stdout.write(
      `${patients} patients, ${workers} workers: ${seconds.toFixed(1)} s, ${events} events, ${(events / seconds).toFixed(0)}/s, ${megabytes.toFixed(0)} MB\n`,
    );
  }
  const ratio = (runs.get(1)?.seconds ?? 0) / (runs.get(2)?.seconds ?? 1);
  process.stdout.write(`two workers are ${ratio.toFixed(2)} times as fast as one\n`);
}
if (kept === undefined) rmSync(folder, { recursive: true, force: true });
