const text = (expected: string, extra: object = {}): object => ({
  type: 'string',
  pattern: '\\S',
  description: expected,
  ...extra,
});

const uuid = text('a UUID in lower case', {
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});

const url = text('an absolute http(s) URL', { pattern: '^https?://[^\\s/?#]\\S*$' });

const flag = { type: 'boolean', description: 'true or false' };

/** EXT-3: members outside the standard go into `extension`. */
function closed(
  expected: string,
  required: readonly string[],
  properties: object,
  extra: object = {},
): object {
  return {
    type: 'object',
    description: expected,
    required,
    additionalProperties: false,
    properties: { ...properties, extension: { type: 'object', description: 'a JSON object' } },
    ...extra,
  };
}

function list(items: object): object {
  return { type: 'array', minItems: 1, items, description: 'an array that is left out when empty' };
}

function when(type: string, then: object): object {
  return {
    if: { type: 'object', required: ['type'], properties: { type: { const: type } } },
    then: { type: 'object', ...then },
  };
}

const coding = { code: text('a code'), system: text('a code system URI'), display: text('a display text') };

const forbidden = (expected: string): object => ({ not: {}, description: expected });

/** ACT-3 to ACT-6. */
const action = closed(
  'an Action',
  ['type', 'description'],
  {
    type: { enum: ['create', 'update', 'delete'], description: 'create, update or delete' },
    description: text('a text that tells the user what will be done'),
    resource: {
      type: 'object',
      required: ['resourceType'],
      description: 'a FHIR resource as a JSON object',
      properties: { resourceType: text('a FHIR resource type') },
    },
    resourceId: text('a relative reference Type/id', { pattern: '^[A-Z][A-Za-z]+/[A-Za-z0-9.\\-]{1,64}$' }),
  },
  {
    allOf: [
      when('create', {
        required: ['resource'],
        properties: {
          resource: { type: 'object', description: 'the new resource' },
          resourceId: forbidden('absent: create carries the resource'),
        },
      }),
      when('update', {
        required: ['resource'],
        properties: {
          resource: {
            type: 'object',
            required: ['id'],
            description: 'a whole resource with its id',
            properties: { id: text('the id of the resource to replace') },
          },
          resourceId: forbidden('absent: update carries the resource'),
        },
      }),
      when('delete', {
        required: ['resourceId'],
        properties: {
          resourceId: { type: 'string', description: 'the Type/id of what to delete' },
          resource: forbidden('absent: delete names its target in resourceId'),
        },
      }),
    ],
  },
);

const suggestion = closed('a Suggestion', ['label', 'uuid'], {
  label: text('a short text for the button'),
  uuid,
  isRecommended: flag,
  actions: list(action),
});

/** LNK-1 to LNK-6. */
const link = closed(
  'a Link',
  ['label', 'url', 'type'],
  {
    label: text('a text for the link'),
    url,
    type: { enum: ['absolute', 'smart'], description: 'absolute or smart' },
    appContext: text('a string'),
    autolaunchable: flag,
  },
  {
    allOf: [
      when('absolute', { properties: { appContext: forbidden('absent: it belongs to smart links only') } }),
      when('smart', {
        properties: {
          url: {
            type: 'string',
            not: { type: 'string', pattern: '[?&](iss|launch)=' },
            description: 'a launch URL without iss and launch, which the client adds',
          },
        },
      }),
    ],
  },
);

/** CARD-1 to CARD-16; `uuid` is required on cards and suggestions because the service takes feedback. */
const card = closed(
  'a Card',
  ['uuid', 'summary', 'indicator', 'source'],
  {
    uuid,
    summary: text('one line of 1 to 139 characters', {
      maxLength: 139,
      pattern: '^(?=.*\\S)[^\\n\\r\\u0085\\u2028\\u2029]+$',
    }),
    detail: text('GitHub Flavored Markdown'),
    indicator: { enum: ['info', 'warning', 'critical'], description: 'info, warning or critical' },
    source: closed('a Source', ['label'], {
      label: text('the name of the primary source'),
      url,
      icon: url,
      topic: closed('a Coding', ['code', 'system'], coding),
    }),
    suggestions: list(suggestion),
    selectionBehavior: { enum: ['at-most-one', 'any'], description: 'at-most-one or any' },
    overrideReasons: list(closed('a Coding with display', ['code', 'system', 'display'], coding)),
    links: list(link),
  },
  { dependencies: { suggestions: ['selectionBehavior'] } },
);

/** The schema of the answer to a hook call (CDS Service Response, 2.0.1). */
export const responseSchema = closed('a JSON object', ['cards'], {
  cards: { type: 'array', items: card, description: 'an array of cards, empty when there is nothing to say' },
  systemActions: list(action),
});
