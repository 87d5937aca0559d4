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

interface TextFile {
  readonly file: string;
  readonly text: string;
}

const filesIn = (folder: string): readonly TextFile[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|js|md|yaml|css|html)$/.test(file))
    .map((file) => join(folder, file))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

const repository: readonly TextFile[] = [
  ...['src', 'tests', 'docs', 'cds-services', 'fixtures', 'bench', 'deploy'].flatMap(filesIn),
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((file) => ({
    file,
    text: readFileSync(file, 'utf8'),
  })),
];

describe('the list of what the standard asks', () => {
  it('holds every id that code, tests and documents name, each once', () => {
    const named = new Set(
      repository
        // The knowledge has ids of its own, of which some begin alike: the caveats of a score.
        .filter(({ file }) => file !== 'docs/conformance.md' && !file.startsWith('cds-services'))
        .flatMap(({ text }) => [...text.matchAll(id)].map(([name]) => name)),
    );
    expect(named.size).toBeGreaterThan(50);
    const listed = rows.map(({ name }) => name);
    expect([...named].filter((name) => !listed.includes(name))).toEqual([]);
    expect(listed.filter((name) => !named.has(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('names tests that exist', () => {
    expect(rows.flatMap(({ tests }) => tests.filter((file) => !existsSync(file)))).toEqual([]);
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });
});

describe('what the repository refers to', () => {
  it('by the id of a recommendation is one of the guideline', () => {
    const known = readFileSync('cds-services/recommendations.yaml', 'utf8');
    const isKnown = (name: string): boolean => known.includes(`\n${name}:`);
    const unknown = repository
      // Outlines of the body are drawn with such letters; broken artifacts are meant to be broken.
      .filter(({ file }) => !/^(?:src.ui.body|fixtures.broken)\b/.test(file))
      .flatMap(({ file, text }) =>
        [...text.matchAll(/(?<![\w-])[CDGILNPRSTX]-\d\d(?![\w-])/g)]
          .filter(([name]) => !isKnown(name))
          .map(([name]) => `${file}: ${name}`),
      );
    expect(unknown).toEqual([]);
  });

  it('stands in it: no chapter of a document, and no number of an issue, that a reader cannot open', () => {
    const elsewhere =
      /\bcontract (?:section )?\d|\bof (?:our|the) contract\b|\bruling [a-z\d]\b|\bissue #?\d/i;
    const own = join('tests', 'deploy', 'conformance.test.ts');
    expect(
      repository.filter(({ file, text }) => file !== own && elsewhere.test(text)).map(({ file }) => file),
    ).toEqual([]);
  });
});
