import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';

import { bounds } from '../bounds.js';
import { member } from './json-value.js';
import type { ErrorCode, Problem, ProblemReason } from './outcome.js';
import { isObject } from '../json.js';

const REASONS: Readonly<Partial<Record<string, ProblemReason>>> = {
  required: 'required',
  dependencies: 'required',
  minLength: 'required',
  minItems: 'required',
  minProperties: 'required',
  not: 'invariant',
  type: 'structure',
  additionalProperties: 'structure',
  maxLength: 'too-long',
  maxItems: 'too-long',
};

/** One ajv for all schemas. `verbose` gives each error its schema, whose description words the message. */
export const ajv = new Ajv({ allErrors: true, verbose: true, strict: true });
formats.default(ajv, ['date-time']);

/** `/feedback/0/card` → `feedback[0].card`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => extendPath(path, step), '');
}

function extendPath(path: string, step: string): string {
  if (/^\d+$/.test(step)) return `${path}[${step}]`;
  return path === '' ? step : `${path}.${step}`;
}

function description(schema: unknown): string | undefined {
  const text = isObject(schema) ? member(schema, 'description') : undefined;
  return typeof text === 'string' ? text : undefined;
}

function property(schema: unknown, name: string): unknown {
  const properties = isObject(schema) ? member(schema, 'properties') : undefined;
  return isObject(properties) ? member(properties, name) : undefined;
}

function located(error: ErrorObject): { readonly path: string; readonly message: string } {
  const params: unknown = error.params;
  const at = (name: string): string => {
    const step = isObject(params) ? member(params, name) : undefined;
    return extendPath(pathOf(error.instancePath), typeof step === 'string' ? step : '');
  };
  if (error.keyword === 'required' || error.keyword === 'dependencies') {
    const path = at('missingProperty');
    const expected = description(property(error.parentSchema, path.split('.').at(-1) ?? ''));
    return { path, message: `${path} is required${expected === undefined ? '' : `: ${expected}`}` };
  }
  if (error.keyword === 'additionalProperties') {
    const path = at('additionalProperty');
    return { path, message: `${path} is not a member of the standard` };
  }
  const path = pathOf(error.instancePath);
  const expected = description(error.parentSchema) ?? 'valid';
  return { path, message: `${path === '' ? 'The body' : path} must be ${expected}` };
}

/**
 * What ajv found, one problem per place, in the words of the schemas' descriptions.
 * Values are never repeated: they may be patient data.
 */
export function problemsOf(errors: readonly ErrorObject[], code: ErrorCode): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const error of errors) {
    if (found.size >= bounds.problems) break;
    if (error.keyword === 'if') continue;
    const { path, message } = located(error);
    const reason = REASONS[error.keyword] ?? 'value';
    if (!found.has(path)) found.set(path, { code, reason, path, message });
  }
  return [...found.values()];
}
