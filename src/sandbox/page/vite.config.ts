import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** One page at `/`; its assets lie below `/sandbox/`, like everything else that exists in development only. */
export const config = defineConfig({
  root: here,
  base: '/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../../dist/sandbox-page/', import.meta.url)),
    assetsDir: 'sandbox/assets',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
});

// Vite reads its configuration from the default export only.
export { config as default };
