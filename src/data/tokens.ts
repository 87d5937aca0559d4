import { member } from '../cds-hooks/json-value.js';
import { isObject } from '../json.js';

/** The user tokens of CDS Hooks 2.0 (TOK-2) and the type of user that each stands for. */
const USER_TOKENS: ReadonlyMap<string, string> = new Map([
  ['userPractitionerId', 'Practitioner'],
  ['userPractitionerRoleId', 'PractitionerRole'],
  ['userPatientId', 'Patient'],
  ['userRelatedPersonId', 'RelatedPerson'],
]);

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const REFERENCE = /^[A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;
const DOTS = /(^|\/)\.+(\/|$)/;

/**
 * The query of a prefetch template (CDS Hooks 2.0.1, Prefetch tokens). In the path a value must be an id or
 * `Type/id`; in the query it is URL-encoded, so that no value can add a parameter (TOK-16).
 * @returns undefined when a token cannot be resolved, or is no token of 2.0
 */
export function resolveTemplate(template: string, context: object): string | undefined {
  const queryStart = template.indexOf('?');
  const resolved = template.replace(/\{\{([^{}]*)\}\}/g, (token: string, name: string, offset: number) => {
    const value = tokenValue(name.trim(), context);
    const inPath = queryStart === -1 || offset < queryStart;
    const text = value === undefined ? undefined : inPath ? pathSegment(value) : encodeURIComponent(value);
    return text ?? token;
  });
  // What is left of a token, or was never one, stops the query.
  return /[{}]/.test(resolved) ? undefined : resolved;
}

function tokenValue(name: string, context: object): string | undefined {
  const field = /^context\.([A-Za-z][A-Za-z0-9]*)$/.exec(name)?.[1];
  if (field !== undefined) return primitive(contextField(context, field));
  const userType = USER_TOKENS.get(name);
  const userId = contextField(context, 'userId');
  if (userType === undefined || typeof userId !== 'string') return undefined;
  return userId.startsWith(`${userType}/`) ? primitive(userId.slice(userType.length + 1)) : undefined;
}

function contextField(context: object, field: string): unknown {
  return isObject(context) ? member(context, field) : undefined;
}

/** Only root-level primitives are tokens (TOK-3); a lone surrogate cannot be encoded. */
function primitive(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' && !/\p{Surrogate}/u.test(value) ? value : undefined;
}

function pathSegment(value: string): string | undefined {
  return (ID.test(value) || REFERENCE.test(value)) && !DOTS.test(value) ? value : undefined;
}
