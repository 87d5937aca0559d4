import type { FhirResource } from '../cds-hooks/types.js';
import { epochDay } from '../chart/dates.js';
import { exampleDay, resourceOf } from '../engine/examples.js';
import type { Prepared, PreparedService } from '../engine/prepare.js';
import type { Supposed, WhatIf } from '../engine/what-if.js';
import type { ExamplePiece, Language } from '../knowledge/types.js';
import { isObject } from '../json.js';

/** A question of «What would it say for …», understood. */
export interface Attempt extends WhatIf {
  /** Left out: that of the request. */
  readonly language: Language | undefined;
}

/** One thing of a question that cannot be used; never quotes it. */
export interface AttemptProblem {
  readonly kind: 'invalid' | 'forbidden';
  readonly path: string;
  readonly message: string;
}

export type AttemptResult =
  | { readonly ok: true; readonly attempt: Attempt }
  | { readonly ok: false; readonly problems: readonly AttemptProblem[] };

/** More than any example or demo patient has; what is longer is no small patient. */
const mostNames = 200;
const mostFacts = 200;
const longestText = 200;

interface Reading {
  readonly prepared: Prepared;
  /** Whether charts of one's own are accepted: in development. */
  readonly ownCharts: boolean;
  readonly today: string;
  readonly problem: (path: string, message: string) => void;
  readonly forbid: (path: string) => void;
}

/**
 * Reads the body of `POST /guideline/try`: `{ service, chart?, drafts?, facts?, language?, missingData?, today? }`. Names
 * of fragments stand for their resources; a Bundle or resource of one's own only where `ownCharts` says so.
 * @param today civil day that charts of one's own are judged on; fragments are judged on the day of the examples
 */
export function readAttempt(
  body: unknown,
  prepared: Prepared,
  { ownCharts, today }: { readonly ownCharts: boolean; readonly today: string },
): AttemptResult {
  const problems: AttemptProblem[] = [];
  const reading: Reading = {
    prepared,
    ownCharts,
    today,
    problem: (path, message) => void problems.push({ kind: 'invalid', path, message }),
    forbid: (path) =>
      void problems.push({
        kind: 'forbidden',
        path,
        message: 'this server accepts names of example fragments only, no charts of your own',
      }),
  };
  if (!isObject(body)) {
    return {
      ok: false,
      problems: [{ kind: 'invalid', path: '', message: 'the body must be a JSON object' }],
    };
  }
  const service = readService(body['service'], reading);
  const chart = readResources(body['chart'], 'chart', reading);
  const drafts = readResources(body['drafts'], 'drafts', reading);
  const facts = readFacts(body['facts'], reading);
  const language = readLanguage(body['language'], reading);
  const missingData = readNames(body['missingData'], 'missingData', reading);
  const isOwn = [chart, drafts].some(({ own }) => own);
  const day = readDay(body['today'], isOwn ? today : exampleDay, reading);
  if (service === undefined || problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    attempt: {
      service,
      chart: chart.resources,
      drafts: drafts.resources,
      missingData,
      facts,
      today: day,
      language,
    },
  };
}

function readService(value: unknown, { prepared, problem }: Reading): PreparedService | undefined {
  const service = typeof value === 'string' ? prepared.services.get(value) : undefined;
  if (service === undefined) problem('service', 'must be the id of a CDS service; see /cds-services');
  return service;
}

interface Resources {
  readonly resources: readonly FhirResource[];
  readonly own: boolean;
}

const none: Resources = { resources: [], own: false };

function readResources(value: unknown, path: string, reading: Reading): Resources {
  if (value === undefined || value === null) return none;
  if (isObject(value)) {
    if (!reading.ownCharts) {
      reading.forbid(path);
      return none;
    }
    if (value['resourceType'] !== 'Bundle') {
      reading.problem(path, 'must be a list of names or a Bundle');
      return none;
    }
    const entries: readonly unknown[] = Array.isArray(value['entry']) ? value['entry'] : [];
    const resources = entries.map((entry) => (isObject(entry) ? entry['resource'] : undefined));
    if (!resources.every(isResource)) {
      reading.problem(`${path}.entry`, 'every entry must hold a resource');
      return none;
    }
    return { resources, own: true };
  }
  if (!Array.isArray(value)) {
    reading.problem(path, 'must be a list of names of example fragments');
    return none;
  }
  const pieces: readonly unknown[] = value;
  if (pieces.length > mostNames) {
    reading.problem(path, `must have at most ${mostNames} entries`);
    return none;
  }
  const read = pieces.map((piece, index) => readPiece(piece, `${path}[${index}]`, reading));
  return {
    resources: read.flatMap((resource) => resource ?? []),
    own: pieces.some((piece) => isObject(piece) && 'resourceType' in piece),
  };
}

function readPiece(piece: unknown, path: string, reading: Reading): FhirResource | undefined {
  const { prepared, problem, forbid, ownCharts } = reading;
  const { fragments } = prepared.knowledge;
  if (typeof piece === 'string') {
    if (fragments.has(piece)) return resourceOf(piece, prepared);
    problem(path, 'is not the name of an example fragment');
    return undefined;
  }
  if (!isObject(piece)) {
    problem(path, 'must be the name of an example fragment');
    return undefined;
  }
  if (!ownCharts) {
    forbid(path);
    return undefined;
  }
  if (isResource(piece)) return structuredClone(piece);
  if (typeof piece['use'] === 'string' && fragments.has(piece['use']) && isChange(piece))
    return resourceOf(piece, prepared);
  problem(path, 'must be the name of an example fragment, or a resource');
  return undefined;
}

function isResource(value: unknown): value is FhirResource {
  return isObject(value) && typeof value['resourceType'] === 'string';
}

function isChange(piece: Readonly<Record<string, unknown>>): piece is Exclude<ExamplePiece, string> & {
  readonly use: string;
} {
  const { set, drop } = piece;
  const paths: unknown = drop ?? [];
  return (
    (set === undefined || isObject(set)) &&
    Array.isArray(paths) &&
    paths.every((path) => typeof path === 'string' && path.length <= longestText)
  );
}

function readFacts(value: unknown, reading: Reading): ReadonlyMap<string, Supposed> {
  const { problem, prepared } = reading;
  const facts = new Map<string, Supposed>();
  if (value === undefined || value === null) return facts;
  if (!isObject(value)) {
    problem('facts', 'must be an object');
    return facts;
  }
  const entries = Object.entries(value);
  if (entries.length > mostFacts) {
    problem('facts', `must have at most ${mostFacts} entries`);
    return facts;
  }
  const items = new Map(
    [...prepared.knowledge.scores.values()].flatMap(({ items: all }) => all.map((item) => [item.id, item])),
  );
  for (const [name, supposed] of entries) {
    const path = `facts.${name.slice(0, longestText)}`;
    const item = items.get(name);
    if (item === undefined && !prepared.inputs.has(name)) {
      problem(path, 'is neither an input nor an item of a score');
    } else if (!isSupposed(supposed)) {
      problem(path, 'must be a number, a boolean, a short text, or null for «not known»');
    } else if (
      item !== undefined &&
      supposed !== null &&
      !item.answers.some(({ code }) => code === supposed || `${item.id}-${code}` === supposed)
    ) {
      problem(path, `must be one of ${item.answers.map(({ code }) => code).join(', ')}`);
    } else facts.set(name, supposed);
  }
  return facts;
}

function isSupposed(value: unknown): value is Supposed {
  if (typeof value === 'number') return Number.isFinite(value);
  return (
    value === null || typeof value === 'boolean' || (typeof value === 'string' && value.length <= longestText)
  );
}

function readLanguage(value: unknown, { prepared, problem }: Reading): Language | undefined {
  if (value === undefined || value === null) return undefined;
  const languages = prepared.knowledge.languages.map(({ code }) => code);
  const language = languages.find((each) => each === value);
  if (language === undefined) problem('language', `must be one of ${languages.join(', ')}`);
  return language;
}

function readNames(value: unknown, path: string, { problem }: Reading): readonly string[] {
  if (value === undefined || value === null) return [];
  const names: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  const read = names.filter((name) => typeof name === 'string');
  if (read.length === names.length && names.length <= mostNames) return read;
  problem(path, 'must be a list of prefetch keys');
  return [];
}

function readDay(value: unknown, fallback: string, { problem }: Reading): string {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && epochDay(value) !== undefined)
    return value;
  problem('today', 'must be a day, YYYY-MM-DD');
  return fallback;
}
