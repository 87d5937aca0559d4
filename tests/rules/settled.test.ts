import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { compileScalar, ExpressionError, type Scalar } from '../../src/fhirpath/compile.js';
import { numbersOf, stringsOf, variablesOf } from '../../src/fhirpath/syntax.js';
import { chance } from '../../src/population/random.js';
import { gap } from '../../src/rules/gap.js';
import { absencesIn } from '../../src/rules/absent.js';
import { condition, expression } from '../../src/rules/condition.js';
import { kindOfInput } from '../../src/rules/kind.js';
import { absent, known, representatives, unknown, type Kind, type Value } from '../../src/rules/value.js';
import { prepared } from '../chart/charts.js';
import { sourcesOf } from '../fhirpath/sources.js';
import { outcomesOf } from './invented-rule.js';

const { knowledge } = prepared;
const { settings } = knowledge;
const sources = sourcesOf(knowledge);
const kindOf = (name: string): Kind => {
  const input = knowledge.inputs.get(name);
  return input === undefined ? 'number' : kindOfInput(input, (other) => knowledge.inputs.get(other));
};
const limitsOf = (source: string): readonly number[] => [
  ...variablesOf(source).flatMap((name) => settings.get(name)?.value ?? []),
  ...numbersOf(source),
];

/** A value of the kind that the input gives: one thing, one of several, a number within bounds, not known, or not to be had. */
function valueFor(name: string, source: string, random: () => number): Value {
  const kind = kindOf(name);
  const limits = [0, 1, ...limitsOf(source)];
  const one = (): Scalar => {
    if (kind === 'boolean') return random() < 0.5;
    const codes = [...stringsOf(source), 'another'];
    if (kind === 'code') return codes[Math.floor(random() * codes.length)] ?? '';
    return (limits[Math.floor(random() * limits.length)] ?? 0) + Math.floor(3 * random()) - 1;
  };
  const dice = random();
  if (dice < 0.5) return known([one()]);
  if (dice < 0.65) return unknown([gap('input', name)]);
  if (dice < 0.75) return absent(kind, [gap('data', 'key')]);
  if (kind === 'number' && dice < 0.87) {
    const from = Number(one());
    return known([{ min: from, max: from + 2, minOpen: random() < 0.5, maxOpen: false }]);
  }
  return known([...new Set([one(), one()])]);
}

/** What fhirpath.js says in every world that these values leave possible; undefined where there are too many worlds. */
function inAllWorlds(
  source: string,
  oracle: ReturnType<typeof compileScalar>,
  values: ReadonlyMap<string, Value>,
): ReadonlySet<Scalar | undefined> | undefined {
  const limits = limitsOf(source);
  const absences = absencesIn(source, limits);
  let worlds: Record<string, Scalar | undefined>[] = [{}];
  for (const name of variablesOf(source)) {
    const setting = settings.get(name)?.value;
    const value = values.get(name);
    const scalars: readonly (Scalar | undefined)[] =
      setting !== undefined
        ? [setting]
        : value?.absent === undefined
          ? representatives(value?.possible ?? [], limits)
          : absences.readingsOf(name, value.absent, [...values.values()]);
    if (worlds.length * scalars.length > 512) return undefined;
    worlds = worlds.flatMap((world) =>
      (scalars.length === 0 ? [undefined] : scalars).map((scalar) => ({ ...world, [name]: scalar })),
    );
  }
  return new Set(worlds.map((world) => oracle(world)));
}

describe('a decision', () => {
  it('is what fhirpath.js says in all possible worlds, for every condition of the artifacts', () => {
    const wrong: unknown[] = [];
    let decided = 0;
    for (const source of sources) {
      const names = variablesOf(source).filter((name) => !settings.has(name));
      const oracle = compileScalar(source, variablesOf(source));
      const decides = condition(source, settings);
      const dice = chance(source.length);
      for (let round = 0; round < 12; round++) {
        const values = new Map(names.map((name) => [name, valueFor(name, source, () => dice.next())]));
        const answers = inAllWorlds(source, oracle, values);
        if (
          answers === undefined ||
          [...answers].some((answer) => answer !== undefined && typeof answer !== 'boolean')
        )
          continue;
        const [only, ...others] = answers;
        const expected = others.length === 0 ? only : undefined;
        const { answer, missing } = decides.decide(
          (name) => values.get(name) ?? unknown([gap('input', name)]),
        );
        if (answer !== undefined) decided += 1;
        const lacks = [...values.values()].flatMap((value) => value.missing);
        const isNamed =
          answer !== undefined ? missing.length === 0 : lacks.every((each) => missing.includes(each));
        if (answer !== expected || !isNamed)
          wrong.push({ source, values: [...values], expected, answer, missing });
      }
    }
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThan(sources.length);
  });

  it('reads the inputs that decide, the cheapest first, and no other', () => {
    const asked: string[] = [];
    const read = (values: Readonly<Record<string, Value>>) => (name: string) => {
      asked.push(name);
      return values[name] ?? unknown([gap('input', name)]);
    };
    const costs: Readonly<Record<string, number>> = { score: 20, lesion: 4, age: 1 };
    const decides = condition('%score > 9 and %lesion and %age > 18', settings, (name) => costs[name] ?? 1);
    const decision = decides.decide(read({ age: known([12]), lesion: known([true]), score: known([12]) }));
    expect([decision.answer, ...asked]).toEqual([false, 'age']);
    // What is told of it names all of them, in the order in which they are written.
    expect(decision.values.map(({ possible }) => possible)).toEqual([[12], [true], [12]]);
    asked.length = 0;
    expect(decides.decide(read({ age: known([40]) })).answer).toBeUndefined();
    expect(asked).toEqual(expect.arrayContaining(['age', 'lesion', 'score']));
  });

  it('takes one branch of a choice, and reads nothing of the other', () => {
    const asked: string[] = [];
    const chosen = expression('iif(%a, %b, %c)', settings, 'number');
    const value = chosen.value((name) => {
      asked.push(name);
      return name === 'a' ? known([false]) : known([7]);
    }, []);
    expect([value.possible, asked]).toEqual([[7], ['a', 'c']]);
  });

  it('looks at the whole where parts are open that are about the same', () => {
    const either = { a: known([true, false]) };
    const decide = (source: string) =>
      condition(source, settings).decide((name) => (name === 'a' ? either.a : unknown([gap('input', name)])))
        .answer;
    expect(decide('%a and %a.not()')).toBe(false);
    expect(decide('%a or %a.not()')).toBe(true);
    expect(decide('%a and %b')).toBeUndefined();
  });
});

describe('an input that cannot be read', () => {
  const failing = (name: string): Value => {
    if (name === 'broken') throw new ExpressionError('cannot evaluate «…»');
    return known([false]);
  };

  it('fails a decision that asks it, and none that does not', () => {
    expect(condition('%a and %broken', settings).decide(failing).answer).toBe(false);
    expect(() => condition('%a or %broken', settings).decide(failing)).toThrow(ExpressionError);
  });

  it('is not known to what is told of the decision', () => {
    const { values } = condition('%a and %broken', settings).decide(failing);
    expect(values).toEqual([known([false]), unknown([gap('input', 'broken')])]);
  });

  it('fails a rule only where the rule asks it', () => {
    const patient: FhirResource = {
      resourceType: 'Patient',
      id: 'p',
      gender: 'female',
      birthDate: '1960-01-01',
    };
    const kindsOf = (source: string) =>
      outcomesOf({ condition: source }, { resources: [patient] }).map(({ kind }) => kind);
    expect(kindsOf("%personGender = 'male' and %personGender > 3")).toEqual(['silent']);
    expect(kindsOf("%personGender = 'female' and %personGender > 3")).toEqual(['failed']);
  });
});
