import { createHash } from 'node:crypto';
import { kindOfPath } from '../read/artifacts.js';
import type { ArtifactKind } from '../read/artifacts.js';
import type { KnowledgeProblem } from '../problem.js';
import { parseSource, show } from '../read/source.js';
import type { ArtifactFile } from '../read/artifact-file.js';

/** What `versions.lock.json` keeps of one artifact. */
export interface LockedVersion {
  readonly version: string;
  readonly hash: string;
}

/** Path of the artifact's file → its version and the hash of its content. */
export type VersionLock = Readonly<Record<string, LockedVersion>>;

export const lockFile = 'versions.lock.json';

/** Kinds whose content decides what a card says. */
const lockedKinds: readonly (ArtifactKind | undefined)[] = [
  ...(['rule', 'score', 'service', 'inputs', 'settings'] as const),
  'guideline',
  'functional-prognosis',
  'plan',
  'orders',
  'suggestions',
  'names',
  'combinations',
];

/** Keys in one order, so that moving a key or a comment is no change of content. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]: [string, unknown]) => [key, canonical(child)]));
}

function lockedVersion(value: unknown): LockedVersion | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, ...content }: { readonly version?: unknown; readonly changes?: unknown } = value;
  if (typeof version !== 'string') return undefined;
  return {
    version,
    hash: createHash('sha256')
      // What is told of former versions is no content: telling it later raises no version.
      .update(JSON.stringify(canonical({ ...content, changes: undefined })))
      .digest('hex'),
  };
}

/** The lock that these files should have. */
export function lockOf(files: readonly ArtifactFile[]): VersionLock {
  return Object.fromEntries(
    files
      .filter(({ path }) => lockedKinds.includes(kindOfPath(path)))
      .flatMap((file): (readonly [string, LockedVersion])[] => {
        const locked = lockedVersion(parseSource(file).value);
        return locked ? [[file.path, locked]] : [];
      }),
  );
}

/** The lock file's text, sorted, as it is written to disk. */
export function formatLock(lock: VersionLock): string {
  return `${JSON.stringify(canonical(lock), undefined, 2)}\n`;
}

function isLock(value: unknown): value is VersionLock {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(
      (entry: unknown) =>
        typeof entry === 'object' &&
        entry !== null &&
        'version' in entry &&
        'hash' in entry &&
        typeof entry.version === 'string' &&
        typeof entry.hash === 'string',
    )
  );
}

/** The lock among the files; `undefined` when there is none or it is damaged. */
export function readLock(files: readonly ArtifactFile[]): VersionLock | undefined {
  const file = files.find(({ path }) => path === lockFile);
  const value = file && parseSource(file).value;
  return isLock(value) ? value : undefined;
}

function isRaised(version: string, before: string): boolean {
  const [now, then] = [version, before].map((text) => text.split('.').map(Number));
  const place = [0, 1, 2].find((index) => now?.[index] !== then?.[index]);
  return place !== undefined && (now?.[place] ?? 0) > (then?.[place] ?? 0);
}

/** Artifacts whose content is not what the lock keeps, though their version was not raised. */
export function unraisedVersions(
  files: readonly ArtifactFile[],
  lock: VersionLock,
): readonly KnowledgeProblem[] {
  const current = lockOf(files);
  return files.flatMap((file) => {
    const now = current[file.path];
    const before = lock[file.path];
    if (!now || !before || now.hash === before.hash || isRaised(now.version, before.version)) return [];
    const expected = `a version above ${before.version}: the content has changed`;
    return [parseSource(file).problem('VERSION_INVALID', ['version'], expected, show(now.version))];
  });
}

/** The same, and artifacts that the lock does not know yet, and locked ones that are gone: what a test demands. */
export function lockProblems(files: readonly ArtifactFile[], lock: VersionLock): readonly KnowledgeProblem[] {
  const current = lockOf(files);
  const at = (path: string, expected: string, found: string): KnowledgeProblem => ({
    code: 'VERSION_INVALID',
    file: lockFile,
    line: 1,
    column: 1,
    path,
    expected,
    found,
  });
  const unraised = unraisedVersions(files, lock);
  const stale = Object.entries(current)
    .filter(([path, now]) => {
      const before = lock[path];
      return before === undefined || before.hash !== now.hash || before.version !== now.version;
    })
    .filter(([path]) => !unraised.some(({ file }) => file === path))
    .map(([path, { version }]) =>
      at(path, `version ${version} (run validate --write-lock)`, lock[path]?.version ?? 'nothing'),
    );
  const gone = Object.keys(lock)
    .filter((path) => current[path] === undefined)
    .map((path) => at(path, 'the artifact: it is retired, never deleted', 'no such file'));
  return [...unraised, ...stale, ...gone];
}
