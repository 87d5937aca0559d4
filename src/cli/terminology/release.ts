import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { oneLine } from './collected.js';
import type { Addition } from './place.js';
import { sortRow, type Sorting } from './sorting.js';

/** A product of a publisher's release, under the value set of its ingredient. */
export interface Product {
  readonly system: string;
  readonly set: string;
  readonly code: string;
  readonly display: string;
  readonly strength?: string;
}

/** A release that cannot be read as what it should be. */
export class ReleaseError extends Error {
  readonly code = 'RELEASE_INVALID';
}

/** Products as rows of the lists: sent to the value set of their strength, without those that are no systemic drug. */
export function sortProducts(
  products: readonly Product[],
  sorting: Sorting,
  source: string,
): readonly Addition[] {
  return products.flatMap(({ system, set, code, display, strength = '' }): readonly Addition[] => {
    const label = `${display} ${strength}`;
    if (sorting.forms.some((form) => new RegExp(form.label).test(label.toLowerCase()))) return [];
    const sorted = sortRow({ set: set.replace(/-strength-unknown$/, ''), system, label }, sorting);
    if ('leave' in sorted) return [];
    return [
      { system, set: sorted.to, code, display: oneLine(display), confidence: 'publisher', sources: [source] },
    ];
  });
}

/** The cells of each line of a file of any size. */
export async function* cellsOf(path: string, separator: string): AsyncGenerator<readonly string[]> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line !== '') yield line.split(separator);
  }
}

/** The cells of each line of a French agency's file, which is in UTF-8 or in Windows-1252. */
export async function tableOf(
  path: string,
  separator: string | RegExp,
): Promise<readonly (readonly string[])[]> {
  const bytes = await readFile(path);
  return decoded(bytes)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(separator).map((cell) => cell.trim()));
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
