import { execSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? newest(`${folder}/${entry.name}`) : modified(`${folder}/${entry.name}`),
    ),
  );

/** Compiles the server where a source is newer than what was built. What it says goes to standard error. */
export function buildServer() {
  // tsc leaves a file alone whose content stays the same, but always writes its own record.
  const built = modified('dist/main.js') === 0 ? 0 : modified('dist/.tsbuildinfo');
  if (newest('src') > built) execSync('npm run --silent build:server', { stdio: ['ignore', 2, 2] });
}

/** Builds the pages where there are none, or where a language has been added or changed since. */
export function buildPages() {
  const pages = Math.min(modified('dist/sandbox-page/index.html'), modified('dist/smart-app/index.html'));
  if (newest('cds-services/languages') > pages)
    execSync('npm run --silent build:pages', { stdio: 'inherit' });
}
