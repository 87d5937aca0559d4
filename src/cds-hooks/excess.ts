import { bounds } from '../bounds.js';
import { isList, member } from './json-value.js';
import type { Problem } from './outcome.js';
import { isObject } from '../json.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * What of a call is longer than any call is, before anything is matched against it: the texts of its envelope and
 * context, and the numbers of prefetch keys and of what the context lists. Empty when all bounds are kept.
 */
export function excessOf(body: Json): readonly Problem[] {
  const authorization = recordAt(body, 'fhirAuthorization');
  const prefetch = recordAt(body, 'prefetch');
  return [
    ...tooLong(body, ['hook', 'hookInstance', 'fhirServer'], '', bounds.token),
    ...tooLong(authorization, ['access_token'], 'fhirAuthorization.', bounds.accessToken),
    ...tooLong(authorization, ['scope'], 'fhirAuthorization.', bounds.scope),
    ...tooLong(authorization, ['token_type', 'subject', 'patient'], 'fhirAuthorization.', bounds.token),
    ...(Object.keys(prefetch).length > bounds.prefetchKeys
      ? [excess('prefetch', `prefetch must hold at most ${bounds.prefetchKeys} keys`)]
      : []),
    ...Object.entries(recordAt(body, 'context')).flatMap(([name, value]) => excessOfField(value, name)),
  ].slice(0, bounds.problems);
}

/** The name is the caller's own: one of great length is not repeated. */
function excessOfField(value: unknown, name: string): readonly Problem[] {
  const path = name.length > 64 ? 'context' : `context.${name}`;
  if (typeof value === 'string' && value.length > bounds.token)
    return [excess(path, longerThan(path, bounds.token))];
  const entries = isObject(value) ? member(value, 'entry') : undefined;
  if (isList(entries) && entries.length > bounds.drafts) {
    return [
      excess(`${path}.entry`, `${path}.entry must be an array of at most ${bounds.drafts} Bundle entries`),
    ];
  }
  if (!isList(value)) return [];
  if (value.length > bounds.references) {
    return [excess(path, `${path} must be an array of at most ${bounds.references} items`)];
  }
  return value.some((item) => typeof item === 'string' && item.length > bounds.token)
    ? [excess(path, longerThan(`each item of ${path}`, bounds.token))]
    : [];
}

function tooLong(record: Json, names: readonly string[], before: string, most: number): readonly Problem[] {
  return names.flatMap((name) => {
    const value = member(record, name);
    const path = `${before}${name}`;
    return typeof value === 'string' && value.length > most ? [excess(path, longerThan(path, most))] : [];
  });
}

function recordAt(body: Json, name: string): Json {
  const value = member(body, name);
  return isObject(value) ? value : {};
}

function longerThan(what: string, most: number): string {
  return `${what} must have at most ${most} characters`;
}

function excess(path: string, message: string): Problem {
  return { code: 'REQUEST_INVALID', reason: 'too-long', path, message };
}
