import type { Fact } from '../chart/chart.js';
import { closureOf, compileClosure, isLeftToOracle, treeToClose, type Closure } from '../fhirpath/closure.js';
import { ExpressionError, type Scalar } from '../fhirpath/compile.js';
import { numbersOf, variablesOf } from '../fhirpath/syntax.js';
import { variablesIn, type Tree } from '../fhirpath/tree.js';
import type { Setting } from '../knowledge/types.js';
import { absencesIn, unread, type Absences } from './absent.js';
import { gap, type Gap } from './gap.js';
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
  /** The values of all inputs, in their order; those that were not needed to decide are read when this is asked for. */
  readonly values: readonly Value[];
  /** What would have to be known to decide. */
  readonly missing: readonly Gap[];
}

export type ValueOf = (name: string) => Value;

/** How much work it is to read an input, beside others. */
export type CostOf = (name: string) => number;

const alike: CostOf = () => 1;

/** A condition over inputs and settings. */
export interface Condition {
  readonly source: string;
  readonly inputs: readonly string[];
  /** Reads the inputs that decide, and no other. */
  decide(valueOf: ValueOf): Decision;
}

type Settings = ReadonlyMap<string, Setting>;

/** An expression, and in which slots of it stand its inputs and its settings. */
interface Parts {
  readonly names: readonly string[];
  readonly inputs: readonly string[];
  /** The slots of the inputs, in their order. */
  readonly slots: readonly number[];
  /** All slots, those of the settings filled. */
  readonly fixed: World;
  readonly breakpoints: readonly number[];
  readonly absences: Absences;
}

function parts(expression: string, settings: Settings): Parts {
  const names = variablesOf(expression);
  const fixed = names.map((name) => settings.get(name)?.value);
  const slots = [...names.keys()].filter((slot) => fixed[slot] === undefined);
  const breakpoints = [...fixed.filter((value) => value !== undefined), ...numbersOf(expression)];
  return {
    names,
    inputs: slots.map((slot) => names[slot] ?? ''),
    slots,
    fixed,
    breakpoints,
    absences: absencesIn(expression, breakpoints),
  };
}

/** Compiles a condition; it holds when it is true in every world that the chart leaves possible. */
export function condition(source: string, settings: Settings, costOf: CostOf = alike): Condition {
  const own = parts(source, settings);
  const { names, inputs, breakpoints } = own;
  const sampled = (possible: readonly Possibility[]): readonly Scalar[] =>
    representatives(possible, breakpoints);
  const tree = treeToClose(source);
  const evaluate = compileClosure(source, names, tree);
  const settle = tree === undefined ? leftOpen : settling(tree, own, sampled, costOf);
  const answerOf = (values: readonly Value[]): boolean | undefined => {
    const worlds = worldsOf(own, values, sampled);
    if (worlds === undefined) return undefined;
    const [answer, ...others] = new Set(worlds.map((world) => truthOf(evaluate(world), source)));
    return others.length === 0 ? answer : undefined;
  };
  const remembered = remembering(answerOf);
  const decide = (valueOf: ValueOf): Decision => {
    const settled = settle(valueOf, own.fixed.slice());
    if (settled !== open) return new Settled(truthOf(settled, source), inputs, valueOf);
    const values = inputs.map(valueOf);
    const answer = remembered(values);
    return { answer, values, missing: answer === undefined ? missingOf(values) : nothingMissing };
  };
  return { source, inputs, decide };
}

function truthOf(said: Scalar | undefined, source: string): boolean | undefined {
  if (said === undefined || typeof said === 'boolean') return said;
  throw new ExpressionError(`«${source}» is not a condition`);
}

/** A decision for which not all inputs were read. A class, for hundreds are made in a call: none holds functions of its own. */
class Settled implements Decision {
  readonly answer: boolean | undefined;
  readonly #inputs: readonly string[];
  readonly #valueOf: ValueOf;
  #values: readonly Value[] | undefined;

  constructor(answer: boolean | undefined, inputs: readonly string[], valueOf: ValueOf) {
    this.answer = answer;
    this.#inputs = inputs;
    this.#valueOf = valueOf;
  }

  get values(): readonly Value[] {
    return (this.#values ??= this.#inputs.map((name) => readOr(name, this.#valueOf)));
  }

  get missing(): readonly Gap[] {
    return this.answer === undefined ? missingOf(this.values) : nothingMissing;
  }
}

/** An input that nobody needed to decide may be one that cannot be read: the decision stands, and it is not known. */
function readOr(name: string, valueOf: ValueOf): Value {
  try {
    return valueOf(name);
  } catch (error) {
    if (error instanceof ExpressionError) return unknown([gap('input', name)]);
    throw error;
  }
}

/** It differs between worlds, or cannot be said part by part. */
const open: unique symbol = Symbol('open');

/**
 * What an expression, or a part of it, gives in every possible world; `open` where it is not found out without looking at the
 * whole. Reads no input that does not decide.
 * @param slots of the whole expression; those of the inputs are filled as they are read
 */
type Settle = (valueOf: ValueOf, slots: World) => Scalar | undefined | typeof open;

const leftOpen: Settle = () => open;

/** A part of `and` that is false in all its own worlds decides the whole, whatever the others are; so does a true one of `or`. */
function settling(tree: Tree, own: Parts, sampled: Sampled, costOf: CostOf): Settle {
  const inner = (of: Tree): Settle => settling(of, own, sampled, costOf);
  switch (tree.kind) {
    case 'all':
    case 'any': {
      const costs = new Map(tree.parts.map((part) => [part, costOfTree(part, own, costOf)]));
      const cheapestFirst = [...tree.parts].sort((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0));
      return settlingTogether(cheapestFirst.map(inner), tree.kind === 'any');
    }
    case 'not': {
      const settle = inner(tree.of);
      return (valueOf, slots) => {
        const said = settle(valueOf, slots);
        return typeof said === 'boolean' ? !said : said === undefined ? undefined : open;
      };
    }
    case 'choice': {
      const [when, then, whole] = [inner(tree.when), inner(tree.then), settlingWhole(tree, own, sampled)];
      const otherwise = tree.otherwise === undefined ? undefined : inner(tree.otherwise);
      return (valueOf, slots) => {
        const said = when(valueOf, slots);
        if (said === open) return whole(valueOf, slots);
        return said === true ? then(valueOf, slots) : otherwise?.(valueOf, slots);
      };
    }
    default:
      return settlingWhole(tree, own, sampled);
  }
}

function settlingTogether(settles: readonly Settle[], deciding: boolean): Settle {
  return (valueOf, slots) => {
    let answer: ReturnType<Settle> = !deciding;
    for (const settle of settles) {
      const said = settle(valueOf, slots);
      if (said === deciding) return deciding;
      if (said === !deciding) continue;
      if (said !== open && said !== undefined) return open;
      // Parts that differ between worlds may be about the same inputs: only the whole says what they are together.
      answer = answer === !deciding ? said : answer === undefined && said === undefined ? undefined : open;
    }
    return answer;
  };
}

/** A part that is not looked into: its own inputs are all read. */
function settlingWhole(tree: Tree, own: Parts, sampled: Sampled): Settle {
  const evaluate = closureOf(tree, own.names);
  if (evaluate === undefined) return leftOpen;
  const slots = slotsIn(tree, own);
  const part: Parts = { ...own, slots, inputs: slots.map((slot) => own.names[slot] ?? '') };
  const inWorlds = (valueOf: ValueOf): ReturnType<Settle> => {
    const worlds = worldsOf(part, part.inputs.map(valueOf), sampled);
    const [first, ...others] = worlds ?? [];
    return first === undefined ? open : settledBy(evaluate, first, others);
  };
  return (valueOf, filled) => {
    for (const slot of slots) {
      const { possible, absent: kind } = valueOf(own.names[slot] ?? '');
      const only = possible[0];
      if (possible.length > 1 || typeof only === 'object' || kind !== undefined) return inWorlds(valueOf);
      filled[slot] = only;
    }
    return settledBy(evaluate, filled);
  };
}

/** What it gives in this world, and in no other of them anything else. */
function settledBy(evaluate: Closure, world: World, others: readonly World[] = noWorlds): ReturnType<Settle> {
  try {
    const said = evaluate(world);
    return others.every((other) => evaluate(other) === said) ? said : open;
  } catch (error) {
    if (isLeftToOracle(error)) return open;
    throw error;
  }
}

const noWorlds: readonly World[] = [];

/** The slots of the inputs that a part of an expression names. */
function slotsIn(tree: Tree, { names, slots }: Parts): readonly number[] {
  const named = new Set(variablesIn(tree));
  return slots.filter((slot) => named.has(names[slot] ?? ''));
}

function costOfTree(tree: Tree, own: Parts, costOf: CostOf): number {
  return slotsIn(tree, own).reduce((sum, slot) => sum + costOf(own.names[slot] ?? ''), 0);
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
export function expression(
  source: string,
  settings: Settings,
  kind: Kind,
  costOf: CostOf = alike,
): Expression {
  const own = parts(source, settings);
  const { names, inputs, breakpoints } = own;
  const tree = treeToClose(source);
  const evaluate = compileClosure(source, names, tree);
  // The ends bound a sum; what compares, or turns at a limit, may say something else between them.
  const sampled = (possible: readonly Possibility[]): readonly Scalar[] =>
    possible.some(isInterval)
      ? [...new Set([...ends(possible), ...representatives(possible, breakpoints)])]
      : ends(possible);
  const settle = tree === undefined ? leftOpen : settling(tree, own, sampled, costOf);
  const possibleOf = (values: readonly Value[]): readonly Possibility[] => {
    const results = worldsOf(own, values, sampled)?.map(evaluate) ?? [];
    const scalars = results.flatMap((result) => result ?? []);
    if (scalars.length < results.length) return [];
    if (anyAbsent(values) && new Set(scalars).size > 1) {
      // It may only differ by what is known to be one thing or another.
      const plain = worldsOf({ ...own, absences: unread }, values, sampled)?.map(evaluate) ?? [];
      if (scalars.some((scalar) => !plain.includes(scalar))) return [];
    }
    const bounded = values.some(({ possible }) => possible.some(isInterval));
    // Between two limits the formulas of the artifacts are monotone, so the results there bound all others.
    const range = bounded ? rangeOf(scalars) : undefined;
    if (range === undefined || range.min === range.max) return [...new Set(scalars)];
    const outer = worldsOf(own, values, limits)?.flatMap((world) => evaluate(world) ?? []);
    return [unbounded(range, outer === undefined ? undefined : rangeOf(outer))];
  };
  const remembered = remembering(possibleOf);
  const value = (valueOf: ValueOf, basis: readonly string[]): Value => {
    const facts = (): readonly Fact[] => factsOf(basis.map((name) => readOr(name, valueOf)));
    const settled = settle(valueOf, own.fixed.slice());
    if (settled !== open && settled !== undefined) return known([settled], facts);
    const values = inputs.map(valueOf);
    const possible = settled === undefined ? [] : remembered(values);
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

const nothingMissing: readonly Gap[] = [];

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

function missingOf(values: readonly Value[]): readonly Gap[] {
  const all = new Set<Gap>();
  for (const { missing } of values) for (const each of missing) all.add(each);
  return [...all];
}

/** A value for each slot. */
type World = (Scalar | undefined)[];

type Sampled = (possible: readonly Possibility[]) => readonly Scalar[];

function worldsOf(
  { names, slots, fixed, absences }: Parts,
  values: readonly Value[],
  sampled: Sampled,
): readonly World[] | undefined {
  let worlds: World[] = [[...fixed]];
  for (const [index, slot] of slots.entries()) {
    const value = values[index];
    const scalars =
      value?.absent === undefined
        ? sampled(value?.possible ?? [])
        : absences.readingsOf(names[slot] ?? '', value.absent, values);
    if (scalars.length <= 1) {
      for (const world of worlds) world[slot] = scalars[0];
      continue;
    }
    if (worlds.length * scalars.length > maxWorlds) return undefined;
    worlds = worlds.flatMap((world) =>
      scalars.map((scalar) => {
        const other = [...world];
        other[slot] = scalar;
        return other;
      }),
    );
  }
  return worlds;
}
