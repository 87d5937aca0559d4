import r4 from 'fhirpath/fhir-context/r4';
import { parseExpression, walk, type SyntaxNode } from './syntax.js';

/**
 * FHIRPath is silent about mistakes: a misspelt element is simply empty, an unknown function fails only when it
 * runs. So every expression is checked when the knowledge is loaded.
 */
export interface ExpressionProblem {
  readonly message: string;
  readonly column?: number;
}

/**
 * `condition`: true, false or empty, over scalar variables. `expression`: a scalar over scalar variables.
 * `path`: elements of one of the resource types.
 */
export type ExpressionMode = 'condition' | 'expression' | 'path';

// Only operators that keep «unknown» unknown: exists(), empty(), count() would turn it into an answer.
const scalarFunctions: ReadonlySet<string> = new Set(['not', 'round', 'floor', 'ceiling', 'abs', 'iif']);

const pathFunctions: ReadonlySet<string> = new Set([
  ...['where', 'select', 'exists', 'all', 'empty', 'not', 'first', 'last', 'tail', 'skip', 'take', 'single'],
  ...['ofType', 'as', 'is', 'count', 'distinct', 'sum', 'min', 'max', 'combine', 'union', 'extension'],
  ...[
    'startsWith',
    'endsWith',
    'contains',
    'matches',
    'lower',
    'upper',
    'iif',
    'coalesce',
    'toInteger',
    'toDecimal',
  ],
  'toString',
]);

const forbiddenInScalars: Readonly<Record<string, string>> = {
  MemberInvocation: 'an element path; read it in an input',
  IndexerExpression: 'an index',
  TypeExpression: 'a type test',
  NullLiteral: '{}, which makes the whole comparison unknown',
};

/**
 * Checks one expression.
 * @param variables names that may stand behind `%`
 * @param resourceTypes for a path: the types that it is read from
 */
export function checkExpression(
  expression: string,
  variables: ReadonlySet<string>,
  mode: ExpressionMode,
  resourceTypes: readonly string[] = [],
): readonly ExpressionProblem[] {
  const parsed = parseExpression(expression);
  if (!parsed.ok)
    return [{ message: parsed.message, ...(parsed.column !== undefined && { column: parsed.column }) }];
  const problems: ExpressionProblem[] = [];
  const report = (node: SyntaxNode, message: string): void => {
    problems.push({ message, ...(node.start !== undefined && { column: node.start.column }) });
  };
  for (const node of walk(parsed.root)) {
    const text = node.text ?? '';
    if (node.type === 'ExternalConstantTerm' && !variables.has(text))
      report(node, `unknown variable %${text}`);
    if (node.type === 'Functn') {
      const known = mode === 'path' ? pathFunctions : scalarFunctions;
      if (!known.has(text)) report(node, `function ${text}() is unknown, or not allowed in a ${mode}`);
    }
    if (mode !== 'path' && !insideFunctionName(node)) {
      const what = forbiddenInScalars[node.type];
      if (what !== undefined) report(node, `a ${mode} may not hold ${what}`);
    }
  }
  if (mode === 'path') elementsOf(parsed.root, resourceTypes, report);
  if (mode === 'condition' && !givesBoolean(parsed.root)) {
    problems.push({ message: 'is not a condition: it should compare, or combine booleans' });
  }
  return problems;
}

const insideFunctionName = (node: SyntaxNode): boolean => node.type === 'FunctionInvocation';

const booleanNodes: ReadonlySet<string> = new Set([
  ...['AndExpression', 'OrExpression', 'ImpliesExpression', 'InequalityExpression', 'EqualityExpression'],
  ...['MembershipExpression', 'BooleanLiteral'],
]);

function givesBoolean(node: SyntaxNode): boolean {
  if (booleanNodes.has(node.type)) return true;
  // A lone variable may be a boolean input: what it holds is the input's business.
  if (node.type === 'ExternalConstantTerm') return true;
  if (node.type === 'InvocationExpression') {
    return (
      node.children.at(-1)?.text === 'not' && node.children[0] !== undefined && givesBoolean(node.children[0])
    );
  }
  // Both branches of a choice.
  if (node.type === 'Functn' && node.text === 'iif') {
    const [, yes, no] = node.children.find(({ type }) => type === 'ParamList')?.children ?? [];
    return yes !== undefined && no !== undefined && givesBoolean(yes) && givesBoolean(no);
  }
  const [only, ...more] = node.children;
  return only !== undefined && more.length === 0 && givesBoolean(only);
}

/** Types as paths of the R4 model (`Observation`, `Dosage.doseAndRate`); undefined: not followed further. */
type Types = readonly string[] | undefined;

const structural: ReadonlySet<string> = new Set(['Element', 'BackboneElement']);

const keepsType: ReadonlySet<string> = new Set([
  ...['where', 'first', 'last', 'tail', 'skip', 'take', 'single', 'distinct'],
]);

function elementsOf(
  node: SyntaxNode,
  context: Types,
  report: (node: SyntaxNode, message: string) => void,
): Types {
  const [left, right] = node.children;
  switch (node.type) {
    case 'InvocationExpression': {
      const base = left === undefined ? undefined : elementsOf(left, context, report);
      return right === undefined ? undefined : invoked(right, base, report);
    }
    case 'TermExpression':
    case 'InvocationTerm':
    case 'ParenthesizedTerm':
    case 'EntireExpression':
      return left === undefined ? undefined : elementsOf(left, context, report);
    case 'IndexerExpression':
      return left === undefined ? undefined : elementsOf(left, context, report);
    case 'MemberInvocation':
    case 'FunctionInvocation':
      return invoked(node, context, report);
    case 'TypeExpression':
      if (left !== undefined) elementsOf(left, context, report);
      return undefined;
    case 'UnionExpression': {
      const sides = node.children.map((child) => elementsOf(child, context, report));
      return sides.some((side) => side === undefined) ? undefined : sides.flatMap((side) => side ?? []);
    }
    default:
      for (const child of node.children) elementsOf(child, context, report);
      return undefined;
  }
}

function invoked(node: SyntaxNode, base: Types, report: (node: SyntaxNode, message: string) => void): Types {
  const name = node.text ?? '';
  if (node.type === 'MemberInvocation') {
    if (base === undefined) return undefined;
    if (base.includes(name)) return [name];
    const found = base.flatMap((type) => elementTypes(type, name));
    if (found.length === 0) report(node, `${base.join(' or ')} has no element «${name}»`);
    return found.length === 0 ? undefined : found;
  }
  const parameters = node.children[0]?.children.find(({ type }) => type === 'ParamList')?.children ?? [];
  if (name === 'ofType' || name === 'as')
    return parameters[0]?.text === undefined ? undefined : [parameters[0].text];
  for (const parameter of parameters) elementsOf(parameter, base, report);
  return keepsType.has(name) ? base : undefined;
}

function elementTypes(type: string, name: string): readonly string[] {
  for (let owner: string | undefined = type; owner !== undefined; owner = r4.type2Parent[owner]) {
    const path = `${owner}.${name}`;
    const choices = r4.choiceTypePaths[path];
    if (choices !== undefined) return choices;
    const elsewhere = r4.pathsDefinedElsewhere[path];
    if (elsewhere !== undefined) return [elsewhere];
    const found = r4.path2Type[path];
    if (found !== undefined) return [structural.has(found) ? path : found];
    // Elements such as Dosage.doseAndRate have their own paths but are Elements all the same.
    if (owner.includes('.') && r4.path2Type[`Element.${name}`] !== undefined)
      return [r4.path2Type[`Element.${name}`] ?? ''];
  }
  return [];
}
