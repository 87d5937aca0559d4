import { bounds } from '../../bounds.js';
import { text } from './fields.js';

const LONGEST_COMMENT = 5000;

const identifier = (whose: string): object =>
  text(`the uuid of ${whose}, as a string of at most 128 visible ASCII characters`, {
    maxLength: 128,
    pattern: '^[\\x21-\\x7e]*$',
  });

const reason = {
  type: 'object',
  description: 'a Coding as a JSON object',
  required: ['code'],
  properties: {
    code: text('a code of at most 255 characters', { maxLength: 255 }),
    system: text('a URI of at most 2000 characters', { maxLength: 2000 }),
    display: text('a text of at most 2000 characters', { maxLength: 2000 }),
  },
};

const overrideReason = {
  type: 'object',
  description: 'an object with a reason, a userComment, or both',
  minProperties: 1,
  properties: {
    reason,
    userComment: text(`a text of at most ${LONGEST_COMMENT} characters`, { maxLength: LONGEST_COMMENT }),
  },
};

const item = {
  type: 'object',
  description: 'an object that says what became of one card',
  required: ['card', 'outcome', 'outcomeTimestamp'],
  properties: {
    card: identifier('the card'),
    outcome: { enum: ['accepted', 'overridden'], description: 'accepted or overridden' },
    acceptedSuggestions: {
      type: 'array',
      description: 'an array of at least one {"id"} with the uuid of the suggestion',
      minItems: 1,
      maxItems: bounds.feedbackItems,
      items: {
        type: 'object',
        description: 'an object with the id of the suggestion',
        required: ['id'],
        properties: { id: identifier('the suggestion') },
      },
    },
    outcomeTimestamp: text('a date and time with its offset (RFC 3339)', {
      format: 'date-time',
      pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
    }),
    overrideReason,
  },
  if: { type: 'object', required: ['outcome'], properties: { outcome: { const: 'accepted' } } },
  then: {
    required: ['acceptedSuggestions'],
    properties: {
      acceptedSuggestions: {
        description: 'an array of at least one {"id"}, because the outcome is accepted',
      },
    },
  },
};

/** The schema of a feedback body (Feedback), after absent values have been left out. */
export const feedbackSchema = {
  type: 'object',
  description: 'a JSON object',
  required: ['feedback'],
  properties: {
    feedback: {
      type: 'array',
      description: `an array of at most ${bounds.feedbackItems} items`,
      maxItems: bounds.feedbackItems,
      items: item,
    },
  },
};
