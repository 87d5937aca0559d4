import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import pg from 'pg';
import { reportWish } from '../../src/cli/report.js';
import { UsageError } from '../../src/report/output.js';
import { program } from '../built.js';
import { filePlace, NOW, postgresPlace, type Place } from '../feedback/places.js';
import { dental, fill, NORTH, retired, sins, SOUTH } from '../monitoring/store-of-weeks.js';

const server = process.env['TEST_POSTGRES_URL'];
const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cds-report-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const report = (url: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program('cli/report'), ...args], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

interface Cards {
  readonly shown: number;
  readonly reasons: Readonly<Record<string, number>>;
}

interface Written {
  readonly calls: number;
  readonly cards: Cards;
  readonly rules: Readonly<Record<string, Cards & { readonly weeks: Readonly<Record<string, Cards>> }>>;
  readonly clients: Readonly<Record<string, Cards>>;
  readonly drift: readonly unknown[];
}

const written = (folder: string): Written =>
  JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Written;

const eightWeeks = ['--from', '2026-08-24', '--to', '2026-10-19'];

const suite = (placeOf: () => Promise<Place>): void => {
  let place: Place;
  let output: string;
  beforeAll(async () => {
    place = await placeOf();
    await fill(place.url);
    output = newFolder();
    expect(report(place.url, ...eightWeeks, '--output', output)).toEqual({
      status: 0,
      stdout: `58 calls, 31 cards shown: ${output}\n`,
      stderr: '',
    });
  }, 120_000);
  afterAll(() => place.remove());

  it('counts what was shown and what clinicians did with it, first-time and repeated apart', () => {
    const { calls, cards } = written(output);
    expect(calls).toBe(58);
    expect(cards).toEqual({
      shown: 31,
      firstTime: 23,
      repeated: 8,
      accepted: 8,
      declined: 15,
      // What is no reason of ours may be what somebody typed in.
      reasons: { 'done-elsewhere': 8, 'not-appropriate': 5, '': 1, other: 1 },
      ignored: 8,
      shadow: 8,
      folded: 6,
      shortened: 6,
      withheld: 6,
      unchecked: 6,
    });
  });

  it('counts by rule and week', () => {
    const { rules } = written(output);
    expect(Object.keys(rules)).toEqual([dental, retired, sins].sort());
    expect(rules[dental]?.weeks['2026-W35']).toMatchObject({
      ...{ shown: 3, firstTime: 2, repeated: 1, accepted: 1, declined: 1, ignored: 1, shadow: 1 },
      outcomes: { fires: 4, unknown: 0, silent: 0, failed: 0 },
    });
    expect(rules[sins]?.weeks['2026-W40']).toMatchObject({ shown: 1, declined: 1, folded: 1 });
    expect(rules[sins]?.weeks['2026-W41']).toMatchObject({ shown: 0, outcomes: { fires: 0, silent: 4 } });
  });

  it('keeps clients apart, and what was made in shadow from what was shown', () => {
    const { clients } = written(output);
    expect(clients[NORTH]).toMatchObject({ shown: 31, shadow: 0 });
    expect(clients[SOUTH]).toMatchObject({ shown: 0, shadow: 8, ignored: 0 });
    const alone = newFolder();
    expect(report(place.url, ...eightWeeks, '--client', SOUTH, '--output', alone).status).toBe(0);
    expect(Object.keys(written(alone).clients)).toEqual([SOUTH]);
    expect(written(alone).cards).toMatchObject({ shown: 0, shadow: 8 });
    expect(readFileSync(join(alone, 'report.html'), 'utf8')).toContain('made in shadow');
  });

  it('tells which rule fell silent', () => {
    // Four calls a week in which it fired; of its declines there are fewer than can be judged.
    expect(written(output).drift).toEqual([{ kind: 'fell-silent', rule: sins, before: 4 }]);
  });

  it('writes one page in both languages that needs no network and runs no script', () => {
    const page = readFileSync(join(output, 'report.html'), 'utf8');
    for (const words of [
      ...[
        'Report of the running service',
        'Rapport du service en marche',
        '<main lang="en"',
        '<main lang="fr"',
      ],
      ...[
        'Dental assessment before an antiresorptive',
        'Déjà fait ailleurs',
        'https://south.example.org',
        retired,
      ],
      ...['has been silent for two weeks', 'se tait depuis deux semaines'],
    ])
      expect([words, page.includes(words)]).toEqual([words, true]);
    expect(page.match(/<script|<link |<img |(?:src|href)="/g) ?? []).toEqual([]);
    const plots = page.match(/<svg role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/g) ?? [];
    expect(plots.length).toBe(6);
  });

  it('names no patient, no user and no card, and only its owner can read it', () => {
    for (const name of readdirSync(output)) {
      const text = readFileSync(join(output, name), 'utf8');
      for (const word of ['k.patient', 'k.user', 'k.dental', 'Moreau', 'typed by hand', 'Practitioner'])
        expect([name, word, text.includes(word)]).toEqual([name, word, false]);
      expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
      expect(statSync(join(output, name)).mode & 0o077).toBe(0);
    }
  });

  it('from the first moment included to the last excluded', () => {
    const folder = newFolder();
    const hour = ['--from', '2026-08-25T09:00:00Z', '--to', '2026-08-26T11:00:00+02:00'];
    expect(report(place.url, ...hour, '--output', folder).status).toBe(0);
    expect(written(folder).cards).toMatchObject({ shown: 1, accepted: 1 });
  });

  it('of a period without calls says what the store holds', () => {
    const folder = newFolder();
    const { status, stderr } = report(
      place.url,
      '--from',
      '2025-01-01',
      '--to',
      '2025-02-01',
      '--output',
      folder,
    );
    expect(status).toBe(0);
    expect(stderr).toBe(
      'nothing was recorded in this period; the store holds calls from 2026-08-25T09:00:00.000Z to 2026-10-18T09:00:00.000Z\n',
    );
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('Nothing was recorded in this period.');
    expect(page).toContain('Rien n’a été enregistré pendant cette période.');
  });
};

describe('the report from SQLite', () => {
  suite(filePlace);
});
(server === undefined ? describe.skip : describe)(
  'the report from PostgreSQL (needs TEST_POSTGRES_URL)',
  () => {
    suite(() => postgresPlace(server ?? ''));
  },
);

describe('a store that cannot be read', () => {
  let place: Place;
  beforeAll(async () => {
    place = await filePlace();
    await fill(place.url);
  });
  afterAll(() => place.remove());

  const changed = (statement: string): string => {
    const copy = join(newFolder(), 'cds.sqlite');
    writeFileSync(copy, readFileSync(place.url.slice('file:'.length)));
    const database = new Database(copy);
    database.exec(statement);
    database.close();
    return `file:${copy}`;
  };

  it.each<[string, () => string, string]>([
    ['none', () => `file:${newFolder()}/none.sqlite`, 'there is no store of the service here'],
    ['an empty database', () => changed('drop table migrations'), 'there is no store of the service here'],
    [
      'of a newer version',
      () => changed(`insert into migrations values ('2027-01-more', '2027-01-01')`),
      'a newer version of the service writes this store',
    ],
    [
      'of an earlier version',
      () => changed(`delete from migrations where name = '2026-12-said-before'`),
      'an earlier version of the service wrote this store',
    ],
    [
      'that is no database',
      () => {
        const path = join(newFolder(), 'cds.sqlite');
        writeFileSync(path, 'no database at all, and longer than a header of SQLite would be'.repeat(30));
        return `file:${path}`;
      },
      'the store cannot be read (SQLITE_NOTADB)',
    ],
    ['that is not there', () => 'postgres://x:y@127.0.0.1:9/none', 'the store cannot be read (ECONNREFUSED)'],
  ])('%s ends with 1, and is left as it is', (_what, url, words) => {
    const at = url();
    const path = at.slice('file:'.length);
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const output = join(newFolder(), 'output');
    const { status, stderr, stdout } = report(at, ...eightWeeks, '--output', output);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`DATABASE_URL: ${words}`);
    expect(existsSync(path) ? readFileSync(path) : undefined).toEqual(before);
    expect(existsSync(output)).toBe(false);
  });

  (server === undefined ? it.skip : it)('a PostgreSQL without our tables ends with 1', async () => {
    const empty = await postgresPlace(server ?? '');
    try {
      expect(report(empty.url, '--output', newFolder())).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('there is no store of the service here'),
      });
      const client = new pg.Client({ connectionString: empty.url });
      await client.connect();
      const { rows } = await client.query(
        'select 1 from information_schema.tables where table_schema = current_schema()',
      );
      await client.end();
      expect(rows).toEqual([]);
    } finally {
      await empty.remove();
    }
  });

  it('an output that cannot be written ends with 1', () => {
    const file = join(newFolder(), 'file');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    const { status, stderr } = report(place.url, ...eightWeeks, '--output', file);
    expect(status).toBe(1);
    expect(stderr).toContain('cannot be written to');
  });
});

describe('the command line of the report', () => {
  const wish = (...args: readonly string[]) => reportWish(args, NOW, 'en');

  it('is of the twelve weeks until now, unless it says otherwise', () => {
    expect(wish()).toEqual({
      from: new Date('2026-08-28T12:00:00Z'),
      to: NOW,
      client: undefined,
      output: 'data/report',
      language: 'en',
    });
    expect(wish('--from', '2026-11-01', '--to', '2026-11-02', '--language', 'fr')).toMatchObject({
      from: new Date('2026-11-01T00:00:00Z'),
      to: new Date('2026-11-02T00:00:00Z'),
      language: 'fr',
    });
  });

  it.each<[readonly string[], string]>([
    [['--from', '2026-02-30'], '--from: expected YYYY-MM-DD'],
    [['--to', 'yesterday'], '--to: expected YYYY-MM-DD'],
    [['--from', '2026-11-02', '--to', '2026-11-01'], '--from must be before --to'],
    [['--from', '2026-11-01', '--to', '2026-11-01'], '--from must be before --to'],
    [['--from', '2027-01-01'], '--from: lies in the future'],
    [['--language', 'de'], '--language: expected one of en, fr'],
    [['--fast'], '--fast'],
  ])('%j is refused', (args, words) => {
    expect(() => wish(...args)).toThrow(UsageError);
    expect(() => wish(...args)).toThrow(words);
  });

  it('that is refused ends with 2, every mistake on a line', () => {
    const { status, stderr } = report('file:none', '--from', 'x', '--to', 'y');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--from: [^\n]+\n--to: [^\n]+\nreport \[--from/);
    expect(report('mysql://x').status).toBe(2);
  });
});
