import type { ValidateFunction } from 'ajv';

import { readContext } from './context.js';
import { excessOf } from './excess.js';
import { contextFields, HOOKS, isHookName, type ContextField } from './hooks.js';
import { DEEPEST_BODY, isAbsent, isDeeperThan, member, wellFormed } from './json-value.js';
import type { Problem, ProblemReason } from './outcome.js';
import { requestSchema } from './schemas/request.js';
import type { CustomHookRequest, HookName, HookRequest } from './types.js';
import { ajv, problemsOf } from './validation.js';
import { isObject } from '../json.js';

/** The outcome of reading a body: the value, or everything that is wrong with it. */
export type HookRequestReading =
  | { readonly ok: true; readonly request: HookRequest }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const CUSTOM_FIELDS: Readonly<Record<string, ContextField>> = {
  userId: { kind: 'user', required: false, token: true },
  patientId: { kind: 'patient', required: false, token: true },
  encounterId: { kind: 'encounter', required: false, token: true },
};

/** Hooks that the library has withdrawn, and what took their place. */
const REPLACED: ReadonlyMap<unknown, HookName> = new Map([
  ['medication-prescribe', 'order-select'],
  ['order-review', 'order-sign'],
]);

/** Names that would reach an object's prototype if prefetch were ever copied by assignment. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const REVERSE_DOMAIN = /^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,9}$/;

function isCustomHook(name: unknown): boolean {
  return typeof name === 'string' && REVERSE_DOMAIN.test(name);
}

const compiled = new Map<HookName, ValidateFunction<HookRequest>>(
  Object.keys(HOOKS)
    .filter(isHookName)
    .map((hook) => [hook, ajv.compile<HookRequest>(requestSchema(contextFields(hook)))]),
);
const validateCustom = ajv.compile<CustomHookRequest>(requestSchema(CUSTOM_FIELDS));

function invalid(reason: ProblemReason, path: string, message: string): Problem {
  return { code: 'REQUEST_INVALID', reason, path, message };
}

function readAuthorization(raw: unknown): unknown {
  if (!isObject(raw)) return raw;
  const read: Record<string, unknown> = {};
  for (const name of ['access_token', 'token_type', 'expires_in', 'scope', 'subject', 'patient']) {
    const value = member(raw, name);
    if (!isAbsent(value)) read[name] = typeof value === 'string' ? wellFormed(value) : value;
  }
  const { token_type: type, patient } = read;
  if (typeof type === 'string' && type.toLowerCase() === 'bearer') read['token_type'] = 'Bearer';
  if (typeof patient === 'string') read['patient'] = patient.replace(/^Patient\//, '');
  return read;
}

function readPrefetch(raw: unknown): unknown {
  if (!isObject(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !FORBIDDEN_KEYS.has(key)));
}

/** A plain copy of the known members, lax spellings normalised, wrong types kept for the schema to refuse. */
function readEnvelope(
  body: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, ContextField>>,
) {
  const given = (name: string): unknown => {
    const value = member(body, name);
    return isAbsent(value) ? undefined : value;
  };
  const hookInstance = given('hookInstance');
  const raw = member(body, 'context');
  const { context, dropped } = isObject(raw) ? readContext(raw, fields) : { context: raw, dropped: 0 };
  const members = {
    hook: given('hook'),
    hookInstance: typeof hookInstance === 'string' ? hookInstance.toLowerCase() : hookInstance,
    fhirServer: given('fhirServer'),
    fhirAuthorization: readAuthorization(given('fhirAuthorization')),
    prefetch: readPrefetch(given('prefetch') ?? {}),
    context: context ?? undefined,
    droppedEntries: dropped,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function unknownHook(hook: unknown): readonly Problem[] {
  if (isAbsent(hook) || typeof hook !== 'string' || isHookName(hook) || isCustomHook(hook)) return [];
  const instead = REPLACED.get(hook);
  const message =
    instead === undefined
      ? 'hook must be a hook of the CDS Hooks library or a reverse-domain name'
      : `hook has been withdrawn from the CDS Hooks library; use ${instead}`;
  return [invalid('not-supported', 'hook', message)];
}

/** The hook that a body names, before anything else of it is judged. */
export function namedHook(body: unknown): string | undefined {
  const hook = isObject(body) ? member(body, 'hook') : undefined;
  return typeof hook === 'string' && hook !== '' ? hook : undefined;
}

/** Safety: a token for one patient must not be used to read about another. */
function otherPatient(request: HookRequest): readonly Problem[] {
  const patient = request.fhirAuthorization?.patient;
  if (patient === undefined || patient === request.context.patientId) return [];
  const message = 'fhirAuthorization.patient must be the patient of context.patientId';
  return [invalid('invariant', 'fhirAuthorization.patient', message)];
}

/**
 * Reads the body of `POST /cds-services/{id}` (CDS Hooks 2.0.1 "HTTP Request"), tolerant where real clients are lax:
 * null, "" and {} are absent, unknown members are ignored, `Patient/x` is read as `x`, and a Bundle needs no type.
 * Resources are passed through by reference and untrusted. All problems are listed at once.
 */
export function readHookRequest(body: unknown): HookRequestReading {
  if (!isObject(body)) {
    return { ok: false, problems: [invalid('structure', '', 'The body must be a JSON object')] };
  }
  if (isDeeperThan(body, DEEPEST_BODY)) {
    const message = `The body must not be nested deeper than ${DEEPEST_BODY} levels`;
    return { ok: false, problems: [invalid('structure', '', message)] };
  }
  const excess = excessOf(body);
  if (excess.length > 0) return { ok: false, problems: excess };
  const hook = member(body, 'hook');
  const fields = isHookName(hook) ? contextFields(hook) : CUSTOM_FIELDS;
  const validate = (isHookName(hook) ? compiled.get(hook) : undefined) ?? validateCustom;
  const envelope: unknown = readEnvelope(body, fields);
  const unknown = unknownHook(hook);
  if (!validate(envelope)) {
    return { ok: false, problems: [...unknown, ...problemsOf(validate.errors ?? [], 'REQUEST_INVALID')] };
  }
  const problems = [...unknown, ...otherPatient(envelope)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, request: envelope };
}
