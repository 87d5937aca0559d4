import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { baseUrlOf, readConfig } from '../src/config.js';
import type { Config, ConfigProblem } from '../src/config.js';

type Environment = Readonly<Record<string, string>>;

const configOf = (env: Environment): Config => {
  const result = readConfig(env);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
};

const problemsOf = (env: Environment): readonly ConfigProblem[] => {
  const result = readConfig(env);
  return result.ok ? [] : result.problems;
};

const variablesOf = (env: Environment): readonly string[] =>
  problemsOf(env).map((problem) => problem.variable);

const production: Environment = {
  NODE_ENV: 'production',
  CLIENTS_FILE: '/etc/cds/clients.yaml',
  PUBLIC_BASE_URL: 'https://cds.example.org',
};

describe('an environment without our variables', () => {
  it('gives the defaults that the README names', () => {
    expect(configOf({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      production: false,
      publicBaseUrl: undefined,
      clientsFile: undefined,
      database: { kind: 'sqlite', path: './data/cds.sqlite' },
      fhirBudgetMs: 3000,
      bodyLimitBytes: 10 * 1024 * 1024,
      defaultLanguage: 'en',
      guidelineEdition: '2024',
      localKnowledge: undefined,
      canonicalBase: 'https://bone-metastasis-cds.example/fhir',
      logLevel: 'info',
      workers: 1,
      trustProxy: 0,
    });
  });

  it('limits the calls of a client in production, and measures nobody in development', () => {
    expect(configOf(production).rateLimitPerMinute).toBe(6000);
    expect(configOf({}).rateLimitPerMinute).toBe(6_000_000);
    expect(configOf({ RATE_LIMIT: '60' }).rateLimitPerMinute).toBe(60);
  });

  it('cannot be changed after it was read', () => {
    const config = configOf({ TRUST_PROXY: 'loopback' });
    expect([config, config.database, config.trustProxy].every(Object.isFrozen)).toBe(true);
  });

  it('treats an empty variable as not set, as compose files write it', () => {
    expect(configOf({ PORT: '', CLIENTS_FILE: ' ', LOG_LEVEL: '' })).toEqual(configOf({}));
  });
});

describe('values that are set', () => {
  it.each([
    ['10mb', 10_485_760],
    ['500kb', 512_000],
    ['1 MB', 1_048_576],
    ['2048', 2048],
    ['1b', 1],
    ['1gb', 1_073_741_824],
  ])('reads the body limit %s as %d bytes', (text, bytes) => {
    expect(configOf({ BODY_LIMIT: text }).bodyLimitBytes).toBe(bytes);
  });

  it.each(['0', '-1', '10 m', '1.5mb', 'mb', '1073741825', '2gb', '10mb;'])(
    'refuses the body limit %s',
    (text) => {
      expect(variablesOf({ BODY_LIMIT: text })).toEqual(['BODY_LIMIT']);
    },
  );

  it.each(['0', '1', '65535'])('accepts port %s', (text) => {
    expect(configOf({ PORT: text }).port).toBe(Number(text));
  });

  it.each(['65536', '-1', '3000.0', '0x10', '3e3', 'http'])('refuses port %s', (text) => {
    expect(variablesOf({ PORT: text })).toEqual(['PORT']);
  });

  it('drops the slash at the end of the public base URL, so that an audience has one spelling', () => {
    expect(configOf({ PUBLIC_BASE_URL: 'https://CDS.example.org/cds/' }).publicBaseUrl).toBe(
      'https://cds.example.org/cds',
    );
  });

  it.each([
    'cds.example.org',
    'ftp://cds.example.org',
    'https://u:p@cds.example.org',
    'https://cds.example.org?a=b',
    'https://cds.example.org/#x',
  ])('refuses the public base URL %s', (text) => {
    expect(variablesOf({ PUBLIC_BASE_URL: text })).toEqual(['PUBLIC_BASE_URL']);
  });

  it('knows an SQLite file from a PostgreSQL', () => {
    expect(configOf({ DATABASE_URL: 'file:/var/lib/cds.sqlite' }).database).toEqual({
      kind: 'sqlite',
      path: '/var/lib/cds.sqlite',
    });
    expect(configOf({ DATABASE_URL: 'postgres://u:p@db/cds' }).database).toEqual({
      kind: 'postgres',
      url: 'postgres://u:p@db/cds',
    });
  });

  it('counts proxies, or lists their addresses', () => {
    expect(configOf({ TRUST_PROXY: '1' }).trustProxy).toBe(1);
    expect(configOf({ TRUST_PROXY: 'loopback, 10.0.0.0/8' }).trustProxy).toEqual(['loopback', '10.0.0.0/8']);
  });

  it.each(['true', '*', 'anyone', '10.0.0.1,,'])(
    'refuses TRUST_PROXY=%s, which would let a caller choose its address',
    (text) => {
      expect(variablesOf({ TRUST_PROXY: text })).toEqual(['TRUST_PROXY']);
    },
  );
});

describe('values that cannot be used', () => {
  it('are all listed at once, with what was found and what is expected', () => {
    const problems = problemsOf({
      NODE_ENV: 'prod',
      HOST: 'http://x',
      PORT: 'eighty',
      PUBLIC_BASE_URL: 'nowhere',
      DATABASE_URL: 'mysql://x',
      FHIR_BUDGET_MS: '0',
      BODY_LIMIT: 'much',
      DEFAULT_LANGUAGE: 'de',
      GUIDELINE_EDITION: '2023',
      LOG_LEVEL: 'loud',
      WORKERS: '0',
      MAX_CONCURRENT_REQUESTS: '0',
      AUDIT_RETENTION_DAYS: '0',
      FEEDBACK_SECRET: 'short',
      TRUST_PROXY: 'true',
      RATE_LIMIT: '-1',
      CLOCK_SKEW_SECONDS: '601',
    });
    expect(problems).toHaveLength(17);
    expect(problems.every(({ found, expected }) => found !== '' && expected !== '')).toBe(true);
    expect(problems).toContainEqual({
      variable: 'DEFAULT_LANGUAGE',
      found: '"de"',
      expected: 'one of en, fr',
    });
  });

  it('never show a secret', () => {
    const text = JSON.stringify(
      problemsOf({
        DATABASE_URL: 'mysql://u:hunter2-db@x/y',
        FEEDBACK_SECRET: 'hunter2',
        PUBLIC_BASE_URL: 'https://u:hunter2-url@cds.example.org',
      }),
    );
    expect(text).not.toContain('hunter2');
    expect(problemsOf({ FEEDBACK_SECRET: 'hunter2' })).toHaveLength(1);
  });

  it('never throw, whatever the environment holds', () => {
    const names = [
      'HOST',
      'PORT',
      'PUBLIC_BASE_URL',
      'DATABASE_URL',
      'BODY_LIMIT',
      'TRUST_PROXY',
      'NODE_ENV',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (env) => {
        const result = readConfig(env);
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('production', () => {
  it('starts when callers are known and the public URL is https', () => {
    expect(configOf(production)).toMatchObject({
      production: true,
      publicBaseUrl: 'https://cds.example.org',
    });
  });

  it('refuses to start with every reason: no callers, no public URL, and whatever else is wrong', () => {
    expect(variablesOf({ NODE_ENV: 'production', PORT: 'x' })).toEqual([
      'PORT',
      'CLIENTS_FILE',
      'PUBLIC_BASE_URL',
    ]);
  });

  it('names the clients file in a refusal, so that its problems can be listed beside', () => {
    expect(readConfig({ ...production, PORT: 'x' })).toMatchObject({
      ok: false,
      clients: { file: '/etc/cds/clients.yaml', production: true },
    });
  });

  it('refuses a public URL in clear text, which development accepts', () => {
    const PUBLIC_BASE_URL = 'http://cds.example.org';
    expect(variablesOf({ ...production, PUBLIC_BASE_URL })).toEqual(['PUBLIC_BASE_URL']);
    expect(configOf({ PUBLIC_BASE_URL }).publicBaseUrl).toBe(PUBLIC_BASE_URL);
  });
});

describe('the base URL', () => {
  it('is the public one when it is set', () => {
    expect(baseUrlOf(configOf(production), 3000)).toBe('https://cds.example.org');
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:4321'],
    ['0.0.0.0', 'http://127.0.0.1:4321'],
    ['::1', 'http://[::1]:4321'],
    ['localhost', 'http://localhost:4321'],
  ])('follows from host %s and the port really bound otherwise', (HOST, url) => {
    expect(baseUrlOf(configOf({ HOST, PORT: '0' }), 4321)).toBe(url);
  });
});
