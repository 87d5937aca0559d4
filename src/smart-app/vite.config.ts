import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { shippedGuideline } from '../knowledge/guideline-names.js';
import { escaped, pages, shells } from '../ui/build.js';
import { shellOf } from './shell.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Tells the page that begins the launch under which name EHRs know the app. */
const clientId: Plugin = {
  name: 'client-id',
  transformIndexHtml: (page) => page.replace('%SMART_CLIENT%', escaped(shippedGuideline().smartClient)),
};

/** Two static pages under `/smart/`: `launch.html` begins the SMART launch, `index.html` receives it. */
export const config = defineConfig({
  ...pages,
  root: here,
  base: '/smart/',
  plugins: [clientId, shells(shellOf), ...pages.plugins],
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
