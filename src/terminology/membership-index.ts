import type { Membership } from './compose.js';
import { normaliseCode, rulesOf } from './systems.js';

/** Ids of the value sets that hold a coding. */
export type LookUp = (system: string, code: string) => readonly string[];

interface SystemIndex {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  readonly stems: ReadonlyMap<string, readonly string[]>;
  readonly longestStem: number;
}

interface Entry {
  readonly id: string;
  readonly membership: Membership;
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
    for (const membership of memberships) push(bySystem, membership.rules.system, { id, membership });
  }
  const answer = answers(widerOf);
  const systems = new Map([...bySystem].map(([system, entries]) => [system, indexSystem(entries, answer)]));
  const nothing = answer([]);

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

function indexSystem(entries: readonly Entry[], answer: Answer): SystemIndex {
  const byStem = new Map<string, Entry[]>();
  const byCode = new Map<string, Entry[]>();
  for (const entry of entries) push(entry.membership.stem ? byStem : byCode, entry.membership.key, entry);
  const longestStem = Math.max(0, ...[...byStem.keys()].map((key) => key.length));

  const withStems = (key: string, listed: readonly Entry[]): readonly Entry[] => {
    let all = listed;
    for (let length = Math.min(key.length, longestStem); length > 0; length--) {
      const found = byStem.get(key.slice(0, length));
      if (found !== undefined) all = [...found, ...all];
    }
    return all;
  };

  return {
    exact: new Map([...byCode].map(([key, listed]) => [key, answer(withStems(key, listed))])),
    stems: new Map([...byStem.keys()].map((key) => [key, answer(withStems(key, []))])),
    longestStem,
  };
}

type Answer = (entries: readonly Entry[]) => readonly string[];

/** The value sets that hold a code, from its entries; the same frozen list for the same answer. */
function answers(widerOf: (id: string) => readonly string[]): Answer {
  const known = new Map<string, readonly string[]>();
  // Nearly all codes stand in one value set alone.
  const ofOne = new Map<string, readonly string[]>();
  const workedOut = (entries: readonly Entry[]): readonly string[] => {
    const excluded = new Set(entries.filter(({ membership }) => membership.excluded).map(({ id }) => id));
    const holding = new Set(entries.filter(({ id }) => !excluded.has(id)).map(({ id }) => id));
    // A Set visits what is added to it on the way.
    for (const id of holding) {
      for (const wider of widerOf(id)) if (!excluded.has(wider)) holding.add(wider);
    }
    const sorted = [...holding].sort();
    const key = sorted.join('\n');
    const found = known.get(key) ?? Object.freeze(sorted);
    known.set(key, found);
    return found;
  };
  return (entries) => {
    const [only, ...others] = entries;
    if (only === undefined || others.length > 0 || only.membership.excluded) return workedOut(entries);
    let found = ofOne.get(only.id);
    if (found === undefined) ofOne.set(only.id, (found = workedOut(entries)));
    return found;
  };
}

function push(groups: Map<string, Entry[]>, key: string, entry: Entry): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [entry]);
  else group.push(entry);
}
