import type { CodeConfidence, CodeList, CodeRow } from '../../knowledge/read/code-list-table.js';
import { normaliseCode, rulesOf } from '../../terminology/systems.js';

/** A code to be added to a value set, with the names of the sources that it was read in. */
export interface Addition {
  readonly system: string;
  readonly set: string;
  readonly code: string;
  readonly display: string;
  readonly confidence: CodeConfidence;
  readonly sources: readonly string[];
}

/** Value sets that hold all of a value set, itself among them. */
export type WiderOf = (id: string) => ReadonlySet<string>;

const sureness: Readonly<Record<CodeConfidence, number>> = { publisher: 2, two: 1, one: 0 };

/**
 * Adds codes to a list of their system. A code stands in the narrowest set that it fits: what a narrower set or a stem of the
 * list holds already is only told another source, what stood in a wider set moves. Nothing is ever removed: charts carry
 * retired codes.
 */
export function place(list: CodeList, additions: readonly Addition[], widerOf: WiderOf): CodeList {
  const rules = rulesOf(list.system);
  const keys = new Map(Object.entries(list.sources).map(([key, name]) => [name, key]));
  const keyOf = (name: string): string => {
    const key = keys.get(name) ?? `${keys.size + 1}`;
    keys.set(name, key);
    return key;
  };
  const stems = list.rows.filter(({ code }) => code.endsWith('*'));
  const byCode = new Map<string, CodeRow[]>();
  for (const row of list.rows) {
    const key = row.code.endsWith('*') ? row.code : normaliseCode(rules, row.code);
    byCode.set(key, [...(byCode.get(key) ?? []), row]);
  }
  const nameOf = new Map<string, string>(Object.entries(list.sources));

  for (const { set, code, display, confidence, sources } of additions) {
    const key = code.endsWith('*') ? code : normaliseCode(rules, code);
    const isStemmed = stems.some(
      (stem) => key.startsWith(normaliseCode(rules, stem.code.slice(0, -1))) && widerOf(stem.set).has(set),
    );
    if (isStemmed) continue;
    const named = sources.map(keyOf);
    named.forEach((each, index) => nameOf.set(each, sources[index] ?? ''));
    const added: CodeRow = { set, code, display, confidence, sources: named };
    const rows = byCode.get(key) ?? [];
    const held = rows.find((row) => widerOf(row.set).has(set));
    if (held !== undefined) {
      byCode.set(
        key,
        rows.map((row) => (row === held ? withEvidence(row, added, nameOf) : row)),
      );
      continue;
    }
    const wider = rows.filter((row) => widerOf(set).has(row.set));
    const moved = wider.reduce((row, each) => withEvidence(row, each, nameOf), added);
    byCode.set(key, [...rows.filter((row) => !wider.includes(row)), moved]);
  }
  const sources = Object.fromEntries([...keys].map(([name, key]) => [key, name]));
  return { ...list, sources, rows: [...byCode.values()].flat() };
}

/** Two files say it when they are of two repositories; copies within one are one. */
function withEvidence(row: CodeRow, other: CodeRow, nameOf: ReadonlyMap<string, string>): CodeRow {
  const sources = [...new Set([...row.sources, ...other.sources])];
  const repositories = new Set(sources.map((key) => (nameOf.get(key) ?? key).split(/[@: ]/)[0]));
  const best = sureness[other.confidence] > sureness[row.confidence] ? other.confidence : row.confidence;
  const confidence = best === 'one' && repositories.size > 1 ? 'two' : best;
  return { ...row, display: row.display === '' ? other.display : row.display, confidence, sources };
}
