import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Who may import whom. Types of `cds-hooks` and `knowledge` may be imported anywhere, and so may the words for JSON, the table of resource types, the memo and what takes a text in a language. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  main: ['outbound', 'start', 'mount', 'config', 'http', 'engine', 'knowledge', 'workers', 'trust'],
  workers: ['config'],
  mount: ['http', 'sandbox', 'publish', 'trust', 'feedback'],
  bounds: [],
  json: [],
  text: ['knowledge'],
  // The names of R4 that this service reads.
  'resource-table': [],
  memo: [],
  // What the service tells of a call and the sandbox shows: types only.
  'call-trace': [],
  'built-files': [],
  outbound: [],
  start: ['outbound', 'http', 'engine', 'knowledge', 'fhirpath', 'fhir', 'feedback', 'trust', 'config'],
  http: [
    'bounds',
    'built-files',
    'call-trace',
    'engine',
    'cds-hooks',
    'data',
    'fhir',
    'cards',
    'trust',
    'feedback',
    'publish',
    'guideline',
    'config',
    'knowledge',
  ],
  engine: ['data', 'chart', 'rules', 'scores', 'cards', 'terminology', 'knowledge'],
  data: ['bounds', 'fhir', 'cds-hooks'],
  fhir: ['cds-hooks', 'outbound'],
  rules: ['scores', 'fhirpath', 'chart', 'knowledge'],
  scores: [],
  cards: ['rules', 'scores', 'chart', 'terminology', 'cds-hooks', 'knowledge', 'words'],
  chart: ['fhirpath', 'terminology', 'cds-hooks'],
  terminology: [],
  fhirpath: [],
  knowledge: ['scores', 'fhirpath', 'words'],
  // What pages and reports may say, and how it is filled in; in the browser too.
  words: [],
  'cds-hooks': ['bounds'],
  feedback: ['cds-hooks', 'threads'],
  threads: [],
  trust: ['outbound', 'knowledge'],
  publish: ['bounds', 'knowledge', 'scores', 'terminology', 'cds-hooks', 'engine', 'fhirpath', 'words'],
  // Asks the engine as `http` does, without HTTP and store.
  replay: ['engine', 'data', 'chart', 'cards', 'rules', 'cds-hooks', 'fhir', 'knowledge', 'report', 'words'],
  // The look of what programs write for readers.
  report: ['knowledge'],
  monitoring: ['report', 'feedback', 'chart', 'knowledge', 'words'],
  population: [],
  guideline: [
    'knowledge',
    'fhirpath',
    'engine',
    'rules',
    'cards',
    'chart',
    'publish',
    'cds-hooks',
    'ui',
    'words',
  ],
  ui: ['knowledge', 'words'],
  cli: [
    'cds-hooks',
    'chart',
    'knowledge',
    'terminology',
    'engine',
    'fhirpath',
    'publish',
    'start',
    'config',
    'feedback',
    'replay',
    'population',
    'sandbox',
    'cards',
    'report',
    'monitoring',
    'guideline',
  ],
  config: ['knowledge'],
  telemetry: [],
  sandbox: ['ui', 'built-files', 'call-trace', 'knowledge', 'words'],
  'smart-app': ['scores', 'knowledge', 'ui', 'words'],
};

/** Packages that only these folders may import. */
const owners: Readonly<Record<string, readonly string[]>> = {
  express: ['http', 'sandbox', 'mount', 'built-files'],
  fhirpath: ['fhirpath'],
  kysely: ['feedback'],
  libsql: ['feedback'],
  pg: ['feedback', 'replay'],
  'graphile-worker': ['replay'],
  '@observablehq': ['report'],
  linkedom: ['report'],
  'intl-messageformat': ['words', 'knowledge', 'publish'],
  jose: ['trust', 'sandbox'],
  undici: ['outbound'],
  react: ['smart-app', 'sandbox', 'ui'],
  preact: ['ui'],
  vite: ['smart-app', 'sandbox', 'guideline', 'ui'],
  'oidc-provider': ['sandbox'],
};

const typesOfAnyone: ReadonlySet<string> = new Set(['cds-hooks', 'knowledge']);

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const moduleOf = (path: string): string =>
  (relative('src', path).split('/')[0] ?? '').replace(/\.[jt]sx?$/, '');

const imports: readonly Import[] = sources('src').flatMap((file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:^|\n)(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|import\('([^']+)'\)/g,
    ),
  ].map(([, type, fixed, dynamic]) => ({
    file,
    from: moduleOf(file),
    to: fixed ?? dynamic ?? '',
    typeOnly: type !== undefined,
  })),
);

describe('the house', () => {
  it('has only the modules of the plan', () => {
    expect([...new Set(sources('src').map(moduleOf))].filter((name) => !(name in arrows))).toEqual([]);
  });

  it('imports one way only', () => {
    const wrong = imports.flatMap(({ file, from, to, typeOnly }) => {
      if (!to.startsWith('.')) return [];
      const path = resolve(dirname(file), to);
      // Data files (the sandbox's catalogue) are not modules.
      if (path.endsWith('.json') || path.endsWith('.css') || path.endsWith('.svg')) return [];
      const target = moduleOf(path);
      if (
        target === from ||
        target === 'json' ||
        target === 'resource-table' ||
        target === 'memo' ||
        target === 'text' ||
        (typeOnly && typesOfAnyone.has(target))
      )
        return [];
      return arrows[from]?.includes(target) === true
        ? []
        : [`${file} → ${target}${typeOnly ? ' (type)' : ''}`];
    });
    expect(wrong).toEqual([]);
  });

  it('has no circle of files, not even of types', () => {
    const files = new Set(sources('src'));
    const fileOf = (path: string): readonly string[] =>
      ['.ts', '.tsx'].map((suffix) => path.replace(/\.js$/, suffix)).filter((each) => files.has(each));
    const next = new Map(
      [...files].map((file) => [
        file,
        imports
          .filter((each) => each.file === file && each.to.startsWith('.'))
          .flatMap(({ to }) => fileOf(join(dirname(file), to))),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      done.add(file);
      for (const each of next.get(file) ?? []) visit(each, [...path, file]);
    };
    for (const file of next.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('reads the knowledge, checks it, and lays a hospital’s over it: a later step imports an earlier one only', () => {
    const steps = ['read', 'check', 'overlay'].map((step) => join('src', 'knowledge', step));
    const stepOf = (path: string): number => steps.findIndex((step) => path.startsWith(`${step}/`));
    const wrong = imports
      .filter(({ file, to }) => stepOf(file) >= 0 && to.startsWith('.'))
      .filter(({ file, to }) => stepOf(join(dirname(file), to)) > stepOf(file))
      .map(({ file, to }) => `${file} → ${to}`);
    expect(wrong).toEqual([]);
  });

  it('has one word for a JSON object', () => {
    const wrong = sources('src')
      .filter((file) => file !== join('src', 'json.ts'))
      .filter((file) =>
        /!== null && !Array\.isArray\(|(?:function|const) is(?:Record|Object)\b/.test(
          readFileSync(file, 'utf8'),
        ),
      );
    expect(wrong).toEqual([]);
  });

  it('keeps each package behind its module', () => {
    const wrong = imports.flatMap(({ file, from, to, typeOnly }) => {
      const allowed = owners[to.split('/')[0] ?? ''];
      return allowed === undefined || typeOnly || allowed.includes(from) ? [] : [`${file} imports ${to}`];
    });
    expect(wrong).toEqual([]);
  });

  it('reads the environment in config and at the start only', () => {
    const wrong = sources('src')
      .filter((file) => /process\.env/.test(readFileSync(file, 'utf8')))
      .filter(
        (file) =>
          ![
            'src/main.ts',
            'src/config.ts',
            'src/workers.ts',
            'src/cli/audit.ts',
            'src/cli/replay.ts',
            'src/cli/report.ts',
            'src/telemetry.ts',
          ].includes(file),
      );
    expect(wrong).toEqual([]);
  });

  it('has no `any` and no switched-off checks', () => {
    const wrong = sources('src').flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return [
        ...(/:\s*any\b(?! other)|\bas any\b|@ts-ignore|@ts-expect-error|eslint-disable/.test(text)
          ? [`${file}: a check is off`]
          : []),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('has no clinical code in its sources', () => {
    // LOINC codes, SNOMED identifiers of 8 digits and more, ATC codes: they belong into value sets.
    const code = /['"`](?:\d{3,5}-\d|\d{8,18}|[A-Z]\d{2}[A-Z]{2}\d{2})['"`]/;
    const wrong = sources('src')
      .filter((file) => !file.startsWith('src/sandbox') && !file.startsWith('src/smart-app'))
      .filter((file) => code.test(readFileSync(file, 'utf8')));
    expect(wrong).toEqual([]);
  });
});
