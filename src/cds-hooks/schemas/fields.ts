import { bounds } from '../../bounds.js';
import type { FieldKind } from '../hooks.js';

/** Not «.» and «..»: in the path of a URL they mean another place. */
const ID = '(?!\\.{1,2}(?![A-Za-z0-9.\\-]))[A-Za-z0-9.\\-]{1,64}';
const WHOLE_ID = new RegExp(`^${ID}$`);

/** Whether a resource can be named by `Type/id`; EHRs give drafts ids that FHIR does not allow (`draft_1`). */
export function isFhirId(id: unknown): id is string {
  return typeof id === 'string' && WHOLE_ID.test(id);
}

/** JSON Schema of a text that is not empty; `expected` is what a refusal says. */
export const text = (expected: string, extra: object = {}): object => ({
  type: 'string',
  minLength: 1,
  description: expected,
  ...extra,
});

/** R4 `id`. */
export const fhirId = text('a FHIR id (1 to 64 letters, digits, "-" or ".") without its type', {
  pattern: `^${ID}$`,
});

/** A relative reference with an R4 `id`. */
export const reference = text('a reference of the form Type/id', { pattern: `^[A-Z][A-Za-z]{1,63}/${ID}$` });

const resource = {
  type: 'object',
  required: ['resourceType'],
  description: 'a FHIR resource as a JSON object',
  properties: { resourceType: text('a FHIR resource type') },
};

const collection = {
  type: 'object',
  required: ['resourceType', 'entry'],
  description: 'a FHIR Bundle as a JSON object',
  properties: {
    resourceType: { const: 'Bundle', description: 'Bundle' },
    entry: {
      type: 'array',
      maxItems: bounds.drafts,
      description: `an array of at most ${bounds.drafts} Bundle entries`,
    },
  },
};

const references = (minItems: number): object => ({
  type: 'array',
  items: reference,
  minItems,
  maxItems: bounds.references,
  description: `an array of at most ${bounds.references} references of the form Type/id`,
});

/** The schema of each kind of context field, after lax spellings have been normalised. */
export const FIELD_SCHEMAS: Readonly<Record<FieldKind, object>> = {
  user: text('Practitioner, PractitionerRole, Patient or RelatedPerson, a slash, and a FHIR id', {
    pattern: `^(Practitioner|PractitionerRole|Patient|RelatedPerson)/${ID}$`,
  }),
  patient: fhirId,
  encounter: fhirId,
  reference,
  references: references(1),
  selections: references(0),
  bundle: collection,
  appointments: { ...collection, description: 'a FHIR Bundle or an array of Appointments' },
  resource,
  resources: {
    type: 'array',
    items: resource,
    maxItems: bounds.drafts,
    description: `an array of at most ${bounds.drafts} FHIR resources`,
  },
};
