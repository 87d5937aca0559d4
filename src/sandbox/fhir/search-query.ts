import { dateRange, type DatePrefix, type DateRange } from './date-range.js';
import { FhirProblem, type Issue } from './problem.js';
import { foldedText, indexKey, presenceKey, referenceParts } from './search-index.js';
import { parameterOf, parametersOf, type SearchParameter } from './search-parameters.js';

/** What a resource must satisfy; several criteria are joined by AND, the values inside one by OR. */
export type Criterion =
  | { readonly kind: 'keys'; readonly keys: readonly string[]; readonly negated: boolean }
  | {
      readonly kind: 'date';
      readonly parameter: string;
      readonly values: readonly { readonly prefix: DatePrefix; readonly range: DateRange }[];
    }
  | {
      readonly kind: 'string';
      readonly parameter: string;
      readonly mode: 'starts' | 'contains' | 'exact';
      readonly values: readonly string[];
    };

/** A search as it was asked for, with every parameter understood. */
export interface SearchQuery {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  readonly sort: readonly { readonly parameter: string; readonly descending: boolean }[];
  readonly count: number;
  readonly offset: number;
  readonly summaryCount: boolean;
  readonly include: readonly { readonly parameter: string; readonly target?: string }[];
}

/** Search parameters in the order in which they were sent. */
export type QueryPairs = readonly (readonly [name: string, value: string])[];

const defaultCount = 100;
const largestCount = 1000;

type Parsed = { readonly criterion: Criterion } | { readonly wrong: string };

/** Splits at commas that are not escaped (FHIR R4 search 3.1.1.4.3), then undoes the escapes. */
function alternatives(value: string): readonly string[] {
  return (value.match(/(?:\\.|[^,\\])+/g) ?? []).map((part) => part.replace(/\\([\\,|$])/g, '$1'));
}

function tokenKeys(name: string, value: string): readonly string[] {
  const bar = value.indexOf('|');
  if (bar < 0) return [indexKey(name, 'code', value)];
  const system = value.slice(0, bar);
  const code = value.slice(bar + 1);
  if (system === '') return [indexKey(name, 'unsystematic', code), indexKey(name, 'implied', code)];
  if (code === '') return [indexKey(name, 'system', system)];
  return [indexKey(name, 'coding', value), indexKey(name, 'implied', code)];
}

function referenceKeys(name: string, value: string, type: string | undefined): readonly string[] {
  const parts = referenceParts(value);
  if (parts !== undefined) {
    const mismatch = type !== undefined && type !== parts.type;
    return mismatch ? [] : [indexKey(name, 'reference', `${parts.type}/${parts.id}`)];
  }
  if (type !== undefined) return [indexKey(name, 'reference', `${type}/${value}`)];
  return [indexKey(name, 'id', value), indexKey(name, 'other', value)];
}

function isDatePrefix(text: string): text is DatePrefix {
  return ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'].includes(text);
}

function dateCriterion(parameter: string, parts: readonly string[]): Parsed {
  const values: { prefix: DatePrefix; range: DateRange }[] = [];
  for (const part of parts) {
    const start = part.slice(0, 2);
    const prefix = isDatePrefix(start) ? start : 'eq';
    // A plus sign that was not percent-encoded arrives as a space: "…T10:00:00 01:00".
    const range = dateRange((isDatePrefix(start) ? part.slice(2) : part).replace(' ', '+'));
    if (range === undefined)
      return { wrong: `parameter ${parameter} wants a date with eq ne lt gt le ge sa or eb` };
    values.push({ prefix, range });
  }
  return { criterion: { kind: 'date', parameter, values } };
}

function keysCriterion(keys: readonly string[], negated = false): Parsed {
  return { criterion: { kind: 'keys', keys, negated } };
}

function parsedCriterion(
  name: string,
  modifier: string | undefined,
  definition: SearchParameter,
  value: string,
): Parsed {
  const parts = alternatives(value);
  if (parts.length === 0) return { wrong: `parameter ${name} has no value` };
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') return { wrong: `${name}:missing wants true or false` };
    return keysCriterion([presenceKey(name)], value === 'true');
  }
  if (definition.type === 'reference' && (modifier === undefined || /^[A-Z][A-Za-z]+$/.test(modifier))) {
    return keysCriterion(parts.flatMap((part) => referenceKeys(name, part, modifier ?? definition.target)));
  }
  if (definition.type === 'token' && (modifier === undefined || modifier === 'not')) {
    return keysCriterion(
      parts.flatMap((part) => tokenKeys(name, part)),
      modifier === 'not',
    );
  }
  if (definition.type === 'uri' && modifier === undefined) {
    return keysCriterion(parts.map((part) => indexKey(name, 'uri', part)));
  }
  if (definition.type === 'date' && modifier === undefined) return dateCriterion(name, parts);
  if (definition.type === 'string') {
    if (modifier === 'exact') {
      return { criterion: { kind: 'string', parameter: name, mode: 'exact', values: parts } };
    }
    if (modifier === undefined || modifier === 'contains') {
      const mode = modifier === undefined ? 'starts' : 'contains';
      return { criterion: { kind: 'string', parameter: name, mode, values: parts.map(foldedText) } };
    }
  }
  return { wrong: `modifier :${modifier ?? ''} is not supported on parameter ${name}` };
}

function wholeNumber(text: string, least: number): number | undefined {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  return number >= least ? number : undefined;
}

interface Control {
  sort: SearchQuery['sort'];
  include: SearchQuery['include'];
  count: number;
  offset: number;
  summaryCount: boolean;
}

/** Applies a result parameter to the control; says what is wrong, or nothing; `undefined` when it is not one. */
function applied(control: Control, type: string, name: string, value: string): string | undefined {
  switch (name) {
    case '_format':
    case '_pretty':
    case '_total':
    case '_elements':
      return '';
    case '_count':
    case '_offset': {
      const number = wholeNumber(value, 0);
      if (number === undefined) return `${name} wants a whole number`;
      if (name === '_offset') control.offset = number;
      else if (number === 0) control.summaryCount = true;
      else control.count = Math.min(number, largestCount);
      return '';
    }
    case '_summary':
      control.summaryCount = value === 'count';
      return '';
    case '_sort': {
      const keys = value.split(',').map((key) => ({
        parameter: key.replace(/^-/, ''),
        descending: key.startsWith('-'),
      }));
      const unknown = keys.find((key) => parameterOf(type, key.parameter) === undefined);
      if (unknown !== undefined) return `_sort does not know ${unknown.parameter} of ${type}`;
      control.sort = [...control.sort, ...keys];
      return '';
    }
    case '_include': {
      const [source, parameter = '', target] = value.split(':');
      if ((source !== type && source !== '*') || parameterOf(type, parameter)?.type !== 'reference') {
        return `_include does not know ${value}`;
      }
      control.include = [...control.include, { parameter, ...(target === undefined ? {} : { target }) }];
      return '';
    }
    default:
      return undefined;
  }
}

/**
 * Understands a search of one type (FHIR R4 search 3.1.1). A parameter that the sandbox does not know is an error:
 * ignoring it would return more than was asked for. @throws FhirProblem 400 that lists every problem.
 */
export function searchQuery(type: string, pairs: QueryPairs): SearchQuery {
  const control: Control = { sort: [], include: [], count: defaultCount, offset: 0, summaryCount: false };
  const criteria: Criterion[] = [];
  const wrong: Issue[] = [];
  for (const [key, value] of pairs) {
    const result = applied(control, type, key, value);
    if (result !== undefined) {
      if (result !== '') wrong.push({ code: 'value', diagnostics: result, expression: key });
      continue;
    }
    const [name = '', modifier] = key.split(':', 2);
    const definition = parameterOf(type, name);
    if (definition === undefined) {
      const known = Object.keys(parametersOf(type) ?? {}).join(', ');
      const diagnostics = `unknown search parameter ${name} of ${type}; known: ${known}`;
      wrong.push({ code: 'not-supported', diagnostics, expression: name });
      continue;
    }
    const parsed = parsedCriterion(name, modifier, definition, value);
    if ('wrong' in parsed) wrong.push({ code: 'value', diagnostics: parsed.wrong, expression: key });
    else criteria.push(parsed.criterion);
  }
  if (wrong.length > 0) throw new FhirProblem(400, wrong);
  return { type, criteria, ...control };
}
