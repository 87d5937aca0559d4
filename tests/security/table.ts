import { readFileSync, writeFileSync } from 'node:fs';
import type { Attack } from './report.js';
import { isObject } from '../../src/json.js';

const page = 'docs/security.md';
const begin = '<!-- what was tried: written by npm run security-table -->';
const end = '<!-- end of what was tried -->';
const outcomes = ['refused', 'survived', 'answered'] as const;

function isAttack(value: unknown): value is Attack {
  return (
    isObject(value) &&
    [value['suite'], value['kind'], value['detail']].every((each) => typeof each === 'string') &&
    outcomes.some((outcome) => outcome === value['outcome']) &&
    (value['times'] === undefined || Number.isInteger(value['times']))
  );
}

/** The attacks of a report, one JSON object a line. */
export function attacksIn(ndjson: string): readonly Attack[] {
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const attack: unknown = JSON.parse(line);
      if (isAttack(attack)) return attack;
      throw new Error(`line ${index + 1} is no attack: suite, kind, outcome and detail are needed`);
    });
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    group.push(item);
    groups.set(keyOf(item), group);
  }
  return groups;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

/** For each suite a table: the kind of attack, how often it was tried, and how often it ended in which way. */
export function tableOf(attacks: readonly Attack[]): string {
  const suites = grouped(attacks, ({ suite }) => suite);
  const tables = [...suites]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([suite, those]) => {
      const kinds = [...grouped(those, ({ kind }) => kind)].sort(([a], [b]) => a.localeCompare(b));
      const rows = kinds.map(([kind, tries]) => {
        const counts = outcomes.map((outcome) =>
          tries.reduce((sum, each) => (each.outcome === outcome ? sum + (each.times ?? 1) : sum), 0),
        );
        const tried = counts.reduce((sum, count) => sum + count, 0);
        const details = [...new Set(tries.map(({ detail }) => cell(detail)).filter(Boolean))];
        return `| ${[cell(kind), tried, ...counts, details.slice(0, 3).join('; ')].join(' | ')} |`;
      });
      return [
        `#### ${cell(suite)}`,
        '',
        '| Kind | Tried | Refused | Survived | Answered | Seen |',
        '| --- | --- | --- | --- | --- | --- |',
        ...rows,
      ].join('\n');
    });
  return tables.join('\n\n');
}

/** The page with the tables of this report between its marks. */
export function withTables(text: string, attacks: readonly Attack[], made: string): string {
  const [before, rest = ''] = text.split(begin);
  const after = rest.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost the marks of the table`);
  const total = attacks.reduce((sum, { times = 1 }) => sum + times, 0);
  const summary = `${total} attacks in the run of ${made}, on Node ${process.version}:`;
  return `${before}${begin}\n\n${summary}\n\n${tableOf(attacks)}\n\n${end}${after}`;
}

const [, script, file = process.env['SECURITY_REPORT']] = process.argv;
if (script?.endsWith('table.ts') === true) {
  if (file === undefined || file === '') {
    process.stderr.write('npm run security-table -- <file that SECURITY_REPORT named in a test run>\n');
    process.exitCode = 2;
  } else {
    const made = new Date().toISOString().slice(0, 10);
    writeFileSync(page, withTables(readFileSync(page, 'utf8'), attacksIn(readFileSync(file, 'utf8')), made));
    process.stdout.write(`${page}\n`);
  }
}
