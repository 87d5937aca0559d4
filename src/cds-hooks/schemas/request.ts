import { bounds } from '../../bounds.js';
import type { ContextField } from '../hooks.js';
import { FIELD_SCHEMAS, fhirId, text } from './fields.js';

const authorization = {
  type: 'object',
  description: 'an object with the access token and its properties',
  required: ['access_token', 'token_type', 'expires_in', 'scope', 'subject'],
  properties: {
    access_token: text('an OAuth 2.0 access token in visible ASCII', {
      maxLength: bounds.accessToken,
      pattern: '^[\\x21-\\x7e]+$',
    }),
    token_type: { const: 'Bearer', description: 'Bearer' },
    expires_in: { type: 'integer', minimum: 0, description: 'a whole number of seconds' },
    scope: text('the scopes granted, as a string', { maxLength: bounds.scope }),
    subject: text('the OAuth 2.0 client id of this service, as a string'),
    patient: fhirId,
  },
};

function contextSchema(fields: Readonly<Record<string, ContextField>>): object {
  const rows = Object.entries(fields);
  return {
    type: 'object',
    description: 'an object with the fields of the hook',
    required: rows.filter(([, field]) => field.required).map(([name]) => name),
    properties: Object.fromEntries(rows.map(([name, field]) => [name, FIELD_SCHEMAS[field.kind]])),
  };
}

/** The schema of a call (HTTP Request) whose hook has these context fields. */
export function requestSchema(fields: Readonly<Record<string, ContextField>>): object {
  return {
    type: 'object',
    description: 'a JSON object',
    required: ['hook', 'hookInstance', 'context'],
    properties: {
      hook: text('the name of a hook, as a string'),
      hookInstance: text('a UUID', {
        pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
      }),
      fhirServer: text('the absolute http(s) base URL of the FHIR server', {
        // A scheme is the same in capitals; the URL as it will be called is what the allow-list compares.
        pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#](?:[^\\s?#])*$',
      }),
      fhirAuthorization: authorization,
      prefetch: { type: 'object', description: 'an object with one value per prefetch key' },
      droppedEntries: { type: 'integer', description: 'a count' },
      context: contextSchema(fields),
    },
    dependencies: { fhirAuthorization: ['fhirServer'] },
  };
}
