import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeCatalogue } from '../../src/cli/catalogue.js';
import { catalogue } from '../../src/publish/catalogue.js';
import { shippedPrepared } from '../shared/knowledge.js';

const { knowledge } = await shippedPrepared();
const page = catalogue(knowledge);
const committed = 'docs/catalogue.md';

describe('the catalogue', () => {
  it('has one row for each recommendation, in both languages', () => {
    const rows = new Map(page.split('\n').map((line) => [/^\| ([A-Z]-\d\d) \|/.exec(line)?.[1], line]));
    const wrong = [...knowledge.recommendations.values()].filter(({ id, title }) => {
      const line = rows.get(id) ?? '';
      return !line.includes(title.en) || !line.includes(title.fr);
    });
    expect(wrong).toEqual([]);
  });

  it('has one section for each rule, with its services, and every link leads to one', () => {
    const sections = new Set([...page.matchAll(/^### (.+)$/gm)].map(([, id]) => id));
    expect(sections).toEqual(new Set(knowledge.rules.keys()));
    const linked = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(linked.length).toBeGreaterThan(0);
    expect(linked.filter((id) => !sections.has(id))).toEqual([]);
  });

  it('keeps every table row on one line with as many cells as the heading', () => {
    const cells = page
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replace(/\\\|/g, '').split('|').length);
    expect(new Set(cells)).toEqual(new Set([9]));
  });

  it('lists what a hospital has changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
    const out = join(folder, 'catalogue.md');
    const local = 'dentalAssessmentMaxAge: { value: 4, unit: mo, reason: local protocol }\n';
    await writeFile(join(folder, 'settings.yaml'), local);
    expect(await writeCatalogue(['--out', out, '--overlay', folder])).toBe(out);
    expect(await readFile(out, 'utf8')).toMatch(
      /## Local changes[^]*dentalAssessmentMaxAge.*6.*4.*local protocol/,
    );
    await rm(folder, { recursive: true });
  });

  const whenCommitted = existsSync(committed) ? it : it.skip;
  whenCommitted('is up to date in docs/', () => {
    expect(readFileSync(committed, 'utf8')).toBe(page);
  });
});
