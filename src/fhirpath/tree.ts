import { parseExpression, type SyntaxNode } from './syntax.js';

export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!=';

/** What an expression over scalar variables says, without the grammar's in-between nodes. */
export type Tree =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Tree[] }
  | { readonly kind: 'not'; readonly of: Tree }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Tree;
      readonly right: Tree;
    }
  | { readonly kind: 'one-of'; readonly of: Tree; readonly options: readonly Tree[] }
  /** `iif`: what holds otherwise is not known where `otherwise` is left out. */
  | { readonly kind: 'choice'; readonly when: Tree; readonly then: Tree; readonly otherwise?: Tree }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Tree;
      readonly right: Tree;
    }
  /** `how` with its parameters: `round(6)`. */
  | { readonly kind: 'rounded'; readonly of: Tree; readonly how: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: boolean | number | string };

class Unreadable extends Error {
  readonly code = 'EXPRESSION_UNREADABLE';
}

/** Reads an expression; undefined where it holds a construct that no condition of the artifacts uses. */
export function readTree(expression: string): Tree | undefined {
  const parsed = parseExpression(expression);
  if (!parsed.ok) return undefined;
  try {
    return treeOf(parsed.root);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

const isComparison = (text: string | undefined): text is Comparison =>
  text !== undefined && ['<', '<=', '>', '>=', '=', '!='].includes(text);

const isArithmetic = (text: string | undefined): text is '+' | '-' | '*' | '/' =>
  text !== undefined && ['+', '-', '*', '/'].includes(text);

function treeOf(node: SyntaxNode): Tree {
  const { type, text, children } = node;
  const [left, right] = children;
  switch (type) {
    case 'AndExpression':
      return joined('all', children);
    case 'OrExpression':
      if (text !== 'or') throw new Unreadable(text);
      return joined('any', children);
    case 'InequalityExpression':
    case 'EqualityExpression':
      if (!isComparison(text)) throw new Unreadable(text);
      return { kind: 'compare', operator: text, left: inside(left), right: inside(right) };
    case 'MembershipExpression':
      if (text !== 'in') throw new Unreadable(text);
      return { kind: 'one-of', of: inside(left), options: optionsOf(right) };
    case 'AdditiveExpression':
    case 'MultiplicativeExpression':
      if (!isArithmetic(text)) throw new Unreadable(text);
      return { kind: 'arithmetic', operator: text, left: inside(left), right: inside(right) };
    case 'PolarityExpression':
      return {
        kind: 'arithmetic',
        operator: text === '-' ? '-' : '+',
        left: { kind: 'literal', value: 0 },
        right: inside(left),
      };
    case 'InvocationExpression':
      return called(inside(left), right);
    case 'FunctionInvocation':
      return choiceOf(node);
    case 'ExternalConstantTerm':
      return { kind: 'variable', name: text ?? '' };
    case 'BooleanLiteral':
      return { kind: 'literal', value: text === 'true' };
    case 'NumberLiteral':
      return { kind: 'literal', value: Number(text) };
    case 'StringLiteral':
      return { kind: 'literal', value: (text ?? '').replace(/^'(.*)'$/, '$1') };
    default:
      if (children.length !== 1) throw new Unreadable(type);
      return inside(left);
  }
}

function inside(node: SyntaxNode | undefined): Tree {
  if (node === undefined) throw new Unreadable('nothing');
  return treeOf(node);
}

/** `a and b and c` is one list of three. */
function joined(kind: 'all' | 'any', nodes: readonly SyntaxNode[]): Tree {
  const parts = nodes.map(treeOf).flatMap((part) => (part.kind === kind ? part.parts : [part]));
  return { kind, parts };
}

function optionsOf(node: SyntaxNode | undefined): readonly Tree[] {
  if (node === undefined) throw new Unreadable('nothing');
  if (node.type === 'UnionExpression') return node.children.flatMap(optionsOf);
  if (node.type.endsWith('Literal')) return [treeOf(node)];
  const [only, ...others] = node.children;
  return others.length === 0 ? optionsOf(only) : [treeOf(node)];
}

interface Call {
  readonly name: string;
  readonly parameters: readonly SyntaxNode[];
}

function callOf(node: SyntaxNode | undefined): Call {
  const [named] = node?.type === 'FunctionInvocation' ? node.children : [];
  if (named === undefined) throw new Unreadable(node?.type);
  const parameters = named.children.find(({ type }) => type === 'ParamList')?.children ?? [];
  return { name: named.text ?? '', parameters };
}

function called(of: Tree, node: SyntaxNode | undefined): Tree {
  const { name, parameters } = callOf(node);
  if (name === 'not') return { kind: 'not', of };
  if (['round', 'floor', 'ceiling', 'abs'].includes(name)) {
    const how = `${name}(${parameters.map((each) => writeTree(treeOf(each))).join(', ')})`;
    return { kind: 'rounded', of, how };
  }
  throw new Unreadable(name);
}

function choiceOf(node: SyntaxNode): Tree {
  const { name, parameters } = callOf(node);
  if (name !== 'iif') throw new Unreadable(name);
  const [when, then, otherwise] = parameters.map(treeOf);
  if (when === undefined || then === undefined) throw new Unreadable(name);
  return { kind: 'choice', when, then, ...(otherwise !== undefined && { otherwise }) };
}

/** The expression again, as FHIRPath; what it says is the same, parentheses may be more. */
export function writeTree(tree: Tree): string {
  switch (tree.kind) {
    case 'all':
      return tree.parts.map(bracketed).join(' and ');
    case 'any':
      return tree.parts.map(bracketed).join(' or ');
    case 'not':
      return `${bracketed(tree.of)}.not()`;
    case 'compare':
    case 'arithmetic':
      return `${bracketed(tree.left)} ${tree.operator} ${bracketed(tree.right)}`;
    case 'one-of':
      return `${bracketed(tree.of)} in (${tree.options.map(writeTree).join(' | ')})`;
    case 'choice': {
      const parts = [tree.when, tree.then, ...(tree.otherwise === undefined ? [] : [tree.otherwise])];
      return `iif(${parts.map(writeTree).join(', ')})`;
    }
    case 'rounded':
      return `${bracketed(tree.of)}.${tree.how}`;
    case 'variable':
      return `%${tree.name}`;
    case 'literal':
      return typeof tree.value === 'string' ? `'${tree.value}'` : String(tree.value);
  }
}

const plain: ReadonlySet<Tree['kind']> = new Set(['variable', 'literal', 'choice']);

const bracketed = (tree: Tree): string => (plain.has(tree.kind) ? writeTree(tree) : `(${writeTree(tree)})`);

/** Names of the variables of a tree, as often as they are named. */
export function variablesIn(tree: Tree): readonly string[] {
  switch (tree.kind) {
    case 'variable':
      return [tree.name];
    case 'literal':
      return [];
    case 'all':
    case 'any':
      return tree.parts.flatMap(variablesIn);
    case 'not':
    case 'rounded':
      return variablesIn(tree.of);
    case 'one-of':
      return [tree.of, ...tree.options].flatMap(variablesIn);
    case 'choice':
      return [tree.when, tree.then, ...(tree.otherwise === undefined ? [] : [tree.otherwise])].flatMap(
        variablesIn,
      );
    case 'compare':
    case 'arithmetic':
      return [tree.left, tree.right].flatMap(variablesIn);
  }
}
