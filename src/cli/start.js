// `npm start`: builds what is not built yet, and becomes the service. One process, so that the signal which ends npm ends
// the service too. An installed clone is built already: compiling again would only cost its first seconds.
import { execSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? newest(`${folder}/${entry.name}`) : modified(`${folder}/${entry.name}`),
    ),
  );

// tsc leaves a file alone whose content stays the same, but always writes its own record.
const built = modified('dist/main.js') === 0 ? 0 : modified('dist/.tsbuildinfo');
const pages = Math.min(modified('dist/sandbox-page/index.html'), modified('dist/smart-app/index.html'));
if (newest('src') > built) {
  execSync('npm run --silent build:server', { stdio: 'inherit' });
}
if (pages === 0) execSync('npm run --silent build:pages', { stdio: 'inherit' });

await import('../../dist/main.js');
