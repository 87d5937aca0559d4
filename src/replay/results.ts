import { createWriteStream } from 'node:fs';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compare } from './compare.js';
import type { Changes } from './findings.js';
import type { Pseudonyms } from './pseudonym.js';
import { countDistinct, distinctSpill } from './spill.js';
import { isPlayed, readCards, readTally, type Grouped } from './state.js';
import { addTally, emptyTally, type Tally } from './tally.js';

/** The results of a run, added up. */
export interface Gathered {
  readonly tally: Tally;
  readonly clinicianDays: Readonly<Record<string, number>>;
}

/** Adds up the results of all buckets in their order, the same whoever played which, and writes cards.ndjson. */
export async function gatherResults(
  output: string,
  folder: string,
  { buckets }: Grouped,
  failed: readonly string[],
): Promise<Gathered> {
  const tally = emptyTally();
  const days = new Map<string, ReturnType<typeof distinctSpill>>();
  const target = join(output, 'cards.ndjson.part');
  await writeFile(target, '', { mode: 0o600 });
  for (let bucket = 0; bucket < buckets; bucket++) {
    if (!isPlayed(folder, bucket) && failed.length > 0) continue;
    const own = await readTally(folder, bucket);
    addTally(tally, own);
    for (const [service, hashes] of Object.entries(own.clinicianDays)) {
      let spill = days.get(service);
      if (spill === undefined) days.set(service, (spill = distinctSpill(folder, `days-${service}`, 'all')));
      for (const hash of hashes) spill.add(hash);
    }
    await appendFile(target, await readCards(folder, bucket));
  }
  await rename(join(output, 'cards.ndjson.part'), join(output, 'cards.ndjson'));
  const clinicianDays: Record<string, number> = {};
  for (const [service, spill] of days) {
    spill.flush();
    clinicianDays[service] = await countDistinct(folder, `days-${service}`);
  }
  return { tally, clinicianDays };
}

/** Compares with an earlier output, into changes.ndjson. */
export async function writeChanges(
  baseline: string,
  output: string,
  keepIds: boolean,
  names: Pseudonyms,
): Promise<Changes> {
  const file = createWriteStream(join(output, 'changes.ndjson'), { mode: 0o600 });
  const failed = new Promise<never>((_, reject) => file.once('error', reject));
  failed.catch(() => undefined);
  const rankOf = keepIds ? names.rankOf : (patient: string): string => patient;
  const changes = await Promise.race([
    compare(baseline, output, rankOf, (change) => file.write(`${JSON.stringify(change)}\n`)),
    failed,
  ]);
  await Promise.race([new Promise<void>((resolve) => file.end(resolve)), failed]);
  return changes;
}
