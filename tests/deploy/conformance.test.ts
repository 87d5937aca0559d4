import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/conformance.md', 'utf8');
const id = /\b(?:ACT|CARD|CORS|CTX|DISC|EXT|FB|FHIR|JSON|JWT|LNK|PF|SUG|TOK)-\d+\b/g;
const rows = [...page.matchAll(/^\| ([A-Z]+-\d+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, name = '', , shown = '']) => ({
    name,
    tests: [...shown.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }),
);

const textsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|md)$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'));

describe('the list of what the standard asks', () => {
  it('holds every id that code, tests and documents name, each once', () => {
    const named = new Set(
      ['src', 'tests', 'docs']
        .flatMap(textsIn)
        .flatMap((text) => [...text.matchAll(id)].map(([name]) => name)),
    );
    expect(named.size).toBeGreaterThan(50);
    const listed = rows.map(({ name }) => name);
    expect([...named].filter((name) => !listed.includes(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('names tests that exist', () => {
    expect(rows.flatMap(({ tests }) => tests.filter((file) => !existsSync(file)))).toEqual([]);
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });
});
