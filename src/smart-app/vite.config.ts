import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Two static pages under `/smart/`: `launch.html` begins the SMART launch, `index.html` receives it. */
export const config = defineConfig({
  root: here,
  base: '/smart/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/smart-app/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // An inlined asset would be a `data:` URL, which the page's Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [`${here}index.html`, `${here}launch.html`],
    },
  },
});

// Vite reads its configuration from the default export only.
export { config as default };
