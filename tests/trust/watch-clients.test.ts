import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readClientsFile, watchClients } from '../../src/trust/watch-clients.js';
import type { TrustedClients } from '../../src/trust/watch-clients.js';

const fileOf = (...names: readonly string[]): string =>
  names.length === 0
    ? 'clients: []\n'
    : `clients:\n${names
        .map(
          (name) => `  - { name: ${name}, issuer: ${name}, jwks: { url: 'https://${name}.example/jwks' } }\n`,
        )
        .join('')}`;

let folder: string;
let file: string;
let log: { readonly level: string; readonly fields: object; readonly message: string }[];
let watched: TrustedClients | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clients-'));
  file = join(folder, 'clients.yaml');
  log = [];
});

afterEach(() => {
  watched?.close();
  watched = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const start = async (production = false, pollMs = 50): Promise<TrustedClients> => {
  const write = (level: string) => (fields: object, message: string) =>
    void log.push({ level, fields, message });
  const options = {
    production,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    pollMs,
  };
  const result = await watchClients(file, options);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  watched = result.clients;
  return result.clients;
};

const namesOf = (clients: TrustedClients): readonly string[] => clients.current().map(({ name }) => name);

const eventually = async (holds: () => boolean): Promise<boolean> => {
  const until = Date.now() + 15_000;
  while (Date.now() < until) {
    if (holds()) return true;
    await wait(20);
  }
  return holds();
};

describe('the clients file', () => {
  it('that is invalid or missing at start is the problem of the start', async () => {
    const options = {
      production: true,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    };
    expect(await watchClients(file, options)).toEqual({
      ok: false,
      problems: [{ line: 0, path: '', expected: 'a file that can be read' }],
    });
    writeFileSync(file, fileOf());
    expect((await watchClients(file, options)).ok).toBe(false);
  });

  it('can be read once', async () => {
    expect((await readClientsFile(file, true)).ok).toBe(false);
    writeFileSync(file, fileOf('a'));
    expect(await readClientsFile(file, true)).toMatchObject({ ok: true, clients: [{ name: 'a' }] });
  });

  it('is re-read when it is written', async () => {
    writeFileSync(file, fileOf('a'));
    const clients = await start();
    expect(namesOf(clients)).toEqual(['a']);
    writeFileSync(file, fileOf('a', 'b'));
    expect(await eventually(() => namesOf(clients).join() === 'a,b')).toBe(true);
    expect(log).toEqual([{ level: 'info', fields: { clients: 2 }, message: 'clients file re-read' }]);
  });

  it('is re-read when it is replaced by another, as editors do, more than once', async () => {
    writeFileSync(file, fileOf('a'));
    const clients = await start();
    for (const name of ['b', 'c', 'd']) {
      writeFileSync(`${file}.new`, fileOf(name));
      renameSync(`${file}.new`, file);
      expect(await eventually(() => namesOf(clients).join() === name)).toBe(true);
    }
  });

  it('is re-read when it is a link that moves, as Kubernetes does', async () => {
    writeFileSync(join(folder, 'one'), fileOf('a'));
    writeFileSync(join(folder, 'two'), fileOf('b'));
    symlinkSync('one', file);
    const clients = await start();
    symlinkSync('two', `${file}.new`);
    renameSync(`${file}.new`, file);
    expect(await eventually(() => namesOf(clients).join() === 'b')).toBe(true);
  });

  it('is re-read without waiting for the next look at its time', async () => {
    writeFileSync(file, fileOf('a'));
    const clients = await start(false, 60_000);
    writeFileSync(file, fileOf('b'));
    expect(await eventually(() => namesOf(clients).join() === 'b')).toBe(true);
  });

  it.each([
    ['at once after the start', 0],
    ['later', 500],
  ])(
    'is re-read when the folder that is watched does not change, and no time tells: %s',
    async (_when, ms) => {
      mkdirSync(join(folder, 'elsewhere'));
      const target = join(folder, 'elsewhere', 'real.yaml');
      const write = (text: string): void => {
        writeFileSync(target, text);
        utimesSync(target, 1, 1);
      };
      write(fileOf('a'));
      symlinkSync(target, file);
      const clients = await start();
      await wait(ms);
      write(fileOf('b'));
      expect(await eventually(() => namesOf(clients).join() === 'b')).toBe(true);
    },
  );

  it('keeps its last valid version when the new one is refused, with the reasons in the log, once', async () => {
    writeFileSync(file, fileOf('a'));
    const clients = await start();
    writeFileSync(file, `${fileOf('b')}    extra: 1\n`);
    expect(await eventually(() => log.length > 0)).toBe(true);
    for (const seconds of [1, 2]) {
      utimesSync(file, seconds, seconds);
      await wait(250);
    }
    expect(log).toHaveLength(1);
    expect(log[0]?.level).toBe('error');
    expect(JSON.stringify(log[0]?.fields)).toContain('"line":');
    expect(namesOf(clients)).toEqual(['a']);
    writeFileSync(file, fileOf('c'));
    expect(await eventually(() => namesOf(clients).join() === 'c')).toBe(true);
  });

  it('keeps its last valid version when the file is gone or empty, and takes it up when it is back', async () => {
    writeFileSync(file, fileOf('a'));
    const clients = await start();
    unlinkSync(file);
    expect(await eventually(() => log.length === 1)).toBe(true);
    writeFileSync(file, '');
    expect(await eventually(() => log.length === 2)).toBe(true);
    expect(namesOf(clients)).toEqual(['a']);
    writeFileSync(file, fileOf('b'));
    expect(await eventually(() => namesOf(clients).join() === 'b')).toBe(true);
  });

  it('keeps to the rules of production when it changes', async () => {
    writeFileSync(file, fileOf('a'));
    const clients = await start(true);
    writeFileSync(file, fileOf('b').replace('https:', 'http:'));
    expect(await eventually(() => log.length === 1)).toBe(true);
    expect(namesOf(clients)).toEqual(['a']);
  });

  it('is left alone after close', async () => {
    writeFileSync(file, fileOf('a'));
    const clients = await start();
    clients.close();
    writeFileSync(file, fileOf('b'));
    await wait(400);
    expect(namesOf(clients)).toEqual(['a']);
    expect(log).toEqual([]);
  });
});
