import fhirpath from 'fhirpath';
import { memo } from '../memo.js';

/** One node of the tree that `fhirpath.parse` gives. */
export interface SyntaxNode {
  readonly type: string;
  readonly text?: string;
  readonly start?: { readonly line: number; readonly column: number };
  readonly children: readonly SyntaxNode[];
}

export type Parsed =
  | { readonly ok: true; readonly root: SyntaxNode }
  | { readonly ok: false; readonly message: string; readonly column?: number };

// Expressions come from artifacts, a few hundred in all, and each is asked about several times.
/** Parses an expression; a syntax error is a value, with its column. */
export const parseExpression: (expression: string) => Parsed = memo(parse);

function parse(expression: string): Parsed {
  try {
    return { ok: true, root: node(fhirpath.parse(expression)) };
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'syntax error';
    const column = /column: (\d+)/.exec(message)?.[1];
    return { ok: false, message, ...(column !== undefined && { column: Number(column) }) };
  }
}

function node(value: unknown): SyntaxNode {
  const raw = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const children = Array.isArray(raw['children']) ? raw['children'].map(node) : [];
  const start = raw['start'] as SyntaxNode['start'];
  return {
    type: String(raw['type']),
    children,
    ...(typeof raw['text'] === 'string' && { text: raw['text'] }),
    ...(start !== undefined && { start }),
  };
}

/** All nodes, parents first. */
export function* walk(root: SyntaxNode): Generator<SyntaxNode> {
  yield root;
  for (const child of root.children) yield* walk(child);
}

/** Names of the `%variables` of an expression, each once, in order of appearance. Empty for a syntax error. */
export function variablesOf(expression: string): readonly string[] {
  const parsed = parseExpression(expression);
  if (!parsed.ok) return [];
  const names = new Set<string>();
  for (const { type, text } of walk(parsed.root)) {
    if (type === 'ExternalConstantTerm' && text !== undefined) names.add(text);
  }
  return [...names];
}

/**
 * Names of the variables by which an expression chooses (the first argument of `iif`), where FHIRPath takes «not known» for «no».
 */
export function choosingVariablesOf(expression: string): ReadonlySet<string> {
  const parsed = parseExpression(expression);
  const names = new Set<string>();
  for (const node of parsed.ok ? walk(parsed.root) : []) {
    if (node.type !== 'Functn' || node.children[0]?.text !== 'iif') continue;
    const [criterion] = node.children.find(({ type }) => type === 'ParamList')?.children ?? [];
    for (const { type, text } of criterion === undefined ? [] : walk(criterion)) {
      if (type === 'ExternalConstantTerm' && text !== undefined) names.add(text);
    }
  }
  return names;
}

/** String literals of an expression, each once. */
export function stringsOf(expression: string): readonly string[] {
  const parsed = parseExpression(expression);
  if (!parsed.ok) return [];
  const literals = [...walk(parsed.root)].filter(({ type }) => type === 'StringLiteral');
  return [...new Set(literals.map(({ text = '' }) => text.slice(1, -1)))];
}

/** Number literals of an expression: the points where its answer may change. */
export function numbersOf(expression: string): readonly number[] {
  const parsed = parseExpression(expression);
  if (!parsed.ok) return [];
  return [...walk(parsed.root)]
    .filter(({ type }) => type === 'NumberLiteral')
    .map(({ text }) => Number(text));
}
