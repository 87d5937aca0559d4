import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { validate, watching, type ValidationReport } from '../../src/cli/validate.js';
import { shippedArtifacts } from '../../src/knowledge/read/read-artifacts.js';
import { soundFolder } from './sound-artifacts.js';

describe('npm run validate', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
    await cp(soundFolder, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('says in one line what a valid folder holds', async () => {
    expect(await validate(['--folder', folder])).toEqual({
      exitCode: 0,
      lines: ['valid: 1 services, 1 rules (1 active), 1 scores, 10 inputs, 4 value sets, 0 overrides'],
    });
  });

  it('warns of what a further language has not translated', async () => {
    const languages = join(folder, 'languages');
    await cp(join(shippedArtifacts, 'languages'), languages, { recursive: true });
    await mkdir(join(languages, 'xx'));
    await writeFile(join(languages, 'xx/language.yaml'), 'code: xx\nname: Xanxa\nlocale: de-DE\n');
    const english = await readFile(join(languages, 'en/report.yaml'), 'utf8');
    await writeFile(join(languages, 'xx/report.yaml'), english.replace(/^(?:title|week):.*\n/gm, ''));
    const { exitCode, lines } = await validate(['--folder', folder]);
    expect(exitCode).toBe(0);
    expect(lines).toContain(
      'warning: languages/xx/report.yaml has no words yet, English is said: title, week',
    );
    const files = await readdir(join(languages, 'en'));
    const catalogues = files.filter((file) => file !== 'language.yaml');
    expect(lines.filter((line) => line.startsWith('warning: languages/'))).toHaveLength(catalogues.length);
  });

  it('prints problems as file:line:column with the expectation', async () => {
    await writeFile(join(folder, 'notes.txt'), 'to do');
    expect(await validate(['--folder', folder])).toEqual({
      exitCode: 1,
      lines: [
        'notes.txt:1:1 FILE_UNKNOWN expected a file of the layout in README.md, found notes.txt',
        '1 problem',
      ],
    });
  });

  it('accepts the overlay of the example hospital, and tells what it changes', async () => {
    const { exitCode, lines } = await validate(['--overlay', 'fixtures/local-hospital']);
    expect(exitCode).toBe(0);
    expect(lines).toContain('override: setting dentalAssessmentMaxAge: 6 → 4');
    const changed = lines.filter((line) => line.startsWith('changed by the overlay: rule dental-'));
    expect(changed.filter((line) => line.includes(': is fires, not silent'))).toHaveLength(2);
    // What follows from the hospital's own number is said with it.
    expect(changed.filter((line) => line.includes('does not say «check due'))).toHaveLength(1);
  });

  it('writes the lock, then refuses a change that keeps the version', async () => {
    expect((await validate(['--folder', folder, '--write-lock'])).exitCode).toBe(0);
    const reasons = join(folder, 'settings.yaml');
    const before = await readFile(reasons, 'utf8');
    await writeFile(reasons, before.replace('value: 6', 'value: 7'));
    const refused = await validate(['--folder', folder, '--write-lock']);
    expect(refused.exitCode).toBe(1);
    expect(refused.lines[0]).toContain('expected a version above 1.0.0');
    await writeFile(reasons, before.replace('value: 6', 'value: 7').replace('1.0.0', '1.1.0'));
    expect((await validate(['--folder', folder, '--write-lock'])).exitCode).toBe(0);
  });

  it('plays the examples of the rules that are named, and knows no others', async () => {
    const rule = join(folder, 'rules/dental/dental-assessment.yaml');
    const written = await readFile(rule, 'utf8');
    await writeFile(rule, written.replace('no drug, chart: []', 'no drug, drafts: [denosumab]'));
    const refused = await validate(['dental-assessment', '--folder', folder]);
    expect(refused.exitCode).toBe(1);
    expect(refused.lines[0]).toContain('rule dental-assessment, «no drug»');
    expect(await validate(['dental', '--folder', folder])).toEqual({
      exitCode: 1,
      lines: ['there is no rule or score dental'],
    });
  });

  it('watches the folder and validates again', async () => {
    const told: ValidationReport[] = [];
    const waiting: (() => void)[] = [];
    const stop = await watching(['--folder', folder], (report) => {
      told.push(report);
      waiting.splice(0).forEach((go) => {
        go();
      });
    });
    expect(told.map(({ exitCode }) => exitCode)).toEqual([0]);
    const again = new Promise<void>((resolve) => waiting.push(resolve));
    await writeFile(join(folder, 'notes.txt'), 'to do');
    await again;
    stop();
    expect(told[1]?.lines[0]).toContain('FILE_UNKNOWN');
  });
});
