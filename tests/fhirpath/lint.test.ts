import { describe, expect, it } from '@jest/globals';
import { compileCondition, ExpressionError } from '../../src/fhirpath/compile.js';
import { checkExpression } from '../../src/fhirpath/lint.js';

const names = new Set(['a', 'b', 'n', 'limit']);
const messages = (...check: Parameters<typeof checkExpression>) =>
  checkExpression(...check).map(({ message }) => message);

describe('the linter', () => {
  it.each([
    '%a',
    '%a and %b.not()',
    '%n >= %limit',
    "%n in ('x' | 'y')",
    '(%n > 0 or %a) implies %b',
    '(%n * 2) < 10',
  ])('accepts the condition %s', (source) => {
    expect(checkExpression(source, names, 'condition')).toEqual([]);
  });

  it.each([
    ['%a and', 'mismatched input'],
    ['%missing', 'unknown variable %missing'],
    ['%a.exists()', 'exists() is unknown, or not allowed'],
    ['%n.empty()', 'empty() is unknown, or not allowed'],
    ['%n + 1', 'is not a condition'],
    ['code.exists()', 'an element path'],
    ['%a = {}', 'makes the whole comparison unknown'],
    ['%n is Integer', 'a type test'],
  ])('refuses the condition %s', (source, expected) => {
    expect(messages(source, names, 'condition').join()).toContain(expected);
  });

  it.each([
    'dosageInstruction.doseAndRate.dose.ofType(Quantity)',
    'dosageInstruction.timing.repeat',
    "extension.where(url = 'http://x').value.ofType(Quantity)",
    'dosageInstruction.first().doseAndRate[0].rate',
  ])('accepts the path %s', (source) => {
    expect(checkExpression(source, names, 'path', ['MedicationRequest'])).toEqual([]);
  });

  it.each([
    ['birthdate', ['Patient'], 'Patient has no element «birthdate»'],
    ['dosageInstruction.doseAndRates', ['MedicationRequest'], 'has no element «doseAndRates»'],
    ['component.where(codes.exists()).value', ['Observation'], 'has no element «codes»'],
    ['value.frobnicate()', ['Observation'], 'frobnicate() is unknown'],
  ])('refuses the path %s', (source, types, expected) => {
    expect(messages(source, names, 'path', types).join()).toContain(expected);
  });

  it('says in which column', () => {
    expect(checkExpression('%a and %zzz', names, 'condition')[0]?.column).toBeGreaterThan(6);
  });
});

describe('a compiled condition', () => {
  it('throws an error of ours, without the data, when it cannot be evaluated', () => {
    const evaluate = compileCondition('%n > %a', ['n', 'a']);
    expect(() => evaluate({ n: 3, a: 'secret' })).toThrow(ExpressionError);
    expect(() => evaluate({ n: 3, a: 'secret' })).not.toThrow(/secret/);
  });

  it('gives the same answer the second time, for every kind of value', () => {
    const evaluate = compileCondition('%a', ['a']);
    for (const value of [true, false, undefined]) {
      expect([evaluate({ a: value }), evaluate({ a: value })]).toEqual([value, value]);
    }
  });
});
