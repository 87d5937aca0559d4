import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const writtenAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newestIn = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? newestIn(join(folder, entry.name)) : writtenAt(join(folder, entry.name)),
    ),
  );

const isBuilt = newestIn('src') <= writtenAt('dist/.tsbuildinfo');

/**
 * What Node is given to run a program of `src/`: the built one, which starts in a fraction of the time, or the source
 * when something has changed since the build.
 * @param name path below `src/`, without extension
 */
export function program(name: string): readonly string[] {
  return isBuilt ? [`dist/${name}.js`] : ['--import', 'tsx', `src/${name}.ts`];
}
