import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';
import { shippedGuideline } from '../knowledge/guideline-names.js';
import { readSpoken } from '../knowledge/read/spoken.js';
import { escaped, pages, shells, words } from '../ui/build.js';
import { shellOf } from './shell.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Tells the page that begins the launch under which name EHRs know the app. */
const clientId: Plugin = {
  name: 'client-id',
  transformIndexHtml: (page) => page.replace('%SMART_CLIENT%', escaped(shippedGuideline().smartClient)),
};

/**
 * Two static pages under `/smart/`: `launch.html` begins the SMART launch, `index.html` receives it.
 * @param artifacts folder in which `languages/` lies; the shipped one by default
 */
export async function configWith(artifacts?: string): Promise<UserConfig> {
  const spoken = await readSpoken(artifacts);
  return {
    ...pages,
    root: here,
    base: '/smart/',
    plugins: [
      clientId,
      words('app', `${here}built.ts`, spoken),
      shells(spoken.languages, (language, page) => shellOf(spoken, language, page)),
      ...pages.plugins,
    ],
    build: {
      ...pages.build,
      outDir: fileURLToPath(new URL('../../dist/smart-app/', import.meta.url)),
      rolldownOptions: {
        input: [`${here}index.html`, `${here}launch.html`],
      },
    },
  };
}

export const config = configWith();

// Vite reads its configuration from the default export only.
export { config as default };
