import { newestEdition, shippedGuideline } from './knowledge/guideline-names.js';
import { shippedLanguageCodes } from './knowledge/languages.js';
import type { Language } from './knowledge/types.js';
import { defaultLanguage } from './text.js';

/** A variable of the environment that cannot be used. `found` never holds a secret. */
export interface ConfigProblem {
  readonly variable: string;
  readonly found: string;
  readonly expected: string;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Where feedback, audit and used tokens are kept: one SQLite file, or a PostgreSQL shared by several instances. */
export type DatabaseLocation =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/** Everything that an operator may set, checked, in the unit that the name says. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Port of readiness and metrics alone; undefined = they answer on `port`. */
  readonly managementPort: number | undefined;
  readonly production: boolean;
  /** Without trailing slash; undefined when it follows from the address listened on (`baseUrlOf`). */
  readonly publicBaseUrl: string | undefined;
  readonly clientsFile: string | undefined;
  readonly database: DatabaseLocation;
  readonly fhirBudgetMs: number;
  readonly bodyLimitBytes: number;
  readonly defaultLanguage: Language;
  /** Year of one of the guideline's editions. */
  readonly guidelineEdition: string;
  readonly localKnowledge: string | undefined;
  /** What our canonicals and code systems begin with, in all that is published, sent or written. */
  readonly canonicalBase: string;
  readonly logLevel: LogLevel;
  /** Processes that answer requests; 1 = no cluster. */
  readonly workers: number;
  /** Calls worked on at once per process, without those that wait for a FHIR server; more wait, then get 503. */
  readonly maxConcurrentRequests: number;
  readonly auditRetentionDays: number;
  /** Whether the audit names patients in clear; else it has their keyed hash. */
  readonly auditPatientInClear: boolean;
  /** Key of the hashes of patients, users and cards; undefined = each start makes its own. */
  readonly feedbackSecret: string | undefined;
  /** Express `trust proxy`: number of proxies in front, or their addresses. */
  readonly trustProxy: number | readonly string[];
  /** Requests per minute and client; 0 = no limit. */
  readonly rateLimitPerMinute: number;
  /** Calls per minute and address that may be refused with 401; 0 = no limit. */
  readonly failedCallsPerMinute: number;
  /** Requests per minute and address for what is open to everybody; 0 = no limit. */
  readonly publicCallsPerMinute: number;
  /** Difference accepted between the clock of a caller and ours. */
  readonly clockSkewSeconds: number;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | {
      readonly ok: false;
      readonly problems: readonly ConfigProblem[];
      /** What is needed to list the problems of the clients file in the same refusal to start. */
      readonly clients: { readonly file: string | undefined; readonly production: boolean };
    };

type Environment = Readonly<Record<string, string | undefined>>;
type Parsed<T> = { readonly value: T } | { readonly expected: string };
type Parser<T> = (text: string) => Parsed<T>;

const LONGEST_SHOWN = 80;
const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };
const LARGEST_BODY = 1024 ** 3;

const wholeNumber =
  (min: number, max: number): Parser<number> =>
  (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? { value } : { expected: `a whole number from ${min} to ${max}` };
  };

const oneOf =
  <const T extends string>(...allowed: readonly T[]): Parser<T> =>
  (text) => {
    const value = allowed.find((candidate) => candidate === text);
    return value === undefined ? { expected: `one of ${allowed.join(', ')}` } : { value };
  };

const anyText: Parser<string> = (value) => ({ value });

const host: Parser<string> = (value) =>
  /^[A-Za-z0-9._:-]+$/.test(value) && !/^[^:]+:\d+$/.test(value)
    ? { value }
    : { expected: 'an address or a host name, without scheme and port' };

const baseUrl: Parser<string> = (text) => {
  const expected = { expected: 'an absolute http(s) URL without user, query and fragment' };
  if (!URL.canParse(text)) return expected;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && !/[?#]/.test(text);
  if (!plain || (url.protocol !== 'https:' && url.protocol !== 'http:')) return expected;
  return { value: url.href.replace(/(?<!\/)\/+$/, '') };
};

/** Of characters that mean themselves wherever a canonical stands: in JSON, YAML, FHIRPath and a query. */
const canonicalBase: Parser<string> = (text) =>
  /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[\w.~-]+)*\/?$/.test(text)
    ? { value: text.replace(/\/$/, '') }
    : { expected: 'an absolute http(s) URL of letters, digits and . _ ~ - only' };

const database: Parser<DatabaseLocation> = (text) => {
  const path = /^file:(.+)$/.exec(text)?.[1];
  if (path !== undefined) return { value: { kind: 'sqlite', path } };
  const postgres = /^postgres(ql)?:\/\/./.test(text) && URL.canParse(text);
  return postgres
    ? { value: { kind: 'postgres', url: text } }
    : { expected: 'file:<path> for SQLite or postgres://… for PostgreSQL' };
};

const size: Parser<number> = (text) => {
  const [, digits, unit = ''] = /^(\d{1,12})\s*(b|kb|mb|gb)?$/i.exec(text) ?? [];
  const value = digits === undefined ? 0 : Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  return value >= 1 && value <= LARGEST_BODY
    ? { value }
    : { expected: 'a size from 1b to 1gb, such as 500kb or 10mb' };
};

const secret: Parser<string> = (value) =>
  value.length >= 16 ? { value } : { expected: 'at least 16 characters' };

const proxies: Parser<number | readonly string[]> = (text) => {
  if (/^\d{1,2}$/.test(text)) return { value: Number(text) };
  const value = text.split(',').map((part) => part.trim());
  return value.every((part) =>
    /^([0-9a-f]*[.:][0-9a-f.:]*(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i.test(part),
  )
    ? { value: Object.freeze(value) }
    : { expected: 'the number of proxies in front, or a comma list of their addresses' };
};

const shown = (text: string, hidden: boolean): string => {
  if (hidden) return 'a value that is not shown';
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
};

/** A password may sit between scheme and host of a base URL: only what is free of `@` is shown. */
const isSecret = (variable: string, text: string): boolean =>
  ['FEEDBACK_SECRET', 'DATABASE_URL'].includes(variable) || text.includes('@');

const productionProblems = (read: Environment): readonly ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  if (read['CLIENTS_FILE'] === undefined) {
    const expected = 'in production, the file of the EHRs that are trusted (nobody could call otherwise)';
    problems.push({ variable: 'CLIENTS_FILE', found: 'nothing', expected });
  }
  const base = read['PUBLIC_BASE_URL'];
  if (base === undefined || /^http:/i.test(base)) {
    const expected = 'in production, the https URL under which the EHRs call (the aud of their tokens)';
    const found = base === undefined ? 'nothing' : shown(base, isSecret('PUBLIC_BASE_URL', base));
    problems.push({ variable: 'PUBLIC_BASE_URL', found, expected });
  }
  return problems;
};

/**
 * Reads the environment. An empty variable counts as not set. Every problem is
 * listed at once, those of `NODE_ENV=production` included, so that a start fails once and not five times.
 */
export const readConfig = (env: Environment): ConfigResult => {
  const problems: ConfigProblem[] = [];
  const set: Environment = Object.fromEntries(
    Object.entries(env).flatMap(([name, text]) => (text?.trim() ? [[name, text.trim()]] : [])),
  );
  const read = <T, D>(variable: string, parse: Parser<T>, fallback: D): T | D => {
    const text = set[variable];
    if (text === undefined) return fallback;
    const parsed = parse(text);
    if ('value' in parsed) return parsed.value;
    problems.push({ variable, found: shown(text, isSecret(variable, text)), expected: parsed.expected });
    return fallback;
  };

  const guideline = shippedGuideline();
  const mode = read('NODE_ENV', oneOf('development', 'production', 'test'), 'development');
  const config: Config = {
    host: read('HOST', host, '127.0.0.1'),
    port: read('PORT', wholeNumber(0, 65_535), 3000),
    managementPort: read('MANAGEMENT_PORT', wholeNumber(0, 65_535), undefined),
    production: mode === 'production',
    publicBaseUrl: read('PUBLIC_BASE_URL', baseUrl, undefined),
    clientsFile: read('CLIENTS_FILE', anyText, undefined),
    database: Object.freeze(
      read('DATABASE_URL', database, { kind: 'sqlite' as const, path: './data/cds.sqlite' }),
    ),
    fhirBudgetMs: read('FHIR_BUDGET_MS', wholeNumber(1, 60_000), 3000),
    bodyLimitBytes: read('BODY_LIMIT', size, 10 * 1024 ** 2),
    defaultLanguage: read('DEFAULT_LANGUAGE', oneOf(...shippedLanguageCodes()), defaultLanguage),
    guidelineEdition: read('GUIDELINE_EDITION', oneOf(...guideline.editions), newestEdition(guideline)),
    localKnowledge: read('LOCAL_KNOWLEDGE', anyText, undefined),
    canonicalBase: read('CANONICAL_BASE', canonicalBase, guideline.canonicalBase),
    logLevel: read('LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info'),
    workers: read('WORKERS', wholeNumber(1, 256), 1),
    maxConcurrentRequests: read('MAX_CONCURRENT_REQUESTS', wholeNumber(1, 100_000), 16),
    auditRetentionDays: read('AUDIT_RETENTION_DAYS', wholeNumber(1, 36_500), 365),
    auditPatientInClear: read('AUDIT_PATIENT', oneOf('hash', 'clear'), 'hash') === 'clear',
    feedbackSecret: read('FEEDBACK_SECRET', secret, undefined),
    trustProxy: read('TRUST_PROXY', proxies, 0),
    // In development every caller is this machine: who measures must not be measured by the limit.
    rateLimitPerMinute: read(
      'RATE_LIMIT',
      wholeNumber(0, 10_000_000),
      mode === 'production' ? 6000 : 6_000_000,
    ),
    failedCallsPerMinute: read('FAILURE_LIMIT', wholeNumber(0, 10_000_000), 600),
    publicCallsPerMinute: read(
      'PUBLIC_RATE_LIMIT',
      wholeNumber(0, 10_000_000),
      mode === 'production' ? 3000 : 3_000_000,
    ),
    clockSkewSeconds: read('CLOCK_SKEW_SECONDS', wholeNumber(0, 600), 60),
  };
  if (config.managementPort === config.port && config.port !== 0) {
    const found = String(config.port);
    problems.push({ variable: 'MANAGEMENT_PORT', found, expected: 'another port than PORT' });
  }
  if (mode === 'production') problems.push(...productionProblems(set));
  return problems.length === 0
    ? { ok: true, config: Object.freeze(config) }
    : {
        ok: false,
        problems: Object.freeze(problems),
        clients: { file: config.clientsFile, production: config.production },
      };
};

/**
 * The URL under which callers reach this process: `PUBLIC_BASE_URL`, or the address listened on when none is
 * set (development). Never the `Host` header (JWT-12). `port` is the one really bound (`PORT=0`).
 */
export const baseUrlOf = (config: Pick<Config, 'publicBaseUrl' | 'host'>, port: number): string => {
  if (config.publicBaseUrl !== undefined) return config.publicBaseUrl;
  const reachable = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
};
