import type { Membership } from './compose.js';
import { normaliseCode, rulesOf } from './systems.js';

/** Ids of the value sets that hold a coding. */
export type LookUp = (system: string, code: string) => readonly string[];

interface SystemIndex {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  readonly stems: ReadonlyMap<string, readonly string[]>;
  readonly longestStem: number;
}

interface Entry extends Membership {
  readonly id: string;
}

/**
 * Answers for every listed code and stem are worked out once, so that a look-up walks the code's length at most.
 * @param widerOf the value sets that hold all codes of one, but for what they exclude themselves
 */
export function indexMemberships(
  sets: readonly { readonly id: string; readonly memberships: readonly Membership[] }[],
  widerOf: (id: string) => readonly string[],
): LookUp {
  const bySystem = new Map<string, Entry[]>();
  for (const { id, memberships } of sets) {
    for (const membership of memberships) {
      const { system } = membership.rules;
      const entries = bySystem.get(system) ?? [];
      entries.push({ ...membership, id });
      bySystem.set(system, entries);
    }
  }
  const intern = interner();
  const systems = new Map(
    [...bySystem].map(([system, entries]) => [system, indexSystem(entries, intern, widerOf)]),
  );
  const nothing = intern([]);

  return (system, code) => {
    const rules = rulesOf(system);
    const index = systems.get(rules.system);
    if (index === undefined) return nothing;
    const key = normaliseCode(rules, code);
    const exact = index.exact.get(key);
    if (exact !== undefined) return exact;
    for (let length = Math.min(key.length, index.longestStem); length > 0; length--) {
      const found = index.stems.get(key.slice(0, length));
      if (found !== undefined) return found;
    }
    return nothing;
  };
}

function indexSystem(
  entries: readonly Entry[],
  intern: Intern,
  widerOf: (id: string) => readonly string[],
): SystemIndex {
  const byStem = grouped(entries.filter(({ stem }) => stem));
  const byCode = grouped(entries.filter(({ stem }) => !stem));
  const longestStem = Math.max(0, ...[...byStem.keys()].map((key) => key.length));

  const prefixesOf = (key: string): readonly Entry[] =>
    Array.from({ length: Math.min(key.length, longestStem) }, (_, index) =>
      byStem.get(key.slice(0, index + 1)),
    ).flatMap((found) => found ?? []);

  const answer = (key: string, listed: readonly Entry[]): readonly string[] => {
    const all = [...prefixesOf(key), ...listed];
    const excluded = new Set(all.filter((entry) => entry.excluded).map(({ id }) => id));
    const holding = new Set(all.filter((entry) => !excluded.has(entry.id)).map(({ id }) => id));
    // A Set visits what is added to it on the way.
    for (const id of holding) {
      for (const wider of widerOf(id)) if (!excluded.has(wider)) holding.add(wider);
    }
    return intern([...holding]);
  };

  return {
    exact: new Map([...byCode].map(([key, listed]) => [key, answer(key, listed)])),
    stems: new Map([...byStem.keys()].map((key) => [key, answer(key, [])])),
    longestStem,
  };
}

function grouped(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.key);
    if (group === undefined) groups.set(entry.key, [entry]);
    else group.push(entry);
  }
  return groups;
}

type Intern = (ids: readonly string[]) => readonly string[];

function interner(): Intern {
  const known = new Map<string, readonly string[]>();
  return (ids) => {
    const sorted = [...ids].sort();
    const key = sorted.join('\n');
    const found = known.get(key) ?? Object.freeze(sorted);
    known.set(key, found);
    return found;
  };
}
