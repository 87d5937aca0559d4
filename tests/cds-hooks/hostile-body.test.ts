import { describe, expect, it } from '@jest/globals';

import { readHookRequest } from '../../src/cds-hooks/request.js';
import { checkResponse } from '../../src/cds-hooks/response.js';
import { accepted, bundle, call, refusedAt } from './calls.js';

describe('a hostile body', () => {
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  it('is refused when nested 10 000 levels deep, without overflowing the stack', () => {
    expect(refusedAt(call('patient-view', {}, { prefetch: { deep: nested(10_000) } }))).toEqual(['']);
  });

  it('is accepted up to 200 levels and refused beyond', () => {
    expect(refusedAt(call('patient-view', {}, { prefetch: { deep: nested(199) } }))).toEqual([]);
    expect(refusedAt(call('patient-view', {}, { prefetch: { deep: nested(200) } }))).toEqual(['']);
  });

  it('cannot reach a prototype', () => {
    const body: unknown = JSON.parse(
      JSON.stringify(call('patient-view', {}, { prefetch: { KEY: { isAdmin: true }, labs: null } }))
        .replace('KEY', '__proto__')
        .replace('"userId"', '"__proto__":{"encounterId":"x"},"constructor":{},"userId"'),
    );
    const request = accepted(body);
    expect(Object.keys(request.prefetch)).toEqual(['labs']);
    expect(request.prefetch['isAdmin']).toBeUndefined();
    expect(request.context).not.toHaveProperty('encounterId');
    expect(Object.prototype).not.toHaveProperty('isAdmin');
  });

  it('cannot give fields through a prototype', () => {
    const body: unknown = JSON.parse('{"__proto__":{"hook":"patient-view"}}');
    expect(refusedAt(body)).toEqual(['hook', 'hookInstance', 'context']);
  });

  it('with a million wrong references is refused with few problems', () => {
    const reading = readHookRequest(call('order-select', { selections: new Array(1_000_000).fill('') }));
    expect(reading.ok ? 0 : reading.problems.length).toBeLessThanOrEqual(100);
    expect(reading.ok).toBe(false);
  });

  it('with a huge number is refused where a number is not expected', () => {
    const body: unknown = JSON.parse(
      JSON.stringify(call('patient-view', { patientId: 'N' })).replace('"N"', '1e400'),
    );
    expect(refusedAt(body)).toEqual(['context.patientId']);
  });

  it('with a list of 1 000 selections is accepted, with 1 001 refused', () => {
    const selections = (n: number) => ({ selections: new Array<string>(n).fill('ServiceRequest/a') });
    expect(refusedAt(call('order-select', selections(1000)))).toEqual([]);
    expect(refusedAt(call('order-select', selections(1001)))).toEqual(['context.selections']);
  });

  it('with arrays where Bundle members are expected is refused', () => {
    expect(refusedAt(call('order-sign', { draftOrders: { ...bundle(), entry: {} } }))).toEqual([
      'context.draftOrders.entry',
    ]);
  });
});

describe('a response nested 10 000 levels deep', () => {
  it('is refused without overflowing the stack', () => {
    const deep: unknown = JSON.parse(`{"cards":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
    expect(checkResponse(deep)).toMatchObject([{ code: 'INTERNAL', path: '' }]);
  });
});
