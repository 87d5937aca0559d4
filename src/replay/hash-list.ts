/** Distinct numbers in 8 bytes each: sorted and freed of repeats whenever its room is used up. */
export interface HashList {
  add(hash: number): void;
  /** Sorted, each once. */
  sorted(): Float64Array;
}

export function hashList(): HashList {
  let room = new Float64Array(1024);
  let used = 0;
  const compact = (): void => {
    const distinct = sortedDistinct(room.subarray(0, used));
    used = distinct.length;
    room.set(distinct);
  };
  return {
    add: (hash) => {
      if (used === room.length) {
        compact();
        if (used > room.length / 2) {
          const larger = new Float64Array(room.length * 2);
          larger.set(room.subarray(0, used));
          room = larger;
        }
      }
      room[used++] = hash;
    },
    sorted: () => {
      compact();
      return room.slice(0, used);
    },
  };
}

/** The numbers in order, each once; the array given is sorted in place. */
export function sortedDistinct(hashes: Float64Array): Float64Array {
  hashes.sort();
  let count = 0;
  for (const hash of hashes) if (count === 0 || hash !== hashes[count - 1]) hashes[count++] = hash;
  return hashes.subarray(0, count);
}

/** Whether a sorted array holds a number. */
export function holds(sorted: Float64Array, hash: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) < hash) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === hash;
}
