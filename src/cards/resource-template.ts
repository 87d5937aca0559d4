import type { FhirResource } from '../cds-hooks/types.js';
import { isObject } from '../json.js';

/** What `{{…}}` in the resources of suggestions stands for. */
export type TemplatePlaces = Readonly<Record<string, string | undefined>>;

/** Writes one part of a resource; undefined: it is left out. */
type Writer = (places: TemplatePlaces) => unknown;

const written = new WeakMap<object, Writer>();

/** Fills `{{patient}}` and its like; an element whose place has no value is left out, never written empty. */
export function fillResource(template: Readonly<Record<string, unknown>>, places: TemplatePlaces): unknown {
  let writer = written.get(template);
  if (writer === undefined) written.set(template, (writer = compile(template)));
  return writer(places);
}

function compile(template: unknown): Writer {
  if (typeof template === 'string') return compileText(template);
  // Most of a template is fixed: those parts are used as they are, being frozen.
  if (typeof template !== 'object' || template === null || !JSON.stringify(template).includes('{{'))
    return () => template;
  if (Array.isArray(template)) {
    const elements = template.map(compile);
    return (places) => {
      const filled = elements.map((element) => element(places)).filter((element) => element !== undefined);
      return filled.length === 0 ? undefined : filled;
    };
  }
  const members = Object.entries(template).map(([name, value]) => [name, compile(value)] as const);
  return (places) => {
    const filled: Record<string, unknown> = {};
    let isEmpty = true;
    for (const [name, writer] of members) {
      const value = writer(places);
      if (value === undefined) continue;
      filled[name] = value;
      isEmpty = false;
    }
    return isEmpty ? undefined : filled;
  };
}

/** `Patient since {{today}}` → words and places in turn. */
function compileText(template: string): Writer {
  const parts = template.split(/\{\{(\w+)\}\}/);
  if (parts.length === 1) return () => template;
  return (places) => {
    let filled = '';
    for (const [index, part] of parts.entries()) {
      const text = index % 2 === 0 ? part : places[part];
      if (text === undefined) return undefined;
      filled += text;
    }
    return filled;
  };
}

/** What says the same as a rhythm or a duration in another way, and would contradict one that was changed. */
const restatements: Readonly<Record<string, readonly string[]>> = {
  frequency: ['frequencyMax'],
  period: ['periodMax'],
  duration: ['durationMax'],
};

/**
 * A copy of an order with some elements set, every other one kept (ACT-4). A path such as
 * `dosageInstruction.doseAndRate.doseQuantity.value` goes through lists of one element; undefined where a list holds
 * several, or the element to change is not there: which dose of two is meant is not guessed, and a list is not made up.
 */
export function withElements(
  resource: FhirResource,
  changes: Readonly<Record<string, unknown>>,
): FhirResource | undefined {
  let changed: unknown = resource;
  for (const [path, value] of Object.entries(changes)) changed = setAt(changed, path.split('.'), value);
  return isObject(changed) ? { ...resource, ...changed } : undefined;
}

function setAt(target: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(target)) {
    const [only, ...others] = target as readonly unknown[];
    const set = others.length === 0 ? setAt(only, [name, ...rest], value) : undefined;
    return set === undefined ? undefined : [set];
  }
  if (!isObject(target)) return undefined;
  const set = rest.length === 0 ? value : setAt(target[name], rest, value);
  if (set === undefined) return undefined;
  const gone = rest.length === 0 ? (restatements[name] ?? []) : restated(name, rest);
  return {
    ...Object.fromEntries(Object.entries(target).filter(([key]) => !gone.includes(key))),
    [name]: set,
  };
}

/** `Timing.code` states the whole rhythm once more (R4, Timing.code): with another rhythm it would be wrong. */
function restated(name: string, [changed = '']: readonly string[]): readonly string[] {
  return name === 'repeat' && ['frequency', 'period', 'periodUnit'].includes(changed) ? ['code'] : [];
}
