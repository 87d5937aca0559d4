import type { FhirResource } from '../cds-hooks/types.js';
import { isObject } from '../chart/element.js';

/** What `{{…}}` in the resources of suggestions stands for. */
export type TemplatePlaces = Readonly<Record<string, string | undefined>>;

const place = /\{\{(\w+)\}\}/g;

/** Fills `{{patient}}` and its like; an element whose place has no value is left out, never written empty. */
export function fillResource(template: unknown, places: TemplatePlaces): unknown {
  if (typeof template === 'string') return fillString(template, places);
  if (typeof template === 'object' && template !== null && !hasPlaces(template)) return template;
  if (Array.isArray(template)) {
    const filled = template
      .map((element) => fillResource(element, places))
      .filter((element) => element !== undefined);
    return filled.length === 0 ? undefined : filled;
  }
  if (!isObject(template)) return template;
  const entries = Object.entries(template).flatMap(([name, value]) => {
    const filled = fillResource(value, places);
    return filled === undefined ? [] : [[name, filled] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const withPlaces = new WeakMap<object, boolean>();

/** Most of a template is fixed: those parts are used as they are, being frozen. */
function hasPlaces(template: object): boolean {
  let known = withPlaces.get(template);
  if (known === undefined) withPlaces.set(template, (known = JSON.stringify(template).includes('{{')));
  return known;
}

function fillString(template: string, places: TemplatePlaces): string | undefined {
  if (!template.includes('{{')) return template;
  const names = [...template.matchAll(place)].map((match) => match[1] ?? '');
  if (names.some((name) => places[name] === undefined)) return undefined;
  return template.replace(place, (_, name: string) => places[name] ?? '');
}

/**
 * A copy of an order with some elements set, every other one kept (ACT-4): `dosageInstruction.doseAndRate.doseQuantity`
 * goes through the first element of each list.
 */
export function withElements(
  resource: FhirResource,
  changes: Readonly<Record<string, unknown>>,
): FhirResource {
  let changed: unknown = resource;
  for (const [path, value] of Object.entries(changes)) changed = setAt(changed, path.split('.'), value);
  return { ...resource, ...(isObject(changed) ? changed : {}) };
}

function setAt(target: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(target)) {
    const [first, ...others] = target as readonly unknown[];
    return [setAt(first, [name, ...rest], value), ...others];
  }
  const object = isObject(target) ? target : {};
  return { ...object, [name]: setAt(object[name], rest, value) };
}
