import { readFile } from 'node:fs/promises';
import type { Addition } from './place.js';
import { sortRow, type Sorting } from './sorting.js';

/** A row of the collections in JSON: a code somebody read in a public file, and where. */
interface Collected {
  readonly set: string;
  readonly system: string;
  readonly code: string;
  readonly display: string;
  readonly source: string;
  readonly confidence: 'verified-two-sources' | 'one-source' | 'probable';
  readonly note: string;
  readonly fit?: string;
  readonly alsoIn?: readonly string[];
  readonly strength?: string;
}

/** A row that does not ship, and why. */
export interface Left {
  readonly set: string;
  readonly system: string;
  readonly code: string;
  readonly why: string;
}

export interface SortedCollection {
  readonly additions: readonly Addition[];
  readonly left: readonly Left[];
}

/** A row of a collection in JSON; anything else is refused with its place. */
export class CollectionError extends Error {
  readonly code = 'COLLECTION_INVALID';
}

/** Reads collections of codes. Rejects with `CollectionError` when a row has another shape. */
export async function readCollected(files: readonly string[]): Promise<readonly Collected[]> {
  const collections = await Promise.all(
    files.map(async (file) => {
      const rows: unknown = JSON.parse(await readFile(file, 'utf8'));
      if (!Array.isArray(rows)) throw new CollectionError(`${file}: a list of rows is needed`);
      return rows.map((row: unknown, index) => {
        if (!isCollected(row)) throw new CollectionError(`${file}: row ${index} has another shape`);
        return row;
      });
    }),
  );
  return collections.flat();
}

const texts = ['set', 'system', 'code', 'display', 'source', 'confidence', 'note'] as const;

function isCollected(row: unknown): row is Collected {
  if (typeof row !== 'object' || row === null) return false;
  const values = new Map<string, unknown>(Object.entries(row));
  return (
    texts.every((name) => typeof values.get(name) === 'string') &&
    ['verified-two-sources', 'one-source', 'probable'].includes(String(values.get('confidence')))
  );
}

/** Decides what ships: what two sources say, and what one says, marked so; never what is only probable. */
export function sortCollected(rows: readonly Collected[], sorting: Sorting): SortedCollection {
  const additions: Addition[] = [];
  const left: Left[] = [];
  for (const row of rows) {
    const { set, system, display, note, fit, alsoIn = [], strength = '', confidence } = row;
    const code = /^stem \(is-a/.test(note) ? `${row.code}*` : row.code;
    if (confidence === 'probable') {
      left.push({ set, system, code, why: 'probable only' });
      continue;
    }
    const sorted = sortRow({ set, system, fit, label: `${display} ${strength}` }, sorting);
    if ('leave' in sorted) {
      left.push({ set, system, code, why: sorted.leave });
      continue;
    }
    const again = /also read in: ([^;]+)/.exec(note)?.[1]?.split(',') ?? [];
    const sources = [...row.source.split(' ; '), ...again].map((each) => each.trim());
    const sure = confidence === 'verified-two-sources' ? 'two' : 'one';
    // What the collector named as wider too is only told where composition does not say it: drugs of two ingredients.
    const targets = [sorted.to, ...alsoIn];
    additions.push(
      ...targets.map((each): Addition => ({
        system,
        set: each,
        code,
        display: oneLine(display),
        confidence: sure,
        sources,
      })),
    );
  }
  return { additions, left };
}

/** A table holds one code a line, and tabs between. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
