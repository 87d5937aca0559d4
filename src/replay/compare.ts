import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UsageError } from '../report/output.js';
import type { Change, Changes } from './findings.js';
import { isObject } from '../json.js';

type Line = Readonly<Record<string, unknown>>;

/** Makes sure that an earlier output can be compared with: it is there, and calls the patients by the same names. */
export async function checkBaseline(folder: string, pseudonyms: string): Promise<void> {
  let report: unknown;
  try {
    report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
  } catch {
    throw new UsageError(`--baseline: ${folder} holds no report.json of an earlier replay`);
  }
  if (!isObject(report) || report['pseudonyms'] !== pseudonyms) {
    throw new UsageError(
      '--baseline: was made under another key, or with other names of patients: set FEEDBACK_SECRET to the key of that run (or use --keep-ids in both)',
    );
  }
}

const text = (line: Line, name: string): string => {
  const value = line[name];
  return typeof value === 'string' ? value : '';
};

/** One patient's cards of one output: the lines of an output stand patient by patient. */
async function* byPatient(path: string, rankOf: (patient: string) => string) {
  let patient: string | undefined;
  let lines: Line[] = [];
  for await (const raw of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (raw === '') continue;
    const line: unknown = JSON.parse(raw);
    if (!isObject(line)) continue;
    const own = text(line, 'patient');
    if (patient !== undefined && own !== patient) {
      yield { patient, rank: rankOf(patient), lines };
      lines = [];
    }
    patient = own;
    lines.push(line);
  }
  if (patient !== undefined) yield { patient, rank: rankOf(patient), lines };
}

const examplesPerRule = 3;

/**
 * Compares two outputs patient by patient, in memory one patient of each.
 * @param rankOf in whose order the patients stand in both files
 * @param write gets each line of changes.ndjson
 */
export async function compare(
  before: string,
  after: string,
  rankOf: (patient: string) => string,
  write: (change: Change) => void,
): Promise<Changes> {
  const rules: Record<string, { came: number; went: number; changed: number }> = {};
  const examples: Change[] = [];
  const tell = (change: Change): void => {
    const counts = (rules[change.rule] ??= { came: 0, went: 0, changed: 0 });
    counts[change.change]++;
    if (examples.filter(({ rule }) => rule === change.rule).length < examplesPerRule) examples.push(change);
    write(change);
  };
  const olds = byPatient(join(before, 'cards.ndjson'), rankOf);
  const news = byPatient(join(after, 'cards.ndjson'), rankOf);
  let old = await olds.next();
  let now = await news.next();
  while (old.done !== true || now.done !== true) {
    const oldRank = old.done === true ? '~' : old.value.rank;
    const newRank = now.done === true ? '~' : now.value.rank;
    const same = oldRank === newRank;
    const earlier = old.done !== true && oldRank <= newRank ? old.value.lines : [];
    const later = now.done !== true && newRank <= oldRank ? now.value.lines : [];
    changesOf(earlier, later).forEach(tell);
    if (same || oldRank < newRank) old = await olds.next();
    if (same || newRank < oldRank) now = await news.next();
  }
  return { rules, examples };
}

/** What a card of one place says, beside where it stands. */
const said = ['outcome', 'indicator', 'recommendations', 'unchecked', 'shown'] as const;

function changesOf(before: readonly Line[], after: readonly Line[]): readonly Change[] {
  const keyOf = (line: Line): string =>
    JSON.stringify(['patient', 'service', 'hook', 'at', 'rule'].map((name) => text(line, name)));
  const wordsOf = (line: Line): string => JSON.stringify(said.map((name) => line[name]));
  const grouped = (lines: readonly Line[]): Map<string, Line[]> => {
    const groups = new Map<string, Line[]>();
    for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
    return groups;
  };
  const [olds, news] = [grouped(before), grouped(after)];
  return [...new Set([...olds.keys(), ...news.keys()])].sort().flatMap((key) => {
    const old = [...(olds.get(key) ?? [])];
    // What is said in the same words is the same card; the others of one place are told apart in their order.
    const left = (news.get(key) ?? []).filter((line) => {
      const same = old.findIndex((other) => wordsOf(other) === wordsOf(line));
      if (same >= 0) old.splice(same, 1);
      return same < 0;
    });
    return Array.from({ length: Math.max(old.length, left.length) }, (_, index) =>
      changeOf(old[index], left[index]),
    ).filter((change) => change !== undefined);
  });
}

function changeOf(before: Line | undefined, after: Line | undefined): Change | undefined {
  const line = after ?? before;
  if (line === undefined) return undefined;
  const part = (of: Line): Readonly<Record<string, unknown>> =>
    Object.fromEntries(said.map((name) => [name, of[name]]));
  return {
    change: before === undefined ? 'came' : after === undefined ? 'went' : 'changed',
    patient: text(line, 'patient'),
    service: text(line, 'service'),
    hook: text(line, 'hook'),
    at: text(line, 'at'),
    rule: text(line, 'rule'),
    ...(before !== undefined && { before: part(before) }),
    ...(after !== undefined && { after: part(after) }),
  };
}
