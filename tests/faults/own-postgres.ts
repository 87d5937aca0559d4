import { execFile } from 'node:child_process';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL of this test alone, which may be frozen without harm to others. */
export interface OwnPostgres {
  readonly url: string;
  /** Stops every process of it where it stands: connections stay open, nothing answers. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const ROOT = '/usr/lib/postgresql';

/** Folder of the programs of PostgreSQL; undefined where it is not installed. */
export const postgresPrograms = (): string | undefined => {
  try {
    const [newest] = readdirSync(ROOT).sort().reverse();
    return newest === undefined ? undefined : join(ROOT, newest, 'bin');
  } catch {
    return undefined;
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });

/** PostgreSQL refuses to run as root. */
const asPostgres = async (command: string): Promise<void> => {
  await (process.getuid?.() === 0
    ? run('su', ['postgres', '-s', '/bin/sh', '-c', command])
    : run('/bin/sh', ['-c', command]));
};

export const startOwnPostgres = async (programs: string): Promise<OwnPostgres> => {
  const folder = await mkdtemp(join(tmpdir(), 'cds-postgres-'));
  if (process.getuid?.() === 0) {
    const { stdout } = await run('id', ['-u', 'postgres']);
    await chown(folder, Number(stdout), -1);
  }
  const port = await freePort();
  const data = join(folder, 'data');
  await asPostgres(`${programs}/initdb -D ${data} -A trust -U postgres --no-sync >/dev/null`);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -k ${folder}`;
  await asPostgres(`${programs}/pg_ctl -D ${data} -w -l ${folder}/log -o '${options}' start >/dev/null`);
  const [pid = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  const signalled = async (signal: string): Promise<void> => {
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', pid]).catch(() => ({ stdout: '' }));
    await run('kill', [`-${signal}`, pid, ...stdout.split(/\s+/).filter((each) => each !== '')]);
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    freeze: () => signalled('STOP'),
    thaw: () => signalled('CONT'),
    stop: async () => {
      await asPostgres(`${programs}/pg_ctl -D ${data} -m immediate stop >/dev/null`);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
