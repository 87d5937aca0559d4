import { join } from 'node:path';
import { ReportError } from '../report/output.js';
import { slicesOf, type ExportFile } from './export-files.js';
import { drugParts, type GroupPlan, type Suspect } from './group.js';
import { sortedDistinct } from './hash-list.js';
import type { Slice } from './lines.js';
import { unreadCollection, type Unread } from './not-understood.js';
import type { Pool } from './pool.js';
import type { ScanTotals, SliceScan } from './scan.js';
import { countDistinct } from './spill.js';
import { removeGroupingFiles, type Grouped } from './state.js';

/** What the first two steps have to know. */
export interface GroupingTask {
  readonly input: string;
  readonly files: readonly ExportFile[];
  readonly folder: string;
  readonly allPatients: boolean;
  readonly limit: number | undefined;
}

const mostRejections = 1000;
const bytesPerBucket = 2 * 1024 * 1024;
const patientsPerBucket = 32;
const mostBuckets = 1024;

/**
 * Reads the export twice: who has a bone metastasis; then their resources, into bucket files.
 * @throws ReportError that lists every file that cannot be read to its end, with the line
 */
export async function groupPatients(
  pool: Pool,
  { input, files, folder, allPatients, limit }: GroupingTask,
): Promise<Omit<Grouped, 'fingerprint' | 'key'>> {
  const slices = slicesOf(input, files);
  const scans = await pool.share('scan', slices);
  const placed = placeOf(slices, scans);
  const failures = placed.flatMap(({ slice, first, scan }) =>
    scan.failure === undefined ? [] : [`${slice.path}:${first + scan.lines}: ${scan.failure}`],
  );
  if (failures.length > 0) throw new ReportError(failures);
  const totals = await pool.each('totals', null);
  const resources = await countDistinct(folder, 'resource');
  const rejections = placed.flatMap(({ slice, first, scan }) =>
    scan.rejections.map(({ line, why }) => ({
      file: files[slice.file]?.name ?? '',
      line: first + line - 1,
      why,
    })),
  );
  if (resources === 0) {
    const lines = rejections.map(({ file, line, why }) => `${join(input, file)}:${line}: ${why}`);
    throw new ReportError([...lines.slice(0, mostRejections), `${input}: holds no FHIR resource`]);
  }
  const patients = union(totals.map((each) => each.patients));
  const candidates = allPatients ? patients : union(totals.map((each) => each.candidates));
  const chosen = limit === undefined ? candidates : candidates.slice(0, limit);
  const bytes = scans.reduce((sum, scan) => sum + scan.bytes, 0);
  const buckets = bucketsFor(chosen.length, bytes / Math.max(1, patients.length));
  const unread = unreadCollection();
  for (const { unread: entries } of totals) for (const entry of entries) unread.add(entry);
  const entries = unread.entries();
  const medications = totals.reduce((sum, each) => sum + each.medications, 0);
  const plan: GroupPlan = { buckets, chosen, suspects: suspectsIn(entries), hasMedications: medications > 0 };
  await pool.each('plan', plan);
  await pool.share('group', slices);
  const naming = new Set((await pool.each('grouped', null)).flatMap((each) => each.naming));
  if (plan.hasMedications)
    await pool.share(
      'join',
      Array.from({ length: drugParts }, (_, part) => part),
    );
  await removeGroupingFiles(folder);
  return {
    buckets,
    patients: patients.length,
    chosen: chosen.length,
    resources,
    rejectedLines: scans.reduce((sum, { rejected }) => sum + rejected, 0),
    rejections: rejections.slice(0, mostRejections),
    withoutPatient: sumOf(totals, 'withoutPatient'),
    otherTypes: sumOf(totals, 'otherTypes'),
    kinds: [...new Set(totals.flatMap(({ kinds }) => kinds))].sort(),
    unread: entries.flatMap((entry, index) =>
      naming.has(index + entries.length) || (naming.has(index) && entry.code === '')
        ? []
        : [naming.has(index) ? { ...entry, text: '' } : entry],
    ),
  };
}

interface PlacedScan {
  readonly slice: Slice;
  readonly scan: SliceScan;
  /** Number in the file of the slice's first line. */
  readonly first: number;
}

function placeOf(slices: readonly Slice[], scans: readonly SliceScan[]): readonly PlacedScan[] {
  const lines = new Map<number, number>();
  return slices.flatMap((slice, index) => {
    const scan = scans[index];
    if (scan === undefined) return [];
    const before = lines.get(slice.file) ?? 0;
    lines.set(slice.file, before + scan.lines);
    return [{ slice, scan, first: before + 1 }];
  });
}

function union(lists: readonly Float64Array[]): Float64Array {
  const [only = new Float64Array(), ...more] = lists;
  if (more.length === 0) return only;
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return sortedDistinct(all);
}

const sumOf = (totals: readonly ScanTotals[], name: 'withoutPatient' | 'otherTypes'): number =>
  totals.reduce((sum, each) => sum + each[name], 0);

function bucketsFor(patients: number, bytesPerPatient: number): number {
  const fitting = Math.max(
    1,
    Math.min(patientsPerBucket, Math.floor(bytesPerBucket / Math.max(1, bytesPerPatient))),
  );
  return Math.max(1, Math.min(mostBuckets, Math.ceil(patients / fitting)));
}

/** Texts, and after them codes, by the patients whose charts they stand in. */
function suspectsIn(entries: readonly Unread[]): ReadonlyMap<number, readonly Suspect[]> {
  const suspects = new Map<number, Suspect[]>();
  const suspect = (index: number, text: string, patients: readonly number[]): void => {
    for (const patient of text === '' ? [] : patients) {
      const own = suspects.get(patient) ?? [];
      own.push({ index, text });
      suspects.set(patient, own);
    }
  };
  entries.forEach(({ text, patients }, index) => {
    suspect(index, text, patients);
  });
  entries.forEach(({ code, patients }, index) => {
    suspect(index + entries.length, code, patients);
  });
  return suspects;
}
