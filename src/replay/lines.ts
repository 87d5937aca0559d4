import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** A part of a file of the export: the lines that begin from byte `from` on and before byte `to`. */
export interface Slice {
  readonly path: string;
  /** Place of the file in the order of the export. */
  readonly file: number;
  readonly from: number;
  readonly to: number;
  readonly gzip: boolean;
}

/** What came of reading a slice. */
export interface LinesRead {
  /** Lines of the slice. */
  readonly lines: number;
  /** The file could not be read to its end; what is wrong, without its content. */
  readonly failure?: string;
}

/** Longer lines are counted as broken: no patient's Bundle is that long, and it would not fit into memory twice. */
const longestLine = 64 * 1024 * 1024;
const newline = 0x0a;
const nothing = Buffer.alloc(0);

/**
 * Reads the lines of a slice. `onLine` gets each line that is not blank, with its number in the slice (from 1) and its
 * place in the file; `tooLong` the number of one that is not read.
 */
export async function readLines(
  { path, from, to, gzip }: Slice,
  onLine: (line: string, number: number, place: number) => void,
  tooLong: (number: number) => void,
): Promise<LinesRead> {
  let pending: Buffer[] = [];
  let pendingSize = 0;
  // A slice that begins within a line begins after it: the line is that of the slice before.
  let skipping = from > 0;
  let place = from > 0 ? from - 1 : 0;
  let number = 0;
  /** Takes the end of a line; false when it is the first line that is no more of this slice. */
  const end = (part: Buffer): boolean => {
    const size = pendingSize + part.length;
    const start = place;
    place += size + 1;
    if (skipping) skipping = false;
    else if (start >= to) return false;
    else {
      number++;
      if (size > longestLine) tooLong(number);
      else {
        const line = (pendingSize === 0 ? part : Buffer.concat([...pending, part])).toString('utf8');
        const clean = number === 1 && start === 0 && line.startsWith('\uFEFF') ? line.slice(1) : line;
        if (clean.trim() !== '') onLine(clean, number, start);
      }
    }
    pending = [];
    pendingSize = 0;
    return true;
  };
  const raw = createReadStream(path, { start: place, highWaterMark: 1024 * 1024 });
  const source = gzip ? raw.pipe(createGunzip()) : raw;
  const broken = new Promise<never>((_, reject) => raw.once('error', reject));
  broken.catch(() => undefined);
  try {
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      const next = (await Promise.race([chunks.next(), broken])) as IteratorResult<Buffer>;
      if (next.done === true) break;
      let chunk = next.value;
      let at = chunk.indexOf(newline);
      while (at >= 0) {
        if (!end(chunk.subarray(0, at))) return { lines: number };
        chunk = chunk.subarray(at + 1);
        at = chunk.indexOf(newline);
      }
      if (chunk.length === 0) continue;
      pendingSize += chunk.length;
      // Of a line that is not read only the length counts.
      if (skipping || pendingSize > longestLine) pending = [];
      else pending.push(chunk);
    }
    if (pendingSize > 0) end(nothing);
    return { lines: number };
  } catch (error) {
    return { lines: number, failure: failureOf(error) };
  } finally {
    raw.destroy();
  }
}

function failureOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNREADABLE';
  if (code === 'Z_BUF_ERROR') return 'the gzip file ends in the middle';
  return code.startsWith('Z_') ? 'not a gzip file, or a damaged one' : `cannot be read (${code})`;
}
