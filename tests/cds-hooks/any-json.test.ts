import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { contextResources } from '../../src/cds-hooks/context.js';
import { readFeedback } from '../../src/cds-hooks/feedback.js';
import { isDeeperThan } from '../../src/cds-hooks/json-value.js';
import { operationOutcome } from '../../src/cds-hooks/outcome.js';
import { readHookRequest } from '../../src/cds-hooks/request.js';
import { checkResponse } from '../../src/cds-hooks/response.js';
import { call, CONTEXTS } from './calls.js';

const key = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'resourceType',
    'entry',
    'resource',
    'id',
    'extension',
    'toString',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const json: fc.Arbitrary<unknown> = fc
  .letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom(null, true, '', 'Bundle', 'accepted', 'patient-view', '\uD800', 1e308, -0),
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }))
  .value.map((value): unknown => JSON.parse(JSON.stringify(value)));

const hook = fc.constantFrom(...Object.keys(CONTEXTS));

/** A valid call with any of its members replaced by anything. */
const damaged = fc
  .tuple(
    hook,
    fc.dictionary(
      fc.constantFrom('hook', 'hookInstance', 'fhirServer', 'fhirAuthorization', 'prefetch', 'context'),
      json,
      { maxKeys: 2 },
    ),
    fc.dictionary(
      fc.constantFrom(
        'userId',
        'patientId',
        'encounterId',
        'selections',
        'draftOrders',
        'appointments',
        'medication',
      ),
      json,
      { maxKeys: 3 },
    ),
  )
  .map(([name, envelope, context]) => call(name, context, envelope));

const item = fc.record(
  {
    card: fc.oneof(fc.uuid(), json),
    outcome: fc.oneof(fc.constantFrom('accepted', 'overridden'), json),
    outcomeTimestamp: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      json,
    ),
    acceptedSuggestions: fc.oneof(fc.array(fc.record({ id: fc.uuid() })), json),
    overrideReason: fc.oneof(fc.record({ userComment: fc.string({ unit: 'binary' }) }), json),
  },
  { requiredKeys: [] },
);

/** Nothing that the readers return or refuse may break what comes after. */
function survives(body: unknown): void {
  const request = readHookRequest(body);
  if (request.ok) {
    expect(contextResources(request.request).drafts.every((draft) => draft.resourceType !== '')).toBe(true);
    // What was left out the first time is not there to be left out again.
    expect(readHookRequest(request.request)).toEqual({
      ok: true,
      request: { ...request.request, droppedEntries: 0 },
    });
  } else {
    expect(operationOutcome(request.problems, 'https://base.example/fhir').issue.length).toBeGreaterThan(0);
  }
  const feedback = readFeedback(body);
  if (feedback.ok) expect(readFeedback({ feedback: feedback.feedback })).toEqual(feedback);
  else expect(feedback.problems.length).toBeGreaterThan(0);
  checkResponse(body);
}

describe('any JSON value', () => {
  it('is read or refused without an exception, and what was read reads the same again', () => {
    fc.assert(
      fc.property(
        fc.oneof(json, damaged, fc.record({ feedback: fc.array(item, { maxLength: 3 }) })),
        survives,
      ),
      {
        numRuns: 1500,
      },
    );
  });

  it('passes as a part of a response only where the standard allows it', () => {
    const card = {
      uuid: '4e0a3a1e-3283-4575-ab82-028d55fe2719',
      summary: 'SINS 10',
      indicator: 'info',
      source: { label: 'Guideline' },
    };
    const name = fc.constantFrom(
      'uuid',
      'summary',
      'detail',
      'indicator',
      'source',
      'suggestions',
      'links',
      'foo',
    );
    const text = fc.string({ unit: 'binary', minLength: 100, maxLength: 180 });
    fc.assert(
      fc.property(name, fc.oneof(json, text), (member, value) => {
        const problems = checkResponse({ cards: [{ ...card, [member]: value }] });
        const allowed =
          typeof value === 'string' &&
          (member === 'detail' || (member === 'summary' && /^.{1,139}$/u.test(value)));
        if (!allowed) expect(problems).not.toEqual([]);
        expect(problems.every((problem) => problem.path.startsWith('cards[0].'))).toBe(true);
      }),
    );
  });
});

describe('unknown members', () => {
  const unknown = fc.dictionary(
    fc.string({ minLength: 1 }).map((name) => `x-${name}`),
    json,
    { noNullPrototype: true },
  );

  it('never change how a valid request is read', () => {
    fc.assert(
      fc.property(hook, unknown, unknown, (name, envelope, context) => {
        expect(readHookRequest(call(name, context, envelope))).toEqual(readHookRequest(call(name)));
      }),
    );
  });
});

describe('the depth of a value', () => {
  it('is the number of arrays and objects around its innermost one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.boolean(), (levels, objects) => {
        const text = objects
          ? '{"a":'.repeat(levels) + '1' + '}'.repeat(levels)
          : '['.repeat(levels) + ']'.repeat(levels);
        const value: unknown = JSON.parse(text);
        expect(isDeeperThan(value, levels - 1)).toBe(false);
        expect(isDeeperThan(value, levels - 2)).toBe(true);
      }),
    );
  });
});
