// How Node finds and reads the modules of a test: module hooks (https://nodejs.org/api/module.html#customization-hooks),
// which run in a thread of their own.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const [sources, built, tests, shared, packages] = [
  'src/',
  'dist/',
  'tests/',
  'tests/shared/',
  'node_modules/',
].map((path) => new URL(path, root).href);
const globals = new URL('globals.js', import.meta.url).href;
const kept = fileURLToPath(new URL('.cache/tests/', packages));
mkdirSync(kept, { recursive: true });

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const read = (url) => readFileSync(fileURLToPath(url), 'utf8');

/** What the compiler last compiled: the hash of each source, by its path from `dist`. */
const compiled = (() => {
  try {
    const { fileNames, fileInfos } = JSON.parse(read(new URL('.tsbuildinfo', built)));
    const infos = fileNames.map((name, at) => [name, fileInfos[at].version ?? fileInfos[at]]);
    return new Map(infos.filter(([name]) => name.startsWith('../src/')));
  } catch {
    return new Map();
  }
})();

const modules = new Map();

/**
 * The one module that stands for a source: the built one, as it is in production, if the compiler made it of this very
 * text, else the source itself.
 */
function moduleOf(source) {
  if (!modules.has(source)) {
    const output = source.replace(sources, built).replace(/\.ts$/, '.js');
    const isBuilt =
      compiled.get(source.replace(sources, '../src/')) === sha256(read(source)) &&
      existsSync(fileURLToPath(output));
    modules.set(source, isBuilt ? output : source);
  }
  return modules.get(source);
}

/** The source that is meant by `./x.js` in TypeScript, or by the built file of the same name. */
function sourceOf(url) {
  if (!url.endsWith('.js') || url.startsWith(packages)) return undefined;
  const source = url.replace(built, sources);
  const candidates = [source.replace(/js$/, 'ts'), source.replace(/js$/, 'tsx')];
  return candidates.find((candidate) => existsSync(fileURLToPath(candidate)));
}

export async function resolve(specifier, context, next) {
  const parent = context.parentURL ?? '';
  // What a test file holds is its own: each file has modules of `tests/` anew, by the number in their address.
  const file = parent.startsWith(tests) ? new URL(parent).searchParams.get('file') : null;
  const isOwn = (url) => file !== null && url.startsWith(tests) && !url.startsWith(shared);
  const own = (url) => (isOwn(url) ? `${url}?file=${file}` : url);
  if (specifier === '@jest/globals') {
    if (file === null) throw new Error(`${parent} is shared by test files and has no tests`);
    return { url: own(globals), format: 'module', shortCircuit: true };
  }
  const isOfOurs = /^(\.{0,2}\/|file:)/.test(specifier) && !parent.startsWith(packages);
  const source = isOfOurs ? sourceOf(new URL(specifier, parent || root).href) : undefined;
  if (source !== undefined) {
    const url = source.startsWith(sources) ? moduleOf(source) : own(source);
    return { url, format: 'module', shortCircuit: true };
  }
  const found = await next(specifier, context);
  return { ...found, url: own(found.url) };
}

export async function load(url, context, next) {
  const { pathname, protocol } = new URL(url);
  if (protocol !== 'file:' || !/\.tsx?$/.test(pathname) || url.startsWith(packages))
    return next(url, context);
  return { format: 'module', source: await transformed(pathname, read(url)), shortCircuit: true };
}

async function transformed(filename, text) {
  const place = `${kept}${sha256(`${filename}\0${text}`)}.js`;
  try {
    return readFileSync(place, 'utf8');
  } catch {
    const { transformSync } = await import('@swc/core');
    const { code } = transformSync(text, {
      filename,
      swcrc: false,
      sourceMaps: 'inline',
      jsc: { parser: { syntax: 'typescript', tsx: filename.endsWith('x') }, target: 'es2023' },
      module: { type: 'es6' },
    });
    // Several workers transform at once: each writes for itself, and none reads half a file.
    const unfinished = `${place}.${process.pid}`;
    writeFileSync(unfinished, code);
    renameSync(unfinished, place);
    return code;
  }
}
