import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin, UserConfig } from 'vite';
import { wordsOf, type Spoken } from '../knowledge/catalogues.js';
import type { Language } from '../knowledge/types.js';
import { defaultLanguage } from '../text.js';
import { isWords } from '../words/elements.js';
import { elementsOf } from '../words/pattern.js';
import type { CatalogueName } from '../words/say.js';
import type { SentWords } from './speech.js';

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
  /** What is said where scripts are switched off. */
  readonly noScript?: string;
}

/** Text as it stands in markup. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

const wordsModule = 'virtual:words/';

/** Parsed here, so that no page needs a parser of ICU messages. */
function sent(pattern: string): SentWords[string] {
  const elements = elementsOf(pattern);
  const [only, ...others] = elements;
  if (only === undefined) return '';
  return others.length === 0 && isWords(only) ? only.value : elements;
}

/**
 * The words of a page. Each language is a chunk of its own, with English for what it lacks, and is fetched when it is spoken.
 * @param place path of the module that stands for them
 */
export function words(name: CatalogueName, place: string, { catalogues, languages }: Spoken): Plugin {
  const moduleOf = (language: Language): string => `${wordsModule}${name}/${language}`;
  const loaders = languages.map(
    ({ code }) =>
      `[${JSON.stringify(code)}, () => import(${JSON.stringify(moduleOf(code))}).then((m) => m.words)]`,
  );
  const modules = new Map(
    languages.map(({ code }) => {
      const said = Object.entries(wordsOf(catalogues, name, code)).map(([key, text]) => [key, sent(text)]);
      return [moduleOf(code), `export const words = ${JSON.stringify(Object.fromEntries(said))};`];
    }),
  );
  return {
    name: 'words',
    enforce: 'pre',
    resolveId: (id) => (modules.has(id) ? `\0${id}` : undefined),
    load: (id) =>
      id === place
        ? `export const built = { name: ${JSON.stringify(name)}, languages: ${JSON.stringify(languages)}, words: new Map([${loaders.join(', ')}]) };`
        : modules.get(id.slice(1)),
  };
}

/**
 * Each page in every language, with what can be read before its script has come: `index.html` in English, `index.fr.html`,
 * … Its words are fetched beside its script, not after it.
 */
export function shells(
  languages: Spoken['languages'],
  shellOf: (language: Language, page: string) => Shell,
): Plugin {
  let base = '/';
  return {
    name: 'shells',
    enforce: 'post',
    configResolved(config) {
      base = config.base;
    },
    generateBundle(_options, bundle) {
      const wordsIn = (language: Language): string => {
        const chunk = Object.values(bundle).find(
          (each) =>
            each.type === 'chunk' &&
            each.facadeModuleId?.startsWith(`\0${wordsModule}`) === true &&
            each.facadeModuleId.endsWith(`/${language}`),
        );
        return chunk === undefined ? '' : `<link rel="modulepreload" href="${base}${chunk.fileName}">`;
      };
      for (const [name, page] of Object.entries(bundle)) {
        if (page.type !== 'asset' || !name.endsWith('.html')) continue;
        const source = page.source.toString();
        const pageIn = (language: Language): string => {
          const { title, markup, noScript = '' } = shellOf(language, name);
          return source
            .replace('<html lang="en"', `<html lang="${language}"`)
            .replace(/<title>.*?<\/title>/, `<title>${escaped(title)}</title>`)
            .replace('</head>', `${wordsIn(language)}</head>`)
            .replace('<!-- shell -->', markup)
            .replace('<!-- without script -->', escaped(noScript));
        };
        for (const { code } of languages.filter((each) => each.code !== defaultLanguage)) {
          const fileName = name.replace(/html$/, `${code}.html`);
          this.emitFile({ type: 'asset', fileName, source: pageIn(code) });
        }
        page.source = pageIn(defaultLanguage);
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
