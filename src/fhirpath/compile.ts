import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';

/**
 * The only place that evaluates FHIRPath. Conditions are FHIRPath's own three-valued logic over scalars:
 * an unknown variable is the empty collection, and empty stays empty unless the rest decides (`false and {}`).
 */

export type Scalar = boolean | number | string;

/** `undefined` is FHIRPath's empty collection: not known. */
export type Variables = Readonly<Record<string, Scalar | undefined>>;

export class ExpressionError extends Error {
  readonly code = 'EXPRESSION_FAILED';
}

type Compiled = (
  resource: unknown,
  variables: Readonly<Record<string, unknown>>,
  options?: { readonly resolveInternalTypes: boolean },
) => unknown;

function compile(expression: string): Compiled {
  return fhirpath.compile(expression, r4) as Compiled;
}

function run(
  compiled: Compiled,
  expression: string,
  resource: unknown,
  variables: Readonly<Record<string, unknown>>,
) {
  let result: unknown;
  try {
    result = compiled(resource, variables);
  } catch (cause) {
    // fhirpath.js may throw a string; the message can quote data, so only the expression is kept.
    throw new ExpressionError(`cannot evaluate «${expression}»`, { cause });
  }
  if (!Array.isArray(result)) throw new ExpressionError(`«${expression}» is asynchronous`);
  return result as readonly unknown[];
}

/**
 * Compiles an expression over scalar variables.
 * @returns the single scalar that it gives; undefined for empty
 * @throws ExpressionError when it cannot be evaluated or gives several values
 */
export function compileScalar(
  expression: string,
  names: readonly string[],
): (variables: Variables) => Scalar | undefined {
  const compiled = compile(expression);
  return (variables) => {
    const bound: Record<string, unknown> = {};
    for (const name of names) bound[name] = variables[name] ?? [];
    return single(run(compiled, expression, {}, bound), expression);
  };
}

/**
 * Compiles a condition.
 * @returns true, false, or undefined for unknown
 */
export function compileCondition(
  expression: string,
  names: readonly string[],
): (variables: Variables) => boolean | undefined {
  const evaluate = compileScalar(expression, names);
  return (variables) => {
    const value = evaluate(variables);
    if (value === undefined || typeof value === 'boolean') return value;
    throw new ExpressionError(`«${expression}» is not a condition`);
  };
}

/** Compiles a path over one resource; gives the raw JSON of what it finds. */
export function compilePath(expression: string): (resource: unknown) => readonly unknown[] {
  const compiled = compile(expression);
  const begins = beginningsOf(expression);
  return (resource) =>
    begins !== undefined && lacks(resource, begins) ? nothing : run(compiled, expression, resource, {});
}

const nothing: readonly unknown[] = [];

/** Elements one inside the other, or several such paths joined by `|`. */
const plainPaths =
  /^[a-z]\w*(?:\.[a-z]\w*(?:\([A-Z]\w*\))?)*(?: \| [a-z]\w*(?:\.[a-z]\w*(?:\([A-Z]\w*\))?)*)*$/;

/** The elements with which plain paths begin; undefined for any other expression. */
function beginningsOf(expression: string): readonly string[] | undefined {
  if (!plainPaths.test(expression) || /[()]/.test(expression.replaceAll(/\.ofType\([A-Z]\w*\)/g, '')))
    return undefined;
  return expression.split(' | ').map((path) => path.split('.', 1)[0] ?? '');
}

/** No member of the resource is one of the elements, or one of their choices (`value[x]`): nothing can be found. */
function lacks(resource: unknown, elements: readonly string[]): boolean {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return false;
  for (const name in resource) {
    const element = name.startsWith('_') ? name.slice(1) : name;
    if (elements.some((each) => element.startsWith(each))) return false;
  }
  return true;
}

function single(result: readonly unknown[], expression: string): Scalar | undefined {
  const [value, ...more] = result;
  if (value === undefined) return undefined;
  if (more.length > 0) throw new ExpressionError(`«${expression}» gives several values`);
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  const decimal = Number(value);
  if (Number.isFinite(decimal)) return decimal;
  throw new ExpressionError(`«${expression}» does not give a boolean, number or string`);
}
