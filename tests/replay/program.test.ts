import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { writePopulation, type Truth } from '../../src/population/population.js';
import { boneMetastasis, denosumab, exportOf, newFolder, patient, run, start, visit } from './running.js';

interface Report {
  readonly period: { readonly from: string; readonly to: string };
  readonly patients: number;
  readonly withLesion: number;
  readonly resources: number;
  readonly rejectedLines: number;
  readonly rejected: readonly { readonly file: string; readonly line: number; readonly why: string }[];
  readonly events: Readonly<Record<string, number>>;
  readonly cards: number;
  readonly cardsPer100Events: Readonly<Record<string, number>>;
  readonly rules: Readonly<
    Record<string, Readonly<Record<'fires' | 'unknown' | 'silent' | 'failed', number>>>
  >;
  readonly neverFired: readonly string[];
  readonly dormantInputs: Readonly<Record<string, string>>;
  readonly engine: { readonly knowledge: string; readonly edition: string };
  readonly limits: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly patient: string;
  readonly service: string;
  readonly at: string;
  readonly rule: string;
  readonly outcome: string;
  readonly shown: boolean;
}

const reportIn = (folder: string): Report =>
  JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;

const linesIn = (folder: string, name = 'cards.ndjson'): readonly Line[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

const folders: string[] = [];
const made = (folder: string): string => {
  folders.push(folder);
  return folder;
};
const dental = 'dental-assessment-before-antiresorptive';

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('a population', () => {
  let input: string;
  let truth: Truth;
  let one: string;
  let two: string;

  beforeAll(async () => {
    input = made(newFolder());
    truth = await writePopulation({ patients: 80, seed: 11, output: input, share: 0.2 });
    one = made(newFolder());
    two = made(newFolder());
    for (const [output, more] of [
      [one, ['--workers', '1']],
      [two, ['--workers', '2', '--keep-ids']],
    ] as const) {
      const { code, err } = await run(['--input', input, '--output', output, ...more]);
      expect(err).toBe('');
      expect(code).toBe(0);
    }
  }, 180_000);

  it('is counted as it was made', () => {
    const { patients, withLesion, resources, rejectedLines } = reportIn(one);
    expect({ patients, withLesion, resources, rejectedLines }).toEqual({
      patients: 80,
      withLesion: truth.withLesion.length,
      resources: truth.resources,
      rejectedLines: 0,
    });
  });

  it('hears what is true by construction', () => {
    const fired = new Set(
      linesIn(two)
        .filter(({ outcome }) => outcome === 'fires')
        .map(({ patient: name, at, rule }) => `${name} ${at} ${rule}`),
    );
    const wrong = truth.expected.filter(
      (each) => fired.has(`${each.patient} ${each.at} ${each.rule}`) !== each.fires,
    );
    expect(wrong).toEqual([]);
    expect(truth.expected.filter(({ fires }) => fires).length).toBeGreaterThan(5);
    expect(new Set(linesIn(two).map((line) => line.patient)).size).toBeLessThanOrEqual(
      truth.withLesion.length,
    );
  });

  it('gives the same whoever plays which part', () => {
    // Only what patients are called differs.
    const report = (folder: string): object => ({ ...reportIn(folder), pseudonyms: undefined });
    expect(report(two)).toEqual(report(one));
    const lines = (folder: string): readonly string[] =>
      linesIn(folder)
        .map((line) => JSON.stringify({ ...line, patient: undefined }))
        .sort();
    expect(lines(two)).toEqual(lines(one));
  });

  it('adds up', () => {
    const { cards, events, rules, cardsPer100Events, neverFired, period } = reportIn(one);
    const lines = linesIn(one);
    const shown = lines.filter((line) => line.shown);
    expect(cards).toBe(shown.length);
    for (const [service, rate] of Object.entries(cardsPer100Events)) {
      const own = shown.filter((line) => line.service === service).length;
      expect(rate).toBeCloseTo((100 * own) / (events[service] ?? 0), 1);
    }
    for (const rule of neverFired) expect(rules[rule]?.fires ?? 0).toBe(0);
    expect(neverFired).not.toContain(dental);
    const days = lines.map(({ at }) => at.slice(0, 10)).sort();
    expect(period.from <= (days[0] ?? '')).toBe(true);
    expect(period.to > (days.at(-1) ?? '')).toBe(true);
  });

  it('names no patient unless it is asked to', () => {
    for (const name of readdirSync(one)) {
      const text = readFileSync(join(one, name), 'utf8');
      for (const id of truth.withLesion) expect([name, text.includes(`"${id}"`)]).toEqual([name, false]);
      for (const word of ['Ashford', 'Aubrac', 'Patient/'])
        expect([name, text.includes(word)]).toEqual([name, false]);
    }
    expect(linesIn(two).every((line) => /^p\d+$/.test(line.patient))).toBe(true);
  });

  it('leaves no temporary file, and what it writes only its owner can read', () => {
    expect(readdirSync(one).sort()).toEqual([
      'cards.ndjson',
      'not-understood.csv',
      'report.html',
      'report.json',
    ]);
    for (const name of readdirSync(one)) expect(statSync(join(one, name)).mode & 0o077).toBe(0);
  });

  it('tells which codes are not understood, with lines that can be pasted', () => {
    const rows = readFileSync(join(one, 'not-understood.csv'), 'utf8').trimEnd().split('\n');
    expect(rows[0]).toBe('type,system,code,text,count');
    expect(rows.some((row) => row.includes('GLUC-F') || row.includes('GLY-J'))).toBe(true);
    const counts = rows.slice(1).map((row) => Number(/,(\d+)$/.exec(row)?.[1]));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    const page = readFileSync(join(one, 'report.html'), 'utf8');
    const pasted = /<pre>(&quot;&quot;:[\s\S]*?)<\/pre>/.exec(page)?.[1] ?? '';
    const first = pasted
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .split('\n')
      .slice(0, 5)
      .join('\n');
    expect(Object.values(parse(first) as object)[0]).toMatchObject([{ reason: '' }]);
  });

  it('writes one page in both languages that needs no network and runs no script', () => {
    const page = readFileSync(join(one, 'report.html'), 'utf8');
    for (const words of [
      'Replay of a population',
      'Rejeu d’une population',
      '<main lang="en"',
      '<main lang="fr"',
    ])
      expect([words, page.includes(words)]).toEqual([words, true]);
    expect(page.match(/<script|<link |<img |(?:src|href)="/g) ?? []).toEqual([]);
    const plots = page.match(/<svg role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/g) ?? [];
    expect(plots.length).toBe(6);
  });

  it('is compared with an earlier output: what a retired rule said, went', async () => {
    const overlay = made(exportOf({ 'rules.yaml': `${dental}:\n  status: retired\n  reason: a test\n` }));
    const output = made(newFolder());
    const { code, err } = await run([
      ...['--input', input, '--output', output, '--baseline', one, '--local-knowledge', overlay],
    ]);
    expect([code, err]).toEqual([0, '']);
    const changes = linesIn(output, 'changes.ndjson') as readonly (Line & { readonly change: string })[];
    const before = linesIn(one).filter(({ rule }) => rule === dental);
    const went = changes.filter(({ change, rule }) => change === 'went' && rule === dental);
    expect(went.length).toBe(before.length);
    expect(before.length).toBeGreaterThan(0);
    expect(changes.some(({ change, rule }) => change === 'came' && rule === dental)).toBe(false);
    expect(readFileSync(join(output, 'report.html'), 'utf8')).toContain(
      'What changed since the earlier replay',
    );
    expect(reportIn(output).engine.knowledge).not.toBe(reportIn(one).engine.knowledge);
  }, 60_000);

  it.each([
    ['another key', { FEEDBACK_SECRET: 'another key of sixteen letters' }, []],
    ['names of patients of another kind', {}, ['--keep-ids']],
    ['no key', { FEEDBACK_SECRET: '' }, []],
  ])('is not compared with an output under %s', async (_name, env, more) => {
    const output = made(newFolder());
    const { code, err } = await run(['--input', input, '--output', output, '--baseline', one, ...more], env);
    expect(code).toBe(2);
    expect(err).toContain('--baseline');
  });

  it('plays only the services, the period and the patients that are wanted', async () => {
    const output = made(newFolder());
    const wanted = [
      '--services',
      'antiresorptive-safety',
      '--from',
      '2024-03-01',
      '--to',
      '2024-05-01',
      '--limit',
      '5',
    ];
    const { code } = await run(['--input', input, '--output', output, ...wanted]);
    expect(code).toBe(0);
    const { events, period, withLesion } = reportIn(output);
    expect(Object.keys(events)).toEqual(['antiresorptive-safety']);
    expect(period).toEqual({ from: '2024-03-01', to: '2024-05-01' });
    expect(withLesion).toBe(5);
    const days = linesIn(output).map(({ at }) => at.slice(0, 10));
    expect(days.every((day) => day >= '2024-03-01' && day < '2024-05-01')).toBe(true);
  });

  it('leaves nothing behind when it is interrupted, and ends with 130', async () => {
    const output = made(newFolder());
    const { child, ended } = start(['--input', input, '--output', output, '--workers', '1']);
    while (!existsSync(join(output, '.replay'))) await sleep(10);
    expect(statSync(join(output, '.replay')).mode & 0o077).toBe(0);
    await sleep(500);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(readdirSync(output)).toEqual([]);
  });

  it('goes on where it was interrupted', async () => {
    const output = made(newFolder());
    const args = ['--input', input, '--output', output, '--workers', '1', '--resume'];
    const { child, ended } = start(args);
    const state = join(output, '.replay');
    while (!existsSync(join(state, 'grouped.json'))) await sleep(5);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    for (const name of readdirSync(state)) expect(statSync(join(state, name)).mode & 0o077).toBe(0);
    const again = await run(args);
    expect([again.code, again.err]).toEqual([0, 'resuming\n']);
    expect(reportIn(output)).toEqual(reportIn(one));
    expect(readFileSync(join(output, 'cards.ndjson'), 'utf8')).toBe(
      readFileSync(join(one, 'cards.ndjson'), 'utf8'),
    );
    expect(existsSync(state)).toBe(false);
  }, 90_000);
});

describe('an export as hospitals have them', () => {
  let output: string;

  beforeAll(async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'urn:uuid:0a8c5c52-52b1-4f8a-9a3c-111111111111', resource: patient('bundled') },
        {
          fullUrl: 'urn:uuid:0a8c5c52-52b1-4f8a-9a3c-222222222222',
          resource: {
            ...boneMetastasis('bundled-bone', 'x'),
            subject: { reference: 'urn:uuid:0a8c5c52-52b1-4f8a-9a3c-111111111111' },
          },
        },
      ],
    };
    const input = made(
      exportOf({
        'Patient.ndjson': [
          patient('a'),
          patient('b'),
          patient('dup', { meta: { lastUpdated: '2025-01-01T00:00:00Z' } }),
        ],
        'more.ndjson.gz': [
          boneMetastasis('bone-a', 'a'),
          denosumab('order-a', 'a'),
          // The drug stands in a resource of its own, which names no patient.
          {
            ...denosumab('order-b', 'b'),
            medicationCodeableConcept: undefined,
            medicationReference: { reference: 'Medication/m1' },
          },
          boneMetastasis('bone-b', 'b'),
        ],
        'Medication.ndjson': [
          {
            resourceType: 'Medication',
            id: 'm1',
            code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
          },
        ],
        'bundles.ndjson': [bundle],
        'log.ndjson': [{ kickoff: 'not a resource' }],
        'duplicates.ndjson': [
          // Newest by its date, though not the last line: the metastasis was a mistake.
          boneMetastasis('bone-dup', 'dup', {
            meta: { lastUpdated: '2025-06-01T00:00:00Z' },
            verificationStatus: { coding: [{ code: 'entered-in-error' }] },
          }),
          boneMetastasis('bone-dup', 'dup', { meta: { lastUpdated: '2025-02-01T00:00:00Z' } }),
          // Without dates the last line counts.
          visit('visit-a', 'a', '2025-01-20T08:00:00+01:00'),
          visit('visit-a', 'a', '2025-03-20T08:00:00+01:00'),
        ],
        'strange.ndjson':
          [
            '{"resourceType":"Observation","id":"half',
            '[1,2,3]',
            '"text"',
            '{"id":"no-type"}',
            '{"resourceType":"Spaceship","id":"x"}',
            '',
            JSON.stringify({
              resourceType: 'Observation',
              id: 'nobody',
              status: 'final',
              code: { text: 'x' },
            }),
            JSON.stringify({
              resourceType: 'Observation',
              id: 'formula',
              status: 'final',
              code: {
                coding: [{ system: 'https://hospital.example/lab', code: '=CMD()', display: '+danger' }],
              },
              subject: { reference: 'Patient/a' },
            }),
            JSON.stringify({
              resourceType: 'Observation',
              id: 'named',
              status: 'final',
              code: { text: 'Scan of Mrs Quillfeather' },
              subject: { reference: 'https://ehr.example/fhir/Patient/a' },
            }),
            JSON.stringify(visit('future', 'a', '2199-01-01T08:00:00Z')),
            JSON.stringify({ ...denosumab('undated', 'a'), authoredOn: undefined, status: 'completed' }),
          ].join('\n') + '\n',
        'notes.txt': 'no NDJSON',
      }),
    );
    output = made(newFolder());
    const { code, err } = await run(['--input', input, '--output', output, '--keep-ids', '--workers', '1']);
    expect([code, err]).toEqual([0, '']);
  }, 90_000);

  it('counts broken lines and skips them, and says where they are', () => {
    const { rejectedLines, rejected } = reportIn(output);
    expect(rejectedLines).toBe(4);
    expect(rejected).toEqual([
      { file: 'strange.ndjson', line: 1, why: 'not JSON' },
      { file: 'strange.ndjson', line: 2, why: 'not a JSON object' },
      { file: 'strange.ndjson', line: 3, why: 'not a JSON object' },
      { file: 'strange.ndjson', line: 4, why: 'no resourceType' },
    ]);
  });

  it('counts each resource once, and nothing that is none', () => {
    // 4 patients, 1 Medication, 3 + 2 + 2 of metastases and orders, a visit, 5 of the strange ones.
    const { resources, patients, withLesion, limits } = reportIn(output);
    expect({ resources, patients, withLesion }).toEqual({
      resources: 17,
      patients: 4,
      withLesion: 3,
    });
    expect(limits).toMatchObject({
      resourcesWithoutPatient: 1,
      resourcesOfOtherTypes: 1,
      eventsInTheFuture: 1,
      eventsWithoutDate: 1,
      requestsTakenAsActive: 1,
    });
  });

  it('plays patients of Bundles, drugs that are referred to, and the version that counts', () => {
    const { events } = reportIn(output);
    expect(events).toMatchObject({
      'bone-metastasis-onset': 3,
      'antiresorptive-safety': 2,
      'bone-metastasis-review': 1,
    });
    const reviewed = linesIn(output).filter(({ service }) => service === 'bone-metastasis-review');
    expect(new Set(reviewed.map(({ at }) => at))).toEqual(new Set(['2025-03-20T08:00:00+01:00']));
    const warned = linesIn(output).filter(({ rule }) => rule === dental);
    expect(new Set(warned.map((line) => line.patient))).toEqual(new Set(['a', 'b']));
  });

  it('writes no cell that a spreadsheet would run, and no name of a patient', () => {
    const csv = readFileSync(join(output, 'not-understood.csv'), 'utf8');
    expect(csv).toContain(`Observation,https://hospital.example/lab,'=CMD(),'+danger,1`);
    expect(csv).not.toMatch(/(?:^|,)"?[=+\-@]/m);
    for (const name of readdirSync(output))
      expect([name, /quillfeather|ottoline/i.test(readFileSync(join(output, name), 'utf8'))]).toEqual([
        name,
        false,
      ]);
  });
});

describe('what cannot be replayed', () => {
  const sound = { 'a.ndjson': [patient('a'), boneMetastasis('bone', 'a'), denosumab('order', 'a')] };

  it.each<[string, () => string, string]>([
    ['no folder', () => '/no/such/folder', 'there is no such folder'],
    ['a file in place of a folder', () => join(made(exportOf(sound)), 'a.ndjson'), 'is no folder'],
    ['no NDJSON', () => made(exportOf({ 'notes.txt': 'x' })), 'holds no NDJSON file'],
    ['only the log of the export', () => made(exportOf({ 'log.ndjson': '{}' })), 'holds no NDJSON file'],
  ])('%s ends with 1', async (_name, input, words) => {
    const output = made(newFolder());
    const { code, err } = await run(['--input', input(), '--output', output]);
    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(readdirSync(output)).toEqual([]);
  });

  it('files without any resource end with 1, every line named', async () => {
    const input = made(exportOf({ 'a.ndjson': 'not JSON\n{}\n', 'b.ndjson': '[]\n' }));
    const { code, err } = await run(['--input', input, '--output', made(newFolder()), '--workers', '1']);
    expect(code).toBe(1);
    for (const place of [
      'a.ndjson:1: not JSON',
      'a.ndjson:2: no resourceType',
      'b.ndjson:1: not a JSON object',
    ])
      expect(err).toContain(place);
  });

  it('a gzip file that ends in the middle ends with 1, with the line', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => ({
      ...patient(`p${index}`),
      text: String(Math.sin(index)),
    }));
    const input = made(exportOf({ 'a.ndjson.gz': lines, 'b.ndjson.gz': 'x', ...sound }));
    truncateSync(join(input, 'a.ndjson.gz'), 20_000);
    writeFileSync(join(input, 'b.ndjson.gz'), 'not gzip at all');
    const output = made(newFolder());
    const { code, err } = await run(['--input', input, '--output', output, '--workers', '1']);
    expect(code).toBe(1);
    expect(err).toMatch(/a\.ndjson\.gz:\d+: the gzip file ends in the middle/);
    expect(err).toMatch(/b\.ndjson\.gz:\d+: not a gzip file, or a damaged one/);
    expect(readdirSync(output)).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    ['no input', ['--output', 'x'], '--input: is needed'],
    ['an unknown option', ['--input', 'x', '--output', 'y', '--fast'], '--fast'],
    ['no day', ['--input', 'x', '--output', 'y', '--from', '2025-02-30'], '--from: expected a day'],
    [
      'days in the wrong order',
      ['--input', 'x', '--output', 'y', '--from', '2025-02-01', '--to', '2025-01-01'],
      'before',
    ],
    ['a language that there is not', ['--input', 'x', '--output', 'y', '--language', 'de'], '--language'],
    ['no workers', ['--input', 'x', '--output', 'y', '--workers', '0'], '--workers'],
    ['the output in the place of the input', ['--input', 'x', '--output', './x'], '--output'],
    ['a worker without a queue', ['--worker'], '--queue'],
    ['a queue of another kind', ['--input', 'x', '--output', 'y', '--queue', 'redis://x'], '--queue'],
  ])('%s ends with 2', async (_name, args, words) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it('a service that there is not ends with 2', async () => {
    const args = [
      '--input',
      made(exportOf(sound)),
      '--output',
      made(newFolder()),
      '--services',
      'x',
      '--workers',
      '1',
    ];
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain('no such service: x');
  });

  it('a hospital’s own knowledge with mistakes ends with 1, each of them named', async () => {
    const overlay = made(exportOf({ 'rules.yaml': 'no-such-rule: { status: retired, reason: x }\n' }));
    const args = [
      '--input',
      made(exportOf(sound)),
      '--output',
      made(newFolder()),
      '--local-knowledge',
      overlay,
    ];
    const { code, err } = await run([...args, '--workers', '1']);
    expect(code).toBe(1);
    expect(err).toContain('rules.yaml');
  });

  it('a patient with 100 000 lesions is set aside, and the others are played', async () => {
    const lesions = Array.from({ length: 100_000 }, (_, index) => boneMetastasis(`l${index}`, 'many'));
    const input = made(exportOf({ ...sound, 'many.ndjson': [patient('many'), ...lesions] }));
    const output = made(newFolder());
    const { code } = await run(['--input', input, '--output', output, '--workers', '1']);
    expect(code).toBe(0);
    const { events, limits, resources } = reportIn(output);
    expect(resources).toBe(100_004);
    expect(events['antiresorptive-safety']).toBe(1);
    expect(limits['patientsSetAside']).toEqual({ 'too-many-resources': 1 });
  }, 120_000);

  // Only root can make a disk that is small enough to be full.
  const smallDisk = made(newFolder());
  const isMounted = mounted(smallDisk);
  afterAll(() => {
    if (isMounted) execFileSync('umount', [smallDisk]);
  });
  (isMounted ? it : it.skip)('a disk that is full ends with 1 (needs the right to mount)', async () => {
    const output = join(smallDisk, 'output');
    mkdirSync(output);
    const { code, err } = await run(['--input', made(exportOf(sound)), '--output', output, '--workers', '1']);
    expect(code).toBe(1);
    expect(err).toContain('the disk is full');
    expect(existsSync(join(output, '.replay'))).toBe(false);
  });
});

function mounted(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
