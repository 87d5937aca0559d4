import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ReportError } from '../report/output.js';
import type { Slice } from './lines.js';

/** One file of the export. */
export interface ExportFile {
  readonly name: string;
  readonly size: number;
  readonly modified: number;
}

const sliceSize = 16 * 1024 * 1024;

/** The NDJSON files of a folder, by name. `log.ndjson` is what an export tells of itself. @throws ReportError */
export async function exportFiles(folder: string): Promise<readonly ExportFile[]> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).sort();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      code === 'ENOENT' ? 'there is no such folder' : code === 'ENOTDIR' ? 'is no folder' : 'cannot be read';
    throw new ReportError([`${folder}: ${why}`]);
  }
  const wanted = names.filter(
    (name) => /\.ndjson(?:\.gz)?$/i.test(name) && !/^log\.ndjson(?:\.gz)?$/i.test(name),
  );
  const problems: string[] = [];
  const files: ExportFile[] = [];
  for (const name of wanted) {
    try {
      const found = await stat(join(folder, name));
      if (found.isFile()) files.push({ name, size: found.size, modified: found.mtimeMs });
    } catch {
      problems.push(`${join(folder, name)}: cannot be read`);
    }
  }
  if (problems.length > 0) throw new ReportError(problems);
  if (files.length === 0)
    throw new ReportError([`${folder}: holds no NDJSON file (*.ndjson, *.ndjson.gz) of a Bulk Data export`]);
  return files;
}

/** The files in parts that can be read one beside the other; a gzip file can only be read whole. */
export function slicesOf(folder: string, files: readonly ExportFile[]): readonly Slice[] {
  return files.flatMap(({ name, size }, file): readonly Slice[] => {
    const path = join(folder, name);
    if (/\.gz$/i.test(name)) return [{ path, file, from: 0, to: Number.MAX_SAFE_INTEGER, gzip: true }];
    const parts = Math.max(1, Math.ceil(size / sliceSize));
    return Array.from({ length: parts }, (_, part) => ({
      path,
      file,
      from: part * sliceSize,
      to: part === parts - 1 ? Number.MAX_SAFE_INTEGER : (part + 1) * sliceSize,
      gzip: false,
    }));
  });
}
