import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/cli/start.js', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a process has used, as the kernel counts it. */
export interface Usage {
  /** Processor time of all its threads, in ms. */
  readonly cpuMs: number;
  /** The most memory that it has held since the peak was last reset, in MB. */
  readonly peakMb: number;
}

/** The service as `npm start` runs it: compiled, in a process of its own. */
export interface BuiltService {
  readonly url: string;
  readonly child: ChildProcess;
  readonly isAlive: () => boolean;
  readonly printed: () => string;
  readonly usage: () => Promise<Usage>;
  /** From now on the peak of memory is counted anew. */
  readonly resetPeak: () => Promise<void>;
  /** Ends the process and removes its folder. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the built service on a free port, by the Node that runs the tests; what has changed is compiled first.
 * @param clients what the clients file holds; none is written when it is left out
 * @param shell a command of `sh` before the start, such as `ulimit -n 1024`
 */
export async function startBuilt(
  env: Readonly<Record<string, string>> = {},
  clients?: readonly unknown[],
  shell = 'true',
): Promise<BuiltService> {
  const folder = await mkdtemp(join(tmpdir(), 'cds-built-'));
  const file = join(folder, 'clients.yaml');
  if (clients !== undefined) await writeFile(file, JSON.stringify({ clients }));
  const child = spawn('sh', ['-c', `${shell} && exec "$0" "$@"`, process.execPath, program], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      DATABASE_URL: `file:${folder}/cds.sqlite`,
      RATE_LIMIT: '0',
      FAILURE_LIMIT: '0',
      ...(clients !== undefined && { CLIENTS_FILE: file }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  while (!/listening on \S+\n/.test(output)) {
    if (!isAlive()) throw new Error(output);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const proc = `/proc/${child.pid}`;
  return {
    url: /listening on (\S+)/.exec(output)?.[1] ?? '',
    child,
    isAlive,
    printed: () => output,
    usage: async () => {
      const [stat, status] = await Promise.all([
        readFile(`${proc}/stat`, 'utf8'),
        readFile(`${proc}/status`, 'utf8'),
      ]);
      // After the name in brackets: fields 14 and 15 are user and system time in ticks of 10 ms.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const peakKb = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]);
      return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, peakMb: peakKb / 1024 };
    },
    resetPeak: () => writeFile(`${proc}/clear_refs`, '5'),
    stop: async () => {
      if (isAlive()) {
        const ended = once(child, 'close');
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
