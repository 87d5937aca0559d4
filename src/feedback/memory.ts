import type { Decline, Memory, MemoryRecord } from './types.js';

/** A memory that records are added to; the same record may be added again. */
export interface GrowingMemory extends Memory {
  readonly add: (records: readonly MemoryRecord[]) => void;
  readonly clear: () => void;
}

/** Entries held at most, of each kind; the oldest go first. What is forgotten is said once more. */
const CAPACITY = 300_000;

const bounded = <Value>(entries: Map<string, Value>, capacity: number): void => {
  for (const [oldest] of entries) {
    if (entries.size <= capacity) return;
    entries.delete(oldest);
  }
};

const isSame = (one: Decline, other: Decline): boolean =>
  one.userKey === other.userKey &&
  one.encounterKey === other.encounterKey &&
  one.at.getTime() === other.at.getTime();

/** What is remembered, in this process. */
export const createMemory = (capacity: number = CAPACITY): GrowingMemory => {
  const declines = new Map<string, readonly Decline[]>();
  const shown = new Map<string, number>();
  const shownKey = (userKey: string, subjectKey: string): string => `${userKey} ${subjectKey}`;

  const add = ({ kind, subjectKey, userKey, encounterKey, at }: MemoryRecord): void => {
    if (kind === 'declined') {
      const decline = {
        ...(userKey !== undefined && { userKey }),
        ...(encounterKey !== undefined && { encounterKey }),
        at,
      };
      const known = declines.get(subjectKey) ?? [];
      if (!known.some((each) => isSame(each, decline))) declines.set(subjectKey, [...known, decline]);
    } else if (userKey !== undefined) {
      const key = shownKey(userKey, subjectKey);
      shown.set(key, Math.max(shown.get(key) ?? 0, at.getTime()));
    }
  };

  return {
    declinesOf: (subjectKey) => declines.get(subjectKey) ?? [],
    shownAt: (userKey, subjectKey) => {
      const at = shown.get(shownKey(userKey, subjectKey));
      return at === undefined ? undefined : new Date(at);
    },
    add: (records) => {
      records.forEach(add);
      bounded(declines, capacity);
      bounded(shown, capacity);
    },
    clear: () => {
      declines.clear();
      shown.clear();
    },
  };
};
