import { compileCondition, compileScalar, type Scalar } from '../fhirpath/compile.js';
import { numbersOf, variablesOf } from '../fhirpath/syntax.js';
import type { Setting } from '../knowledge/types.js';
import { ends, isInterval, known, representatives, unknown, unbounded, type Value } from './value.js';

/** More combinations than this are not tried: the answer is then unknown, which is always safe. */
const maxWorlds = 512;

export interface Decision {
  /** undefined: unknown. */
  readonly answer: boolean | undefined;
  /** The inputs that it looked at. */
  readonly values: ReadonlyMap<string, Value>;
  /** What would have to be known to decide. */
  readonly missing: readonly string[];
}

export type ValueOf = (name: string) => Value;

/** A condition over inputs and settings. */
export interface Condition {
  readonly source: string;
  readonly inputs: readonly string[];
  decide(valueOf: ValueOf): Decision;
}

type Settings = ReadonlyMap<string, Setting>;

interface Parts {
  readonly names: readonly string[];
  readonly inputs: readonly string[];
  readonly fixed: ReadonlyMap<string, number>;
  readonly breakpoints: readonly number[];
}

function parts(expression: string, settings: Settings): Parts {
  const names = variablesOf(expression);
  const fixed = new Map(
    names.flatMap((name) => {
      const setting = settings.get(name);
      return setting === undefined ? [] : [[name, setting.value] as const];
    }),
  );
  return {
    names,
    inputs: names.filter((name) => !fixed.has(name)),
    fixed,
    breakpoints: [...fixed.values(), ...numbersOf(expression)],
  };
}

/** Compiles a condition; it holds when it is true in every world that the chart leaves possible. */
export function condition(source: string, settings: Settings): Condition {
  const { names, inputs, fixed, breakpoints } = parts(source, settings);
  const evaluate = compileCondition(source, names);
  const decide = (valueOf: ValueOf): Decision => {
    const values = new Map(inputs.map((name) => [name, valueOf(name)]));
    const worlds = worldsOf(values, fixed, (possible) => representatives(possible, breakpoints));
    let answer: boolean | undefined;
    if (worlds !== undefined) {
      const answers = new Set(worlds.map((world) => evaluate(world)));
      if (answers.size === 1) [answer] = answers;
    }
    return { answer, values, missing: answer === undefined ? missingOf(values) : [] };
  };
  return { source, inputs, decide };
}

/** Compiles an expression input: its value in every possible world. */
export function expression(
  source: string,
  settings: Settings,
): { inputs: readonly string[]; value(valueOf: ValueOf): Value } {
  const { names, inputs, fixed } = parts(source, settings);
  const evaluate = compileScalar(source, names);
  const value = (valueOf: ValueOf): Value => {
    const values = new Map(inputs.map((name) => [name, valueOf(name)]));
    const facts = [...new Set([...values.values()].flatMap((each) => each.facts))];
    const worlds = worldsOf(values, fixed, ends);
    const results = worlds?.map((world) => evaluate(world));
    if (results === undefined || results.length === 0 || results.some((result) => result === undefined)) {
      return unknown(missingOf(values), facts);
    }
    const scalars = results.flatMap((result) => result ?? []);
    const bounded = [...values.values()].some(({ possible }) => possible.some(isInterval));
    const numbers = scalars.filter((scalar) => typeof scalar === 'number');
    // Between the ends of an interval the formulas of the artifacts are monotone, so the ends bound the result.
    return bounded && new Set(numbers).size > 1 && numbers.length === scalars.length
      ? known([unbounded(Math.min(...numbers), Math.max(...numbers))], facts)
      : known([...new Set(scalars)], facts);
  };
  return { inputs, value };
}

function missingOf(values: ReadonlyMap<string, Value>): readonly string[] {
  return [...new Set([...values.values()].flatMap(({ missing }) => missing))];
}

type World = Record<string, Scalar | undefined>;

function worldsOf(
  values: ReadonlyMap<string, Value>,
  fixed: ReadonlyMap<string, number>,
  sampled: (possible: Value['possible']) => readonly Scalar[],
): readonly World[] | undefined {
  let worlds: World[] = [Object.fromEntries(fixed)];
  for (const [name, { possible }] of values) {
    const scalars = sampled(possible);
    if (scalars.length <= 1) {
      for (const world of worlds) world[name] = scalars[0];
      continue;
    }
    if (worlds.length * scalars.length > maxWorlds) return undefined;
    worlds = worlds.flatMap((world) => scalars.map((scalar) => ({ ...world, [name]: scalar })));
  }
  return worlds;
}
