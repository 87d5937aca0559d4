import { describe, expect, it } from '@jest/globals';
import { playRule } from '../../src/engine/examples.js';
import { compileClosure, treeToClose } from '../../src/fhirpath/closure.js';
import { compileScalar, ExpressionError, type Scalar } from '../../src/fhirpath/compile.js';
import { numbersOf, stringsOf, variablesOf } from '../../src/fhirpath/syntax.js';
import { chance } from '../../src/population/random.js';
import { ends } from '../../src/rules/value.js';
import { prepared } from '../chart/charts.js';
import { sourcesOf } from './sources.js';

const { knowledge } = prepared;
const sources = sourcesOf(knowledge);

/** What each input gives somewhere in the examples of the rules. */
const seen = new Map<string, Set<Scalar>>();
for (const { rule, inputs } of prepared.rules.values()) {
  for (const example of rule.examples) {
    for (const { valueOf } of playRule(prepared, rule, example).outcomes) {
      for (const name of inputs) {
        const scalars = seen.get(name) ?? new Set();
        seen.set(name, scalars);
        for (const scalar of ends(valueOf(name).possible)) scalars.add(scalar);
      }
    }
  }
}

type Slots = readonly (Scalar | undefined)[];

/** Values for the variables of an expression: of the examples, around its limits, and of kinds that it does not expect. */
function worldsFor(source: string, count: number): readonly Slots[] {
  const dice = chance(source.length);
  const random = (): number => dice.next();
  const pick = <Each>(all: readonly Each[]): Each | undefined => all[Math.floor(random() * all.length)];
  const near = numbersOf(source).flatMap((number) => [number, number - 1e-9, number + 1e-9, number + 0.1]);
  const anything = [true, false, 0, 1, -2.5, 1 / 3, 0.1 + 0.2, 'x', '', ...near, ...stringsOf(source)];
  return Array.from({ length: count }, (_, index) =>
    variablesOf(source).map((name) => {
      const own = knowledge.settings.get(name)?.value;
      if (own !== undefined && random() < 0.9) return own;
      if (random() < 0.15) return undefined;
      const known = [...(seen.get(name) ?? [])];
      return pick(index % 4 === 0 || known.length === 0 ? anything : known);
    }),
  );
}

const failed = Symbol('failed');

function attempt(evaluate: () => Scalar | undefined): Scalar | undefined | typeof failed {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExpressionError) return failed;
    throw error;
  }
}

describe('a closure', () => {
  it('is made of every condition and formula of the artifacts', () => {
    expect(sources.length).toBeGreaterThan(500);
    expect(sources.filter((source) => treeToClose(source) === undefined)).toEqual([]);
  });

  it('gives what fhirpath.js gives, for every condition and formula of the artifacts', () => {
    const wrong: unknown[] = [];
    let compared = 0;
    for (const source of sources) {
      const names = variablesOf(source);
      const [oracle, closure] = [compileScalar(source, names), compileClosure(source, names)];
      for (const slots of worldsFor(source, 40)) {
        const expected = attempt(() =>
          oracle(Object.fromEntries(names.map((name, index) => [name, slots[index]]))),
        );
        // Where fhirpath.js fails, a part that nobody asked may have been what failed.
        if (expected === failed) continue;
        compared += 1;
        const found = attempt(() => closure(slots));
        if (!Object.is(found, expected) && found !== expected) wrong.push({ source, slots, expected, found });
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(20 * sources.length);
  });

  const values: readonly (Scalar | undefined)[] = [
    true,
    false,
    0,
    1,
    1.00000000001,
    -0.5,
    2,
    'x',
    'y',
    '',
    undefined,
  ];

  it.each([
    '%a and %b',
    '%a or %b',
    '(%a and %b).not()',
    '%a.not() or %b.not()',
    '%a = %b',
    '%a != %b',
    '%a < %b',
    '%a <= %b',
    '%a > %b',
    '%a >= %b',
    '%a < 1',
    '1 >= %a',
    '%a = 1',
    "%a in ('x' | 1 | true)",
    'iif(%a, %b)',
    'iif(%a, %b, 1) = %a',
    'iif(%a = %b, 1, %b) < %a',
    '%a + %b',
    '%a - %b',
    '%a * %b + 1',
    '%a / %b',
    '%a + 1 > %b',
    '(%a / 3).round(6)',
    '(%a / 3).round()',
    '%a.round(1) < %b',
    '%a.floor()',
    '%a.ceiling() = %b',
    '%a.abs() < %b',
    '-%a',
    "%a = 'it\\'s'",
    '%a xor %b',
    '%a implies %b',
    '%a ~ %b',
    '%a and %b and %a',
    '(%a or %b) and (%b or %a.not())',
  ])('gives what fhirpath.js gives, whatever the values: %s', (source) => {
    const names = variablesOf(source);
    const [oracle, closure] = [compileScalar(source, names), compileClosure(source, names)];
    for (const a of values) {
      for (const b of values) {
        const slots = names.map((name) => (name === 'a' ? a : b));
        const expected = attempt(() => oracle({ a, b }));
        const found = attempt(() => closure(slots));
        if (expected !== failed) expect([a, b, found]).toEqual([a, b, expected]);
        else if (found !== failed) expect(['all', 'any', 'choice']).toContain(treeToClose(source)?.kind);
      }
    }
  });

  it('asks no part that cannot change the answer', () => {
    const failing = '%a and %b > 1';
    expect(compileClosure(failing, ['a', 'b'])([false, 'x'])).toBe(false);
    expect(() => compileClosure(failing, ['a', 'b'])([true, 'x'])).toThrow(ExpressionError);
  });
});
