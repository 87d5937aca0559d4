import { readFileSync, writeFileSync } from 'node:fs';

interface Locked {
  readonly version: string;
  readonly dev?: true;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Built into the pages, which run in the browsers of hospitals. */
export const inBrowsers: readonly string[] = ['preact', 'fhirclient'];

/** What the Dockerfile removes again, since nothing needs it. */
export const removed: readonly string[] = [
  ...readFileSync('deploy/Dockerfile', 'utf8').matchAll(/node_modules\/(?!\.)(\S+)/g),
]
  .map(([, name = '']) => name)
  .filter((name) => !name.startsWith('./'));

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? '';

function toPackage(path: string, { version, license = 'not said' }: Locked): Package {
  return { name: nameOf(path), version, licence: license };
}

/** What production installs. */
export const installed: readonly Package[] = Object.entries(lock.packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true && !removed.includes(nameOf(path)))
  .map(([path, locked]) => toPackage(path, locked));

/** Where Node would find a package that another one needs. */
function placeOf(name: string, from: string): string | undefined {
  const inside = `${from}/node_modules/${name}`;
  if (inside in lock.packages) return inside;
  const above = from.lastIndexOf('/node_modules/');
  if (above > 0) return placeOf(name, from.slice(0, above));
  const top = `node_modules/${name}`;
  return top in lock.packages ? top : undefined;
}

function* needed(path: string, seen: Set<string>): Generator<Package> {
  const locked = lock.packages[path];
  if (locked === undefined || seen.has(path)) return;
  seen.add(path);
  yield toPackage(path, locked);
  for (const name of Object.keys(locked.dependencies ?? {})) {
    const place = placeOf(name, path);
    if (place !== undefined) yield* needed(place, seen);
  }
}

/** What the pages of the SMART app are made of, with all that these packages need. */
export const shipped: readonly Package[] = (() => {
  const seen = new Set<string>();
  return inBrowsers.flatMap((name) => [...needed(`node_modules/${name}`, seen)]);
})();

const page = 'docs/dependencies.md';
const begin = '<!-- licences: written by npm run licences -->';
const end = '<!-- end of licences -->';

function table(packages: readonly Package[]): string {
  const names = new Map<string, Set<string>>();
  for (const { name, version, licence } of packages)
    names.set(licence, (names.get(licence) ?? new Set()).add(`${name} ${version}`));
  const rows = [...names]
    .sort(([a, some], [b, others]) => others.size - some.size || a.localeCompare(b))
    .map(([licence, those]) => `| ${licence} | ${those.size} | ${[...those].sort().join(', ')} |`);
  return ['| Licence | Packages | |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The page with the licences of what the lock file holds now. */
export function withLicences(text: string): string {
  const [before = '', rest = ''] = text.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`${page} has lost the marks of the licences`);
  const lists = `### On the server\n\n${table(installed)}\n\n### In browsers\n\n${table(shipped)}`;
  return `${before}${begin}\n\n${lists}\n\n${end}${after}`;
}

if (process.argv[1]?.endsWith('packages.ts') === true) {
  writeFileSync(page, withLicences(readFileSync(page, 'utf8')));
  process.stdout.write(`${page}\n`);
}
