import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactFile } from './artifact-file.js';

/** The artifacts that this product ships, beside `src/` and `dist/`. */
export const shippedArtifacts = fileURLToPath(new URL('../../../cds-services', import.meta.url));

/** A process may be allowed no more than a thousand open files, and several folders are read at once. */
const openAtOnce = 64;

/**
 * Reads every file below the folder, sorted by path: the only place where the knowledge touches the disk.
 * Rejects with the system's error when the folder cannot be read.
 */
export async function readArtifacts(folder: string): Promise<readonly ArtifactFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: ArtifactFile[] = [];
  for (let index = 0; index < paths.length; index += openAtOnce) {
    const portion = paths.slice(index, index + openAtOnce).map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      text: await readFile(path, 'utf8'),
    }));
    files.push(...(await Promise.all(portion)));
  }
  return files;
}

/** The artifacts of a folder with the schemas that this product ships, whatever the folder holds of its own. */
export async function readWithSchemas(folder: string): Promise<readonly ArtifactFile[]> {
  const isSchema = ({ path }: ArtifactFile): boolean => path.startsWith('schemas/');
  const [files, shipped] = await Promise.all([readArtifacts(folder), readArtifacts(shippedArtifacts)]);
  return [...files.filter((file) => !isSchema(file)), ...shipped.filter(isSchema)];
}
