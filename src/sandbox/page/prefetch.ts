import { query } from './fhir-server.js';
import type { JsonObject } from '../../json.js';

function tokens(context: JsonObject): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const [name, value] of Object.entries(context)) {
    if (typeof value === 'string') known.set(`context.${name}`, value);
  }
  const [type, id] = (known.get('context.userId') ?? '').split('/');
  if (type !== undefined && id !== undefined) known.set(`user${type}Id`, id);
  return known;
}

/** The query with its tokens replaced; undefined when one of them has no value in this context. */
export function resolvedQuery(template: string, context: JsonObject): string | undefined {
  const known = tokens(context);
  const place = /\{\{([^{}]+)\}\}/g;
  const names = [...template.matchAll(place)].map(([, name = '']) => name.trim());
  if (names.some((name) => !known.has(name))) return undefined;
  return template.replace(place, (_token, name: string) => known.get(name.trim()) ?? '');
}

/** The data that the templates ask for. What cannot be had is left out, as CDS Hooks allows (PF-3). */
export async function fillPrefetch(
  templates: Readonly<Record<string, string>>,
  context: JsonObject,
): Promise<JsonObject> {
  const filled = await Promise.all(
    Object.entries(templates).map(async ([key, template]) => {
      const resolved = resolvedQuery(template, context);
      if (resolved === undefined) return [];
      return query(resolved).then(
        (value) => [[key, value] as const],
        () => [],
      );
    }),
  );
  return Object.fromEntries(filled.flat());
}
