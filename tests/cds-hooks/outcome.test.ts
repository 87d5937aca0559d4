import { describe, expect, it } from '@jest/globals';

import { operationOutcome, statusOf, type ErrorCode } from '../../src/cds-hooks/outcome.js';

const base = 'https://base.example/fhir';

const CODES: readonly (readonly [ErrorCode, number, string])[] = [
  ['REQUEST_INVALID', 400, 'invalid'],
  ['HOOK_MISMATCH', 400, 'not-supported'],
  ['UNAUTHORIZED', 401, 'login'],
  ['SERVICE_UNKNOWN', 404, 'not-found'],
  ['NOT_FOUND', 404, 'not-found'],
  ['METHOD_NOT_ALLOWED', 405, 'not-supported'],
  ['DATA_UNAVAILABLE', 412, 'incomplete'],
  ['BODY_TOO_LARGE', 413, 'too-long'],
  ['MEDIA_TYPE_UNSUPPORTED', 415, 'not-supported'],
  ['RATE_LIMITED', 429, 'throttled'],
  ['INTERNAL', 500, 'exception'],
  ['OVERLOADED', 503, 'transient'],
  ['STORE_UNAVAILABLE', 503, 'no-store'],
];

describe('an error code', () => {
  it.each(CODES)('%s answers %i and says %s', (code, status, issue) => {
    expect(statusOf(code)).toBe(status);
    expect(operationOutcome([{ code, path: '', message: 'x' }], base).issue[0]).toMatchObject({
      code: issue,
    });
  });
});

describe('an OperationOutcome', () => {
  it('has one issue per problem, with its path and its finer reason', () => {
    const outcome = operationOutcome(
      [
        { code: 'REQUEST_INVALID', reason: 'required', path: 'context.patientId', message: 'is required' },
        { code: 'REQUEST_INVALID', path: '', message: 'is no JSON' },
      ],
      base,
    );
    const details = {
      coding: [{ system: 'https://base.example/fhir/CodeSystem/error', code: 'REQUEST_INVALID' }],
    };
    expect(outcome).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'required',
          details,
          diagnostics: 'is required',
          expression: ['context.patientId'],
        },
        { severity: 'error', code: 'invalid', details, diagnostics: 'is no JSON' },
      ],
    });
  });

  it('calls a failure of our own fatal', () => {
    expect(operationOutcome([{ code: 'INTERNAL', path: '', message: 'x' }], base).issue[0]?.severity).toBe(
      'fatal',
    );
  });
});
