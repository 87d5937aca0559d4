import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The app as `npm run build` makes it, in a folder of its own; the tests do not depend on what `dist` holds. */
export async function builtApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'smart-app-'));
  const vite = join(process.cwd(), 'node_modules/vite/bin/vite.js');
  await run(process.execPath, [vite, 'build', '-c', 'src/smart-app/vite.config.ts', '--outDir', folder]);
  return folder;
}
