import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FhirResource } from '../cds-hooks/types.js';
import { referenceKey, referenceOf } from '../chart/element.js';
import { holds } from './hash-list.js';
import { hashOf } from './hash.js';
import { readLines, type Slice } from './lines.js';
import { holdsName, namesOf } from './names.js';
import { patientsOf } from './owner.js';
import type { Pseudonyms } from './pseudonym.js';
import { readLine } from './resources.js';
import { spill } from './spill.js';

/**
 * The second reading: the resources of the patients who are played go to bucket files, all of one patient to the same.
 * A line of a bucket: the patient's id as JSON, the file and the place where the resource stood, the resource; parted by
 * tabs. A Medication has no patient: it is brought to the buckets whose orders name it, part by part.
 */
export interface Grouping {
  slice(slice: Slice): Promise<void>;
  /** Writes what is still in memory; tells which of the suspect texts hold a patient's name. */
  finish(): { readonly naming: readonly number[] };
}

/** A text that is to be shown, and the patients whose names it might hold. */
export interface Suspect {
  readonly index: number;
  readonly text: string;
}

export interface GroupPlan {
  readonly buckets: number;
  /** Sorted hashes of the patients who are played. */
  readonly chosen: Float64Array;
  /** Hash of a patient → texts that stand in that chart. */
  readonly suspects: ReadonlyMap<number, readonly Suspect[]>;
  readonly hasMedications: boolean;
}

/** Parts in which orders and the Medications that they name are brought together. */
export const drugParts = 32;

const cachedRanks = 50_000;

export function bucketName(bucket: number, writer: string): string {
  return `bucket-${bucket}-${writer}.lines`;
}

/** The bucket of a patient: buckets hold the patients in the order of their ranks. */
export function bucketOf(rank: string, buckets: number): number {
  return Math.floor((Number.parseInt(rank.slice(0, 8), 16) / 4294967296) * buckets);
}

export function openGrouping(folder: string, writer: string, names: Pseudonyms, plan: GroupPlan): Grouping {
  const out = spill(folder);
  const naming = new Set<number>();
  const ranks = new Map<string, number>();
  const bucket = (patient: string): number => {
    let found = ranks.get(patient);
    if (found === undefined) {
      if (ranks.size >= cachedRanks) ranks.clear();
      ranks.set(patient, (found = bucketOf(names.rankOf(patient), plan.buckets)));
    }
    return found;
  };
  const put = (resource: FhirResource, raw: () => string, file: number, place: number): void => {
    if (resource.resourceType === 'Medication' && plan.hasMedications) {
      const hash = hashOf(referenceOf(resource));
      out.write(`drugs-${hash % drugParts}-${writer}.lines`, `${hash}\t""\t${file}\t${place}\t${raw()}\n`);
      return;
    }
    for (const patient of patientsOf(resource)) {
      const hash = hashOf(patient);
      if (resource.resourceType === 'Patient') {
        const suspects = plan.suspects.get(hash) ?? [];
        const own = suspects.length === 0 ? noNames : namesOf(resource);
        for (const { index, text } of suspects) if (holdsName(text, own)) naming.add(index);
      }
      if (!holds(plan.chosen, hash)) continue;
      const into = bucket(patient);
      out.write(bucketName(into, writer), `${JSON.stringify(patient)}\t${file}\t${place}\t${raw()}\n`);
      const drug = plan.hasMedications ? referenceKey(resource['medicationReference']) : undefined;
      if (drug?.startsWith('Medication/') === true) {
        const wanted = hashOf(drug);
        out.write(`wanted-${wanted % drugParts}-${writer}.lines`, `${wanted}\t${into}\n`);
      }
    }
  };
  return {
    slice: async (slice) => {
      await readLines(
        slice,
        (line, _number, place) => {
          const read = readLine(line);
          if (!read.ok) return;
          const [only, ...more] = read.resources;
          if (only === undefined) return;
          const isBundle = more.length > 0 || line.includes('"Bundle"');
          for (const resource of read.resources)
            put(resource, () => (isBundle ? JSON.stringify(resource) : line.trim()), slice.file, place);
        },
        () => undefined,
      );
    },
    finish: () => {
      out.flush();
      return { naming: [...naming] };
    },
  };
}

const noNames: ReadonlySet<string> = new Set();

/** Brings the Medications of one part to the buckets whose orders name them. */
export async function joinDrugs(folder: string, part: number, writer: string): Promise<void> {
  const files = await readdir(folder);
  const wanted = new Map<string, Set<string>>();
  for (const file of files.filter((each) => each.startsWith(`wanted-${part}-`))) {
    for (const line of (await readFile(join(folder, file), 'utf8')).split('\n')) {
      const [hash = '', bucket] = line.split('\t');
      if (bucket !== undefined) wanted.set(hash, (wanted.get(hash) ?? new Set()).add(bucket));
    }
  }
  if (wanted.size === 0) return;
  for (const file of files.filter((each) => each.startsWith(`drugs-${part}-`))) {
    const out = new Map<string, string[]>();
    const source = { path: join(folder, file), file: 0, from: 0, to: Number.MAX_SAFE_INTEGER, gzip: false };
    await readLines(
      source,
      (line) => {
        const at = line.indexOf('\t');
        for (const bucket of wanted.get(line.slice(0, at)) ?? []) {
          const lines = out.get(bucket) ?? [];
          lines.push(line.slice(at + 1));
          out.set(bucket, lines);
        }
      },
      () => undefined,
    );
    for (const [bucket, lines] of out)
      await appendFile(join(folder, bucketName(Number(bucket), `drugs${writer}`)), `${lines.join('\n')}\n`, {
        mode: 0o600,
      });
  }
}
