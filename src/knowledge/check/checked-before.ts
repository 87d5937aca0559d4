import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckedArtifacts } from './context.js';
import { readArtifacts } from '../read/read-artifacts.js';
import type { ArtifactFile } from '../read/artifact-file.js';

/**
 * Parsing and checking the artifacts takes most of a start, and gives the same as long as neither they nor the code
 * that checks them change. The outcome is kept beside the compiled code, in a file named by the hash of both.
 */
const folder = fileURLToPath(new URL('../../../dist/checked-knowledge', import.meta.url));

/** The code that parses and checks, relative to this file: TypeScript in development, JavaScript when built. */
const checkingCode = ['../../knowledge', '../../fhirpath', '../../scores', '../../words'];
const versionsOfLibraries = fileURLToPath(new URL('../../../package.json', import.meta.url));

/** As many as this; older ones are of artifacts or code that have been changed since. */
const kept = 16;

/** What the files gave when they were checked by this code before; `undefined` when they were not. */
export async function checkedBefore(files: readonly ArtifactFile[]): Promise<CheckedArtifacts | undefined> {
  try {
    // Written by this very code: its name would be another one otherwise.
    return JSON.parse(await readFile(await placeOf(files), 'utf8')) as CheckedArtifacts;
  } catch {
    return undefined;
  }
}

/** Keeps what the files gave. Where the folder cannot be written, the next start checks again. */
export async function keepChecked(files: readonly ArtifactFile[], checked: CheckedArtifacts): Promise<void> {
  const entries = Object.entries(checked) as readonly [string, CheckedArtifacts[keyof CheckedArtifacts]][];
  const values = entries.map(([kind, artifacts]) => [
    kind,
    artifacts.map(({ value, source: { file } }) => ({ value, source: { file } })),
  ]);
  try {
    const place = await placeOf(files);
    await mkdir(folder, { recursive: true });
    // Several processes may start at once: each writes for itself, and none reads half a file.
    const unfinished = `${place}.${process.pid}`;
    await writeFile(unfinished, JSON.stringify(Object.fromEntries(values)));
    await rename(unfinished, place);
    await forgetOlder();
  } catch {
    return;
  }
}

async function placeOf(files: readonly ArtifactFile[]): Promise<string> {
  const hash = createHash('sha256').update(await readFile(versionsOfLibraries, 'utf8'));
  const code = await Promise.all(
    checkingCode.map((path) => readArtifacts(fileURLToPath(new URL(path, import.meta.url)))),
  );
  for (const { path, text } of [...code.flat().filter(({ path }) => !path.endsWith('.map')), ...files])
    hash.update(`\0${path}\0${text}`);
  return join(folder, `${hash.digest('hex')}.json`);
}

async function forgetOlder(): Promise<void> {
  const written = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      return { path, at: (await stat(path)).mtimeMs };
    }),
  );
  const older = written.sort((a, b) => b.at - a.at).slice(kept);
  await Promise.all(older.map(({ path }) => unlink(path)));
}
