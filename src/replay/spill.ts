import { appendFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sortedDistinct } from './hash-list.js';

const flushAt = 32 * 1024;

/** Text appended to many files, a little of each kept until it is worth a write. Nobody else may read the files. */
export interface Spill {
  write(file: string, text: string): void;
  flush(): void;
}

export function spill(folder: string): Spill {
  const pending = new Map<string, { parts: string[]; size: number }>();
  const append = (file: string, parts: readonly string[]): void => {
    appendFileSync(join(folder, file), parts.join(''), { mode: 0o600 });
  };
  return {
    write: (file, text) => {
      let waiting = pending.get(file);
      if (waiting === undefined) pending.set(file, (waiting = { parts: [], size: 0 }));
      waiting.parts.push(text);
      waiting.size += text.length;
      if (waiting.size < flushAt) return;
      append(file, waiting.parts);
      waiting.parts = [];
      waiting.size = 0;
    },
    flush: () => {
      for (const [file, { parts }] of pending) if (parts.length > 0) append(file, parts);
      pending.clear();
    },
  };
}

const parts = 64;
const hashesPerPart = 512;

/** Counts distinct hashes of any number, by files in which each hash has its place. */
export interface DistinctSpill {
  add(hash: number): void;
  flush(): void;
}

/** @param name of the files in the folder; `countDistinct` reads those of all writers that begin with it */
export function distinctSpill(folder: string, name: string, writer: string): DistinctSpill {
  const rooms = Array.from({ length: parts }, () => new Float64Array(hashesPerPart));
  const used = new Array<number>(parts).fill(0);
  const append = (part: number): void => {
    const room = rooms[part]?.subarray(0, used[part]);
    if (room === undefined || room.length === 0) return;
    const bytes = new Uint8Array(room.buffer, room.byteOffset, room.byteLength);
    appendFileSync(join(folder, `${name}-${part}-${writer}.bin`), bytes, { mode: 0o600 });
    used[part] = 0;
  };
  return {
    add: (hash) => {
      const part = hash % parts;
      if (used[part] === hashesPerPart) append(part);
      const room = rooms[part];
      const next = used[part] ?? 0;
      if (room !== undefined) room[next] = hash;
      used[part] = next + 1;
    },
    flush: () => {
      for (let part = 0; part < parts; part++) append(part);
    },
  };
}

/** How many different hashes all writers have written under a name. */
export async function countDistinct(folder: string, name: string): Promise<number> {
  const files = await readdir(folder);
  let count = 0;
  for (let part = 0; part < parts; part++) {
    const own = files.filter((file) => file.startsWith(`${name}-${part}-`));
    const found = await Promise.all(own.map((file) => readFile(join(folder, file))));
    const bytes = Buffer.concat(found);
    const hashes = new Float64Array(bytes.length / Float64Array.BYTES_PER_ELEMENT);
    new Uint8Array(hashes.buffer).set(bytes);
    count += sortedDistinct(hashes).length;
  }
  return count;
}
