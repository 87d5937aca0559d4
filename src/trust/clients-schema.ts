import { shippedLanguageCodes } from '../knowledge/languages.js';

const texts = (item: object, minItems = 0) => ({ type: 'array', items: item, minItems, uniqueItems: true });
const name = { type: 'string', minLength: 1, maxLength: 500 };
const url = { type: 'string', minLength: 1, maxLength: 2000, pattern: '^https?://[^\\s]+$' };
const notAllowed = { not: {} };

/** Signature algorithms that a client may use: asymmetric only, never `none` (JWT-4, JWT-5). */
export const SIGNATURE_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
] as const;

/** A public key. Private and symmetric members are refused: such a file would hand out the EHR's identity. */
const publicKey = {
  type: 'object',
  required: ['kty', 'kid'],
  properties: {
    kty: { enum: ['EC', 'RSA', 'OKP'] },
    kid: name,
    d: notAllowed,
    p: notAllowed,
    q: notAllowed,
    k: notAllowed,
  },
};

/** A resource type; who the patient is must be known. */
const resourceType = { type: 'string', pattern: '^[A-Z][A-Za-z]{1,60}$', not: { const: 'Patient' } };

/** JSON Schema of one client. */
const CLIENT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'issuer', 'jwks'],
  properties: {
    name,
    issuer: name,
    jwks: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: { url, keys: { type: 'array', items: publicKey, minItems: 1, maxItems: 100 } },
    },
    algorithms: texts({ enum: SIGNATURE_ALGORITHMS }, 1),
    tenants: texts(name, 1),
    audiences: texts(name),
    maxTokenLifetime: { type: 'integer', minimum: 1, maximum: 86_400 },
    fhirServers: texts(url),
    authorizationServers: texts(url),
    corsOrigins: texts(url),
    frameAncestors: texts(url),
    language: { enum: shippedLanguageCodes() },
    tables: { type: 'boolean' },
    notKept: texts(resourceType),
    codeSystems: texts(name, 1),
    distinctServiceIds: { type: 'boolean' },
    shadow: { type: 'boolean' },
  },
};

/** JSON Schema of `CLIENTS_FILE`. An unknown key is refused: a misspelt one would be silent. */
export const CLIENTS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['clients'],
  properties: { clients: { type: 'array', items: CLIENT_SCHEMA, maxItems: 1000 } },
};
