import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { pages } from '../../ui/build.js';
import { shellOf } from './shell.js';

const here = fileURLToPath(new URL('.', import.meta.url));

const place = '<!-- shell -->';

/** The page in both languages, each with what can be read before its script has come: `index.html` and `fr.html`. */
function shells(): Plugin {
  return {
    name: 'shells',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') return;
      const source = page.source.toString();
      const fr = source.replace('<html lang="en"', '<html lang="fr"').replace(place, shellOf('fr'));
      this.emitFile({ type: 'asset', fileName: 'fr.html', source: fr });
      page.source = source.replace(place, shellOf('en'));
    },
  };
}

/** One page at `/`; its assets lie below `/sandbox/`, like everything else that exists in development only. */
export const config = defineConfig({
  ...pages,
  root: here,
  base: '/',
  plugins: [shells(), ...pages.plugins],
  build: {
    ...pages.build,
    outDir: fileURLToPath(new URL('../../../dist/sandbox-page/', import.meta.url)),
    assetsDir: 'sandbox/assets',
  },
});

// Vite reads its configuration from the default export only.
export { config as default };
