import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decisionProblems, decisionsPage, readDecisions, type Decisions } from '../../src/cli/decisions.js';
import { prepared } from '../chart/charts.js';

/** How many decisions each section holds. */
const sections = { 1: 13, 2: 4, 3: 4, 4: 9, 5: 3, 6: 5, 7: 3, 8: 2, 9: 1, 10: 1 };
const numbers = Object.entries(sections).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
);

let table: Decisions;
beforeAll(async () => {
  table = await readDecisions();
});

describe('the table of decisions', () => {
  it('has a line for each', () => {
    expect(Object.keys(table.decisions).sort()).toEqual([...numbers].sort());
  });

  it('names rules, files and issues that are there', () => {
    expect(decisionProblems(table, prepared.knowledge)).toEqual([]);
  });

  it('is told what is not there', () => {
    const line = { title: 'x', where: ['no-such-rule', 'src/none.ts'] };
    const held = { test: ['examples of no-such-rule', 'tests/none.test.ts'] };
    const open = { open: { issue: 'none', what: 'all' } };
    const wrong = { issues: {}, decisions: { a: { ...line, ...held, ...open }, b: line } };
    expect(decisionProblems(wrong, prepared.knowledge)).toEqual([
      'a: there is no no-such-rule',
      'a: there is no src/none.ts',
      'a: there is no test examples of no-such-rule',
      'a: there is no test tests/none.test.ts',
      'a: no issue none',
      'b: there is no no-such-rule',
      'b: there is no src/none.ts',
      'b: neither held by a test nor open',
    ]);
  });

  it('is what was written (npm run decisions)', async () => {
    expect(await readFile('docs/decisions.md', 'utf8')).toBe(decisionsPage(table));
  });
});
