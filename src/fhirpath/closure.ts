import { compileScalar, type Scalar } from './compile.js';
import { parseExpression, variablesOf, walk } from './syntax.js';
import { readTree, type Comparison, type Tree } from './tree.js';

/** The values of an expression's variables, each in its place; `undefined` is the empty collection: not known. */
export type Slots = readonly (Scalar | undefined)[];

/** An expression ready to be evaluated over slots. Throws ExpressionError where fhirpath.js cannot evaluate it. */
export type Closure = (slots: Slots) => Scalar | undefined;

/** The tree holds, or a value leads to, what only fhirpath.js decides. */
class LeftToOracle extends Error {
  readonly code = 'LEFT_TO_ORACLE';
}

/** Whether a closure gave up, and fhirpath.js is to be asked for the whole expression. */
export const isLeftToOracle = (error: unknown): boolean => error instanceof LeftToOracle;

/**
 * Compiles an expression over scalar variables. What conditions are made of is done here, with the answers of fhirpath.js to
 * the letter; every other construct, and values of kinds that do not go together, are left to fhirpath.js itself. One thing
 * differs: of `and`, `or` and `iif` no more is evaluated than decides, so that a part that nobody asks cannot fail.
 * @param names of the variables, in the order of the slots
 * @param tree what `treeToClose` makes of the expression
 */
export function compileClosure(
  source: string,
  names: readonly string[],
  tree = treeToClose(source),
): Closure {
  let oracle: ReturnType<typeof compileScalar> | undefined;
  const ask: Closure = (slots) => {
    oracle ??= compileScalar(source, names);
    return oracle(Object.fromEntries(names.map((name, index) => [name, slots[index]])));
  };
  const closure = tree === undefined ? undefined : closureOf(tree, names);
  if (closure === undefined) return ask;
  return (slots) => {
    try {
      return closure(slots);
    } catch (error) {
      if (error instanceof LeftToOracle) return ask(slots);
      throw error;
    }
  };
}

/** The tree of an expression of which closures can be made; undefined for what is left to fhirpath.js as a whole. */
export function treeToClose(source: string): Tree | undefined {
  const tree = readTree(source);
  return tree !== undefined && isClosable(source) && closureOf(tree, variablesOf(source)) !== undefined
    ? tree
    : undefined;
}

/** A sign before an unknown is a failure, and an escape is one character: the tree does not tell either. */
function isClosable(source: string): boolean {
  const parsed = parseExpression(source);
  return (
    parsed.ok &&
    ![...walk(parsed.root)].some(
      ({ type, text }) =>
        type === 'PolarityExpression' || (type === 'StringLiteral' && text?.includes('\\') === true),
    )
  );
}

/**
 * A number of fhirpath.js is a plain one where a variable gave it, and a Decimal where it was written or worked out. The first
 * are put in order as they are, the others in steps of 1e-8.
 */
type Made = 'plain' | 'decimal' | 'either';

interface Node {
  readonly made: Made;
  readonly value: Closure;
}

/** The closure of one part of an expression; undefined where it cannot be made. */
export function closureOf(tree: Tree, names: readonly string[]): Closure | undefined {
  try {
    return nodeOf(tree, names).value;
  } catch (error) {
    if (error instanceof LeftToOracle) return undefined;
    throw error;
  }
}

function nodeOf(tree: Tree, names: readonly string[]): Node {
  const inner = (of: Tree): Node => nodeOf(of, names);
  switch (tree.kind) {
    case 'all':
    case 'any':
      return plain(
        joined(
          tree.kind === 'any',
          tree.parts.map((part) => inner(part).value),
        ),
      );
    case 'not': {
      const { value } = inner(tree.of);
      return plain((slots) => {
        const said = truth(value(slots));
        return said === undefined ? undefined : !said;
      });
    }
    case 'compare':
      return plain(comparison(tree.operator, inner(tree.left), inner(tree.right)));
    case 'one-of':
      return plain(membership(inner(tree.of), tree.options));
    case 'choice': {
      const [when, then] = [inner(tree.when), inner(tree.then)];
      const otherwise = tree.otherwise === undefined ? undefined : inner(tree.otherwise);
      return {
        made: otherwise === undefined || otherwise.made === then.made ? then.made : 'either',
        value: (slots) => (when.value(slots) === true ? then.value(slots) : otherwise?.value(slots)),
      };
    }
    case 'arithmetic':
      return { made: 'decimal', value: arithmetic(tree.operator, inner(tree.left), inner(tree.right)) };
    case 'rounded':
      return rounded(tree.how, inner(tree.of));
    case 'variable': {
      const slot = names.indexOf(tree.name);
      if (slot < 0) throw new LeftToOracle(tree.name);
      return plain((slots) => slots[slot]);
    }
    case 'literal': {
      const { value } = tree;
      return { made: typeof value === 'number' ? 'decimal' : 'plain', value: () => value };
    }
  }
}

const plain = (value: Closure): Node => ({ made: 'plain', value });

/** Where a truth value is wanted, a number or a text that is there counts as true. */
const truth = (value: Scalar | undefined): boolean | undefined =>
  value === undefined || typeof value === 'boolean' ? value : true;

/** `and`, which a false part decides, or `or`, which a true one does. */
function joined(deciding: boolean, parts: readonly Closure[]): Closure {
  return (slots) => {
    let answer: boolean | undefined = !deciding;
    for (const part of parts) {
      const said = truth(part(slots));
      if (said === deciding) return deciding;
      if (said === undefined) answer = undefined;
    }
    return answer;
  };
}

/** The smallest step that two numbers of fhirpath.js can differ by. */
const step = 1e-8;
const inSteps = (value: number): number => Math.round(value / step) * step;

const isEqual = (a: Scalar, b: Scalar): boolean =>
  a === b || (typeof a === 'number' && typeof b === 'number' && inSteps(a) === inSteps(b));

const orders: Readonly<Record<Exclude<Comparison, '=' | '!='>, (a: Scalar, b: Scalar) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function comparison(operator: Comparison, left: Node, right: Node): Closure {
  if (operator === '=' || operator === '!=') {
    const wanted = operator === '=';
    return (slots) => {
      const [a, b] = [left.value(slots), right.value(slots)];
      return a === undefined || b === undefined ? undefined : isEqual(a, b) === wanted;
    };
  }
  const isInOrder = orders[operator];
  const isDecimal = left.made === 'decimal' || right.made === 'decimal';
  if (!isDecimal && (left.made === 'either' || right.made === 'either')) throw new LeftToOracle(operator);
  return (slots) => {
    const [a, b] = [left.value(slots), right.value(slots)];
    if (a === undefined || b === undefined) return undefined;
    if (typeof a !== typeof b) throw new LeftToOracle(operator);
    return isDecimal && typeof a === 'number' && typeof b === 'number'
      ? isInOrder(inSteps(a), inSteps(b))
      : isInOrder(a, b);
  };
}

function membership(of: Node, options: readonly Tree[]): Closure {
  const literals = options.map((option) => {
    if (option.kind !== 'literal') throw new LeftToOracle('in');
    return option.value;
  });
  return (slots) => {
    const value = of.value(slots);
    return value === undefined ? undefined : literals.some((literal) => isEqual(literal, value));
  };
}

const operations: Readonly<Record<'+' | '-' | '*' | '/', (a: number, b: number) => number | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? undefined : a / b),
};

function arithmetic(operator: keyof typeof operations, left: Node, right: Node): Closure {
  const operate = operations[operator];
  return (slots) => {
    const [a, b] = [left.value(slots), right.value(slots)];
    if (a === undefined || b === undefined) return undefined;
    if (typeof a !== 'number' || typeof b !== 'number') throw new LeftToOracle(operator);
    return operate(a, b);
  };
}

function rounded(how: string, of: Node): Node {
  const digits = /^round\((\d*)\)$/.exec(how)?.[1];
  const scale = 10 ** Number(digits ?? 0);
  const roundings: ReadonlyMap<string, (value: number) => number> = new Map([
    [`round(${digits ?? ''})`, (value) => Math.round(value * scale) / scale],
    ['floor()', Math.floor],
    ['ceiling()', Math.ceil],
    ['abs()', Math.abs],
  ]);
  const round = roundings.get(how);
  if (round === undefined) throw new LeftToOracle(how);
  return {
    made: digits === undefined ? of.made : 'decimal',
    value: (slots) => {
      const value = of.value(slots);
      if (value === undefined) return undefined;
      if (typeof value !== 'number') throw new LeftToOracle(how);
      return round(value);
    },
  };
}
