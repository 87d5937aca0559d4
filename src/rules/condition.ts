import type { Fact } from '../chart/chart.js';
import { compileCondition, compileScalar, type Scalar } from '../fhirpath/compile.js';
import { numbersOf, variablesOf } from '../fhirpath/syntax.js';
import type { Setting } from '../knowledge/types.js';
import { absencesIn, unread, type Absences } from './absent.js';
import {
  absent,
  ends,
  isInterval,
  known,
  limits,
  representatives,
  resting,
  unknown,
  unbounded,
  type Kind,
  type Possibility,
  type Value,
} from './value.js';

/** More combinations than this are not tried: the answer is then unknown, which is always safe. */
const maxWorlds = 512;

export interface Decision {
  /** undefined: unknown. */
  readonly answer: boolean | undefined;
  /** The values that it looked at, in the order of the condition's inputs. */
  readonly values: readonly Value[];
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
  readonly absences: Absences;
}

function parts(expression: string, settings: Settings): Parts {
  const names = variablesOf(expression);
  const fixed = new Map(
    names.flatMap((name) => {
      const setting = settings.get(name);
      return setting === undefined ? [] : [[name, setting.value] as const];
    }),
  );
  const breakpoints = [...fixed.values(), ...numbersOf(expression)];
  return {
    names,
    inputs: names.filter((name) => !fixed.has(name)),
    fixed,
    breakpoints,
    absences: absencesIn(expression, breakpoints),
  };
}

/** Compiles a condition; it holds when it is true in every world that the chart leaves possible. */
export function condition(source: string, settings: Settings): Condition {
  const { names, inputs, fixed, breakpoints, absences } = parts(source, settings);
  const evaluate = compileCondition(source, names);
  const answerOf = (values: readonly Value[]): boolean | undefined => {
    const worlds = worldsOf(inputs, values, fixed, absences, (possible) =>
      representatives(possible, breakpoints),
    );
    if (worlds === undefined) return undefined;
    const [answer, ...others] = new Set(worlds.map((world) => evaluate(world)));
    return others.length === 0 ? answer : undefined;
  };
  const remembered = remembering(answerOf);
  const decide = (valueOf: ValueOf): Decision => {
    const values = inputs.map(valueOf);
    const answer = remembered(values);
    return { answer, values, missing: answer === undefined ? missingOf(values) : nothingMissing };
  };
  return { source, inputs, decide };
}

/** An expression over inputs and settings. */
export interface Expression {
  readonly inputs: readonly string[];
  /** @param basis names of the inputs whose facts the value rests on */
  value(valueOf: ValueOf, basis: readonly string[]): Value;
}

/**
 * Compiles an expression input: its value in every possible world.
 * @param kind of what it gives
 */
export function expression(source: string, settings: Settings, kind: Kind): Expression {
  const { names, inputs, fixed, breakpoints, absences } = parts(source, settings);
  const evaluate = compileScalar(source, names);
  const possibleOf = (values: readonly Value[]): readonly Possibility[] => {
    // The ends bound a sum; what compares, or turns at a limit, may say something else between them.
    const sampled = (possible: readonly Possibility[]): readonly Scalar[] =>
      possible.some(isInterval)
        ? [...new Set([...ends(possible), ...representatives(possible, breakpoints)])]
        : ends(possible);
    const worlds = worldsOf(inputs, values, fixed, absences, sampled);
    const results = worlds?.map((world) => evaluate(world)) ?? [];
    const scalars = results.flatMap((result) => result ?? []);
    if (scalars.length < results.length) return [];
    if (anyAbsent(values) && new Set(scalars).size > 1) {
      // It may only differ by what is known to be one thing or another.
      const plain = worldsOf(inputs, values, fixed, unread, sampled)?.map((world) => evaluate(world)) ?? [];
      if (scalars.some((scalar) => !plain.includes(scalar))) return [];
    }
    const bounded = values.some(({ possible }) => possible.some(isInterval));
    // Between two limits the formulas of the artifacts are monotone, so the results there bound all others.
    const range = bounded ? rangeOf(scalars) : undefined;
    if (range === undefined || range.min === range.max) return [...new Set(scalars)];
    const outer = worldsOf(inputs, values, fixed, absences, limits)?.flatMap(
      (world) => evaluate(world) ?? [],
    );
    return [unbounded(range, outer === undefined ? undefined : rangeOf(outer))];
  };
  const remembered = remembering(possibleOf);
  const value = (valueOf: ValueOf, basis: readonly string[]): Value => {
    const values = inputs.map(valueOf);
    const facts = (): readonly Fact[] => factsOf(basis.map(valueOf));
    const possible = remembered(values);
    if (possible.length === 0) {
      return anyAbsent(values) ? absent(kind, missingOf(values), facts) : unknown(missingOf(values), facts);
    }
    // Where it may be one thing or another, what would decide it is what would decide its inputs.
    return possible.some(isInterval) || possible.length > 1
      ? resting(possible, missingOf(values), facts)
      : known(possible, facts);
  };
  return { inputs, value };
}

const anyAbsent = (values: readonly Value[]): boolean => values.some((value) => value.absent !== undefined);

function rangeOf(results: readonly Scalar[]): { readonly min: number; readonly max: number } | undefined {
  const numbers = results.filter((result) => typeof result === 'number');
  return numbers.length === 0 || numbers.length < results.length
    ? undefined
    : { min: Math.min(...numbers), max: Math.max(...numbers) };
}

const nothingMissing: readonly string[] = [];

const noFacts: readonly Fact[] = [];

/** All facts that the values rest on, each once. */
export function factsOf(values: readonly Value[]): readonly Fact[] {
  const lists = values.filter(({ facts }) => facts.length > 0);
  const [first] = lists;
  if (first === undefined) return noFacts;
  return lists.length === 1 ? first.facts : [...new Set(lists.flatMap(({ facts }) => facts))];
}

const mostRemembered = 4096;

/**
 * The answer depends on what is possible alone, and most charts pose the same questions: answers are kept by the
 * possible values. Numbers and codes without a patient; bounded.
 */
function remembering<Result>(
  work: (values: readonly Value[]) => Result,
): (values: readonly Value[]) => Result {
  const memo = new Map<string, { readonly result: Result }>();
  return (values) => {
    let key = '';
    for (const { possible, absent: kind } of values) {
      const [only] = possible;
      key +=
        possible.length > 1 || typeof only === 'object'
          ? JSON.stringify(possible)
          : `${typeof only}${String(only)}${kind ?? ''}`;
      key += '\u0000';
    }
    const known = memo.get(key);
    if (known !== undefined) return known.result;
    if (memo.size >= mostRemembered) memo.clear();
    const result = work(values);
    memo.set(key, { result });
    return result;
  };
}

function missingOf(values: readonly Value[]): readonly string[] {
  const all = new Set<string>();
  for (const { missing } of values) for (const name of missing) all.add(name);
  return [...all];
}

type World = Record<string, Scalar | undefined>;

function worldsOf(
  names: readonly string[],
  values: readonly Value[],
  fixed: ReadonlyMap<string, number>,
  absences: Absences,
  sampled: (possible: Value['possible']) => readonly Scalar[],
): readonly World[] | undefined {
  let worlds: World[] = [Object.fromEntries(fixed)];
  for (const [index, name] of names.entries()) {
    const value = values[index];
    const scalars =
      value?.absent === undefined
        ? sampled(value?.possible ?? [])
        : absences.readingsOf(name, value.absent, values);
    if (scalars.length <= 1) {
      for (const world of worlds) world[name] = scalars[0];
      continue;
    }
    if (worlds.length * scalars.length > maxWorlds) return undefined;
    worlds = worlds.flatMap((world) => scalars.map((scalar) => ({ ...world, [name]: scalar })));
  }
  return worlds;
}
