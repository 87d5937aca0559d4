import type { Request } from 'express';
import type { Supposed } from '../engine/what-if.js';
import type { AttemptQuery } from '../guideline/attempt-page.js';
import { factPrefix, notKnown } from '../guideline/controls-view.js';
import type { Filters } from '../guideline/entries.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language } from '../knowledge/types.js';

/** The longest search, and the longest value of any other parameter. */
const longestValue = 200;

/** What the address of a page asks for. Names that are not known are left aside, as links get them from elsewhere. */
export interface PageQuery {
  readonly language: Language | undefined;
  readonly filters: Filters;
  /** Words by which the codes of a rule are searched. */
  readonly code: string;
  readonly attempt: AttemptQuery;
}

export type PageQueryResult =
  | { readonly ok: true; readonly query: PageQuery }
  /** Names of the parameters that cannot be used. */
  | { readonly ok: false; readonly parameters: readonly string[] };

/** Reads the query of a page; every parameter that cannot be used is named. */
export function readPageQuery(
  request: Request,
  { topics, services, rules, fragments, scores, inputs, languages, guideline }: Knowledge,
): PageQueryResult {
  const given = [...new URLSearchParams(request.originalUrl.split('?')[1] ?? '')].filter(
    ([, value]) => value !== '',
  );
  const wrong = new Set<string>();
  const values = new Map<string, string>();
  const isItem = (id: string): boolean =>
    [...scores.values()].some(({ items }) => items.some((item) => item.id === id));
  const isKnown = (name: string): boolean =>
    plain.has(name) ||
    (name.startsWith(factPrefix) &&
      (inputs.has(name.slice(factPrefix.length)) || isItem(name.slice(factPrefix.length))));
  for (const [name, value] of given) {
    if (!isKnown(name)) continue;
    if (values.has(name) || value.length > longestValue) wrong.add(name);
    values.set(name, value);
  }
  const among = <T extends string>(name: string, allowed: readonly T[]): T | undefined => {
    const value = values.get(name);
    const found = allowed.find((each) => each === value);
    if (value !== undefined && found === undefined) wrong.add(name);
    return found;
  };
  const optional = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
    value === undefined ? {} : ({ [key]: value } as Record<K, V>);
  const number = values.get('example');
  if (number !== undefined && !/^\d{1,3}$/.test(number)) wrong.add('example');
  const language = among(
    'lang',
    languages.map(({ code }) => code),
  );
  const service = among('service', [...services.keys()]);
  const query: PageQuery = {
    language,
    filters: {
      ...optional('q', values.get('q')),
      ...optional('topic', among('topic', [...topics.keys()])),
      ...optional('service', service),
      ...optional('severity', among('severity', ['info', 'warning', 'critical'] as const)),
      ...optional('edition', among('edition', guideline.editions)),
      ...optional('alert', among('alert', ['yes', 'no'] as const)),
    },
    code: values.get('code') ?? '',
    attempt: {
      ...optional('service', service),
      ...optional('rule', among('rule', [...rules.keys()])),
      ...optional('example', number === undefined ? undefined : Number(number)),
      ...optional('order', among('order', [...fragments.keys()])),
      facts: factsOf(values),
    },
  };
  return wrong.size === 0 ? { ok: true, query } : { ok: false, parameters: [...wrong] };
}

const plain: ReadonlySet<string> = new Set([
  ...['lang', 'q', 'topic', 'service', 'severity', 'edition', 'alert', 'code', 'rule', 'example', 'order'],
]);

function factsOf(values: ReadonlyMap<string, string>): ReadonlyMap<string, Supposed> {
  return new Map(
    [...values].flatMap(([name, value]) =>
      name.startsWith(factPrefix) ? [[name.slice(factPrefix.length), supposed(value)] as const] : [],
    ),
  );
}

function supposed(value: string): Supposed {
  if (value === notKnown) return null;
  if (value === 'true' || value === 'false') return value === 'true';
  const number = Number(value.replace(',', '.'));
  return /^-?\d+(?:[.,]\d+)?$/.test(value) && Number.isFinite(number) ? number : value;
}
