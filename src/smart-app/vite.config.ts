import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { pages, shells } from '../ui/build.js';
import { shellOf } from './shell.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Two static pages under `/smart/`: `launch.html` begins the SMART launch, `index.html` receives it. */
export const config = defineConfig({
  ...pages,
  root: here,
  base: '/smart/',
  plugins: [shells(shellOf), ...pages.plugins],
  build: {
    ...pages.build,
    outDir: fileURLToPath(new URL('../../dist/smart-app/', import.meta.url)),
    rolldownOptions: {
      input: [`${here}index.html`, `${here}launch.html`],
    },
  },
});

// Vite reads its configuration from the default export only.
export { config as default };
