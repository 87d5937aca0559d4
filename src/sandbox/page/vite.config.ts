import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { pages, shells } from '../../ui/build.js';
import { shellOf } from './shell.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** One page at `/`; its assets lie below `/sandbox/`, like everything else that exists in development only. */
export const config = defineConfig({
  ...pages,
  root: here,
  base: '/',
  plugins: [shells(shellOf), ...pages.plugins],
  build: {
    ...pages.build,
    outDir: fileURLToPath(new URL('../../../dist/sandbox-page/', import.meta.url)),
    assetsDir: 'sandbox/assets',
  },
});

// Vite reads its configuration from the default export only.
export { config as default };
