import { dateRange, type DateRange } from './date-range.js';
import { asList, elementOf, elementsAt, type StoredResource } from './resource.js';
import { parametersOf, type SearchParameter } from './search-parameters.js';
import { isObject } from '../../json.js';

/**
 * What searching needs to know of one resource, computed once when it is written.
 * `keys` answer token, reference and uri parameters exactly; dates and strings need comparing.
 */
export interface IndexedResource {
  readonly resource: StoredResource;
  readonly keys: ReadonlySet<string>;
  readonly dates: ReadonlyMap<string, readonly DateRange[]>;
  readonly strings: ReadonlyMap<string, readonly string[]>;
  readonly order: ReadonlyMap<string, string | number>;
}

/** The key under which a resource is found by the parameter's exact value. */
export function indexKey(parameter: string, kind: string, value: string): string {
  return `${parameter}=${kind}:${value}`;
}

/** The key that says that the resource has any value for the parameter (`:missing`). */
export function presenceKey(parameter: string): string {
  return `${parameter}!`;
}

/** Text as string parameters compare it: no case, no accents, single spaces. */
export function foldedText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/**
 * `Type/id` at the end of a reference, whether relative or absolute: the sandbox is the only server that it knows,
 * so an absolute reference of the same type and id is taken as its own.
 */
export function referenceParts(reference: string): { type: string; id: string } | undefined {
  const match = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference);
  const [, type, id] = match ?? [];
  return type === undefined || id === undefined ? undefined : { type, id };
}

interface Tok {
  readonly system?: string;
  readonly code: string;
  readonly implied: boolean;
}

function tokensOf(value: unknown): readonly Tok[] {
  // A bare code element has its system implied by the element, so any system asked for may match it.
  if (typeof value === 'string') return [{ code: value, implied: true }];
  if (typeof value === 'boolean') return [{ code: String(value), implied: true }];
  if (!isObject(value)) return [];
  const codings = asList(elementOf(value, 'coding'));
  if (codings.length > 0) return codings.flatMap(tokensOf);
  const code = elementOf(value, 'code') ?? elementOf(value, 'value');
  if (typeof code !== 'string') return [];
  const system = elementOf(value, 'system');
  return [{ code, implied: false, ...(typeof system === 'string' ? { system } : {}) }];
}

function tokenKeys(name: string, { system, code, implied }: Tok): readonly string[] {
  const byCode = indexKey(name, 'code', code);
  if (implied) return [byCode, indexKey(name, 'implied', code)];
  if (system === undefined) return [byCode, indexKey(name, 'unsystematic', code)];
  return [byCode, indexKey(name, 'coding', `${system}|${code}`), indexKey(name, 'system', system)];
}

function referenceKeys(name: string, target: string | undefined, value: unknown): readonly string[] {
  const reference = elementOf(value, 'reference');
  if (typeof reference !== 'string') return [];
  const parts = referenceParts(reference);
  if (target !== undefined && parts?.type !== target) return [];
  if (parts === undefined) return [indexKey(name, 'other', reference)];
  return [indexKey(name, 'reference', `${parts.type}/${parts.id}`), indexKey(name, 'id', parts.id)];
}

function rangesOf(value: unknown): readonly DateRange[] {
  if (typeof value === 'string') {
    const range = dateRange(value);
    return range === undefined ? [] : [range];
  }
  if (!isObject(value)) return [];
  const events = asList(elementOf(value, 'event'));
  const bounds = elementOf(elementOf(value, 'repeat'), 'boundsPeriod');
  if (events.length > 0 || bounds !== undefined) return [...events.flatMap(rangesOf), ...rangesOf(bounds)];
  const [start] = rangesOf(elementOf(value, 'start'));
  const [end] = rangesOf(elementOf(value, 'end'));
  if (start === undefined && end === undefined) return [];
  return [{ start: start?.start ?? -Infinity, end: end?.end ?? Infinity }];
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return ['family', 'given', 'text', 'prefix', 'suffix'].flatMap((part) =>
    asList(elementOf(value, part)).filter((text): text is string => typeof text === 'string'),
  );
}

function exactKeys(name: string, parameter: SearchParameter, values: readonly unknown[]): readonly string[] {
  switch (parameter.type) {
    case 'token':
      return values.flatMap(tokensOf).flatMap((tok) => tokenKeys(name, tok));
    case 'reference':
      return values.flatMap((value) => referenceKeys(name, parameter.target, value));
    case 'uri':
      return values
        .filter((value): value is string => typeof value === 'string')
        .map((value) => indexKey(name, 'uri', value));
    default:
      return [];
  }
}

/** Reads every search parameter of the resource's type once. */
export function indexedResource(resource: StoredResource): IndexedResource {
  const keys = new Set<string>();
  const dates = new Map<string, readonly DateRange[]>();
  const strings = new Map<string, readonly string[]>();
  const order = new Map<string, string | number>();
  for (const [name, parameter] of Object.entries(parametersOf(resource.resourceType) ?? {})) {
    const values = parameter.paths.flatMap((path) => elementsAt(resource, path));
    if (parameter.type === 'date') {
      const ranges = values.flatMap(rangesOf);
      dates.set(name, ranges);
      if (ranges[0] !== undefined) order.set(name, ranges[0].start);
    } else if (parameter.type === 'string') {
      const texts = values.flatMap(textsOf);
      strings.set(name, texts);
      if (texts[0] !== undefined) order.set(name, foldedText(texts[0]));
    } else {
      const found = exactKeys(name, parameter, values);
      for (const key of found) keys.add(key);
      if (found[0] !== undefined) order.set(name, found[0]);
    }
    if (order.has(name)) keys.add(presenceKey(name));
  }
  return { resource, keys, dates, strings, order };
}
