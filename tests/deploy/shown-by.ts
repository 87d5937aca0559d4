import { existsSync, readFileSync } from 'node:fs';

/** A row of a table that says what answers a threat or a hazard, and which test would fail. */
export interface ShownBy {
  readonly what: string;
  readonly answer: string;
  readonly shown: string;
}

/** The rows of all tables of a page with this heading. */
export function rowsBelow(page: string, heading: string): readonly ShownBy[] {
  return readFileSync(page, 'utf8')
    .split(`| ${heading} |\n`)
    .slice(1)
    .flatMap((rest) => rest.split('\n\n')[0]?.split('\n') ?? [])
    .filter((line) => /^\| (?!-)/.test(line))
    .map((line) => line.split(' | '))
    .map(([what = '', answer = '', shown = '']) => ({ what: what.replace(/^\| /, ''), answer, shown }));
}

const filesIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`((?:src|tests|deploy|bench)\/[^`\s]*)`/g)].map(([, file = '']) => file);

/** What a row names and what is not there: code, a test at all, the name of a test in those files. */
export function missingOf({ answer, shown }: ShownBy): readonly string[] {
  const files = [...filesIn(answer), ...filesIn(shown)];
  const tests = filesIn(shown).filter((file) => file.endsWith('.test.ts'));
  const text = tests.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('\n');
  const quoted = [...shown.matchAll(/«([^»]+)»/g)].map(([, name = '']) => name);
  return [
    ...files.filter((file) => !existsSync(file)),
    ...(tests.length === 0 ? ['no test'] : []),
    ...quoted.filter((name) => !text.includes(name)),
  ];
}
