import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';
import { readSpoken } from '../../knowledge/read/spoken.js';
import { pages, shells, words } from '../../ui/build.js';
import { shellOf } from './shell.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * One page at `/`; its assets lie below `/sandbox/`, like everything else that exists in development only.
 * @param artifacts folder in which `languages/` lies; the shipped one by default
 */
export async function configWith(artifacts?: string): Promise<UserConfig> {
  const spoken = await readSpoken(artifacts);
  return {
    ...pages,
    root: here,
    base: '/',
    plugins: [
      words('sandbox', `${here}built.ts`, spoken),
      shells(spoken.languages, (language) => shellOf(spoken, language)),
      ...pages.plugins,
    ],
    build: {
      ...pages.build,
      outDir: fileURLToPath(new URL('../../../dist/sandbox-page/', import.meta.url)),
      assetsDir: 'sandbox/assets',
    },
  };
}

export const config = configWith();

// Vite reads its configuration from the default export only.
export { config as default };
