import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BucketResult } from './bucket.js';
import type { Unread } from './not-understood.js';
import type { Tally } from './tally.js';

/**
 * The temporary files of a run, in a folder of the output that nobody else may read: they hold charts. They are removed
 * at the end, and when the run is interrupted without the wish to go on.
 */
export const stateFolder = (output: string): string => join(output, '.replay');

/** What is known when the patients are grouped, and what a resumed run begins with. */
export interface Grouped {
  /** The same for the same input and the same question. */
  readonly fingerprint: string;
  readonly key: string;
  readonly buckets: number;
  readonly patients: number;
  readonly chosen: number;
  readonly resources: number;
  readonly rejectedLines: number;
  readonly rejections: readonly { readonly file: string; readonly line: number; readonly why: string }[];
  readonly withoutPatient: number;
  readonly otherTypes: number;
  readonly kinds: readonly string[];
  readonly unread: readonly Unread[];
  /** Id of the run on a queue. */
  readonly run?: string;
}

const groupedFile = 'grouped.json';

/** An empty folder for the temporary files; what an earlier run left is removed. */
export async function freshState(folder: string): Promise<void> {
  await removeState(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

export async function removeState(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

export async function saveGrouped(folder: string, grouped: Grouped): Promise<void> {
  await writeWhole(join(folder, groupedFile), JSON.stringify(grouped));
}

/** What an interrupted run had grouped, if it was the same run. */
export async function readGrouped(folder: string, fingerprint: string): Promise<Grouped | undefined> {
  try {
    const grouped = JSON.parse(await readFile(join(folder, groupedFile), 'utf8')) as Grouped;
    return grouped.fingerprint === fingerprint ? grouped : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the files of the first steps, which no later one reads. */
export async function removeGroupingFiles(folder: string): Promise<void> {
  const files = await readdir(folder);
  const used = files.filter((file) => /^(?:resource|drugs|wanted)-/.test(file));
  await Promise.all(used.map((file) => rm(join(folder, file), { force: true })));
}

/** Complete or not at all: a run may be killed at any moment. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

const resultFile = (bucket: number): string => `result-${bucket}.json`;
const cardsFile = (bucket: number): string => `cards-${bucket}.ndjson`;

/** The result last: once it is there, the bucket is done. */
export async function saveResult(
  folder: string,
  bucket: number,
  { tally, cards }: BucketResult,
): Promise<void> {
  await writeWhole(join(folder, cardsFile(bucket)), cards);
  await writeWhole(join(folder, resultFile(bucket)), JSON.stringify(tally));
}

export function isPlayed(folder: string, bucket: number): boolean {
  return existsSync(join(folder, resultFile(bucket)));
}

export async function readTally(folder: string, bucket: number): Promise<Tally> {
  return JSON.parse(await readFile(join(folder, resultFile(bucket)), 'utf8')) as Tally;
}

export function readCards(folder: string, bucket: number): Promise<Buffer> {
  return readFile(join(folder, cardsFile(bucket)));
}

/** The lines of a bucket, from all who wrote to it. */
export async function bucketLines(folder: string, bucket: number): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`bucket-${bucket}-`)).sort();
  const lines: string[] = [];
  for (const file of files) {
    for (const line of (await readFile(join(folder, file), 'utf8')).split('\n'))
      if (line !== '') lines.push(line);
  }
  return lines;
}
