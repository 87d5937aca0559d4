import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactFile } from './source.js';

/** The artifacts that this product ships, beside `src/` and `dist/`. */
export const shippedArtifacts = fileURLToPath(new URL('../../cds-services', import.meta.url));

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
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      text: await readFile(path, 'utf8'),
    })),
  );
}

/** The artifacts of a folder with the schemas that this product ships, whatever the folder holds of its own. */
export async function readWithSchemas(folder: string): Promise<readonly ArtifactFile[]> {
  const isSchema = ({ path }: ArtifactFile): boolean => path.startsWith('schemas/');
  const [files, shipped] = await Promise.all([readArtifacts(folder), readArtifacts(shippedArtifacts)]);
  return [...files.filter((file) => !isSchema(file)), ...shipped.filter(isSchema)];
}
