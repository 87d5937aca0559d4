import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Of the largest process, where there are several. */
  rssMegabytes(): number;
  /** Processor time of all threads of all its processes so far, in milliseconds; the kernel counts in steps of 10. */
  cpuMilliseconds(): number;
  stop(): Promise<void>;
}

/** The address that the program prints once it listens. */
async function listening(child: ChildProcess, file: string): Promise<string> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = /listening on (\S+)/.exec(readFileSync(file, 'utf8'))?.[1];
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.spawnargs.join(' ')} ended before it listened`);
}

/** The process and its workers. */
function processesOf({ pid }: ChildProcess): readonly string[] {
  const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
  return [String(pid), ...workers];
}

function rssOf(pid: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** proc(5): user and system time are the 14th and 15th field, in hundredths of a second; the name before them may hold anything. */
function cpuOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(user) + Number(system));
}

/** Starts a program that prints `listening on <url>`, and waits for that line. */
export async function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<BenchServer> {
  // To a file, as on a real machine: through a pipe each line would wake the load generator that shares the cores.
  const file = join(mkdtempSync(join(tmpdir(), 'cds-bench-log-')), 'log');
  const log = openSync(file, 'a');
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', log, 'inherit'],
  });
  closeSync(log);
  const url = await listening(child, file);
  return {
    url,
    process: child,
    rssMegabytes: () => Math.max(...processesOf(child).map(rssOf)),
    cpuMilliseconds: () => processesOf(child).reduce((sum, pid) => sum + cpuOf(pid), 0),
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

/** One user opens one chart over and over: each answer has its cards, or what is measured is an empty one. */
const reason = 'every answer of a bench has its cards';
const alwaysSaid = {
  repeatedInfoDays: { value: 0, unit: 'd', reason },
  repeatedWarningHours: { value: 0, unit: 'h', reason },
};

/** The built service with a store of its own, without a rate limit, and saying everything at each call. */
export function startService(env: NodeJS.ProcessEnv = {}): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cds-bench-'));
  const localKnowledge = mkdtempSync(join(tmpdir(), 'cds-bench-knowledge-'));
  writeFileSync(join(localKnowledge, 'settings.yaml'), JSON.stringify(alwaysSaid));
  return startProgram(['dist/main.js'], {
    DATABASE_URL: `file:${folder}/cds.sqlite`,
    LOG_LEVEL: 'info',
    RATE_LIMIT: '0',
    LOCAL_KNOWLEDGE: localKnowledge,
    ...env,
  });
}
