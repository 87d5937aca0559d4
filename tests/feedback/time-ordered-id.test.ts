import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timeOrderedId } from '../../src/feedback/time-ordered-id.js';

const instant = fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });

it('sorts as the times do', () => {
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      fc.pre(a.getTime() < b.getTime());
      expect(timeOrderedId(a) < timeOrderedId(b)).toBe(true);
    }),
  );
});

it('is a lower-case UUID that validators of any age take, with a clock before 1970 too', () => {
  fc.assert(
    fc.property(fc.oneof(instant, fc.constant(new Date(-1))), (at) => {
      expect(timeOrderedId(at)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

it('is another one for the same moment', () => {
  const at = new Date('2026-11-21T10:00:00Z');
  expect(new Set(Array.from({ length: 10_000 }, () => timeOrderedId(at))).size).toBe(10_000);
});
