import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** The rows of the tables that say which test would fail. */
const threats = readFileSync('docs/security.md', 'utf8')
  .split(/^\| Threat \| Answered by \| Shown by \|\n\|[- |]+\n/m)
  .slice(1)
  .flatMap((rest) => rest.split('\n\n')[0]?.split('\n') ?? [])
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split(' | '))
  .map(([threat = '', answer = '', shown = '']) => [threat.replace(/^\| /, ''), answer, shown] as const);

const filesIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`((?:src|tests|deploy|bench)\/[^`\s]*)`/g)].map(([, file = '']) => file);

describe('the threat model', () => {
  it('is read here as it is written', () => {
    expect(threats.length).toBeGreaterThan(35);
  });

  it.each(threats)('of «%s» names code and a test that exist', (_threat, answer, shown) => {
    const files = [...filesIn(answer), ...filesIn(shown)];
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const tests = filesIn(shown).filter((file) => file.endsWith('.test.ts'));
    expect(tests).not.toEqual([]);
    const text = tests.map((file) => readFileSync(file, 'utf8')).join('\n');
    const quoted = [...shown.matchAll(/«([^»]+)»/g)].map(([, name = '']) => name);
    expect(quoted.filter((name) => !text.includes(name))).toEqual([]);
  });
});
