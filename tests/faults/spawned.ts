import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { program } from '../built.js';

export interface Spawned {
  readonly url: string;
  readonly child: ChildProcess;
  /** All that the process has printed so far. */
  readonly printed: () => string;
  /** Sends the signal and waits for the end; gives the exit code, or the signal that ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | string>;
}

type Environment = Readonly<Record<string, string>>;

function run(env: Environment): { child: ChildProcess; printed: () => string } {
  const child = spawn(process.execPath, program('main'), {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', LOG_LEVEL: 'debug', RATE_LIMIT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return { child, printed: () => output };
}

/** The service as a process of its own, on a free port; resolves when it listens. */
export async function spawnService(env: Environment): Promise<Spawned> {
  const { child, printed } = run(env);
  while (!/listening on \S+\n/.test(printed())) {
    if (child.exitCode !== null) throw new Error(printed());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: /listening on (\S+)/.exec(printed())?.[1] ?? '',
    child,
    printed,
    end: async (signal) => {
      const ended = once(child, 'close');
      child.kill(signal);
      await ended;
      return child.exitCode ?? child.signalCode ?? 'unknown';
    },
  };
}

/** A start that is refused: what it prints, and its exit code. */
export async function refusedStart(env: Environment): Promise<{ code: number | null; printed: string }> {
  const { child, printed } = run(env);
  await once(child, 'close');
  return { code: child.exitCode, printed: printed() };
}
