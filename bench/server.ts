import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Of the largest process, where there are several. */
  rssMegabytes(): number;
  stop(): Promise<void>;
}

/** Starts a program that prints `listening on <url>`, and waits for that line. */
export async function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<BenchServer> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => {
      reject(new Error(`${args.join(' ')} ended before it listened`));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /listening on (\S+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return {
    url,
    process: child,
    rssMegabytes: () => {
      const workers =
        readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').match(/\d+/g) ?? [];
      const largest = [String(child.pid), ...workers].map((pid) => {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
      });
      return Math.max(...largest);
    },
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve();
          return;
        }
        const impatient = setTimeout(() => child.kill('SIGKILL'), 15_000);
        child.once('exit', () => {
          clearTimeout(impatient);
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}

/** The built service with a store of its own and without a rate limit. */
export function startService(env: NodeJS.ProcessEnv = {}): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cds-bench-'));
  return startProgram(['dist/main.js'], {
    DATABASE_URL: `file:${folder}/cds.sqlite`,
    LOG_LEVEL: 'info',
    RATE_LIMIT: '0',
    ...env,
  });
}
