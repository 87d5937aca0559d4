import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { pages } from '../../ui/build.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** One script and one style sheet, named by their content; the server reads their names in the manifest. */
export const config = defineConfig({
  ...pages,
  root: here,
  base: './',
  build: {
    ...pages.build,
    outDir: fileURLToPath(new URL('../../../dist/guideline-assets/', import.meta.url)),
    manifest: 'manifest.json',
    rolldownOptions: { input: `${here}main.ts` },
  },
});

// Vite reads its configuration from the default export only.
export { config as default };
