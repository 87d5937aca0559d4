import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin, UserConfig } from 'vite';

/** Below this a compressed file is hardly shorter. */
const worthCompressing = 1000;

/** Writes each file of the built pages a second and a third time, compressed as far as it goes. */
function compressed(): Plugin {
  return {
    name: 'compressed-beside',
    writeBundle({ dir = '' }) {
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' });
      for (const file of files.filter((name) => /\.(?:js|css|svg|html)$/.test(name))) {
        const path = join(dir, file);
        const content = readFileSync(path);
        if (content.length < worthCompressing) continue;
        writeFileSync(`${path}.br`, brotliCompressSync(content));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** What stands on a page before any script has come. */
export interface Shell {
  readonly title: string;
  readonly markup: string;
}

/** Text as it stands in markup. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

/** Each page in both languages, with what can be read before its script has come: `index.html` and `index.fr.html`. */
export function shells(shellOf: (language: 'en' | 'fr', page: string) => Shell): Plugin {
  return {
    name: 'shells',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const [name, page] of Object.entries(bundle)) {
        if (page.type !== 'asset' || !name.endsWith('.html')) continue;
        const source = page.source.toString();
        const pageIn = (language: 'en' | 'fr'): string => {
          const { title, markup } = shellOf(language, name);
          return source
            .replace('<html lang="en"', `<html lang="${language}"`)
            .replace(/<title>.*?<\/title>/, `<title>${escaped(title)}</title>`)
            .replace('<!-- shell -->', markup);
        };
        const fileName = name.replace(/html$/, 'fr.html');
        this.emitFile({ type: 'asset', fileName, source: pageIn('fr') });
        page.source = pageIn('en');
      }
    },
  };
}

/**
 * What the builds of all pages share. Components are written for React and run on Preact, which does the same in an
 * fifth of its size.
 */
export const pages = {
  plugins: [compressed()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react(?:-dom)?$/, replacement: 'preact/compat' },
    ],
  },
  build: {
    emptyOutDir: true,
    target: 'es2022',
    // An inlined asset would be a `data:` URL, which the pages' Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
} satisfies UserConfig;
