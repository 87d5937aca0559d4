import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import { parseTable } from './code-list-table.js';
import type { KnowledgeProblem, KnowledgeProblemCode } from '../problem.js';
import type { ArtifactFile, Path, Source } from './artifact-file.js';

/** Shows a value of an artifact in a message: short, one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

interface Place {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

function child(node: Node | undefined, segment: string | number): Place | undefined {
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === segment);
    return pair && { key: pair.key, value: pair.value ?? pair.key };
  }
  if (isSeq<Node>(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return item && { key: item, value: item };
  }
  return undefined;
}

function locate(document: Document.Parsed, path: Path): Place {
  let place: Place = { key: document.contents ?? undefined, value: document.contents ?? undefined };
  for (const segment of path) {
    const next = child(place.value, segment);
    if (!next) return place;
    place = next;
  }
  return place;
}

function startOfText(node: Node | undefined, offset: number): number {
  const start = node?.range?.[0] ?? 0;
  if (!isScalar(node)) return start;
  if (node.type === 'PLAIN') return start + offset;
  return node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? start + 1 + offset : start;
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch {
    // Aliases without end or target: already reported as forbidden or invalid.
    return undefined;
  }
}

/**
 * Parses YAML 1.2 (core schema) or JSON. Anchors, aliases, merge keys, tags and repeated keys are refused: an artifact
 * must mean what a reader sees on the line, and nothing may travel from one part of it to another.
 */
export function parseSource(artifact: ArtifactFile): Source {
  if (artifact.path.endsWith('.tsv')) return parseTable(artifact);
  const value = canonicalJson(artifact);
  if (value === undefined) return parseYaml(artifact);
  // Places are needed only when something is wrong; hundreds of value sets are read at each start.
  let source: Source | undefined;
  const placed = (): Source => (source ??= parseYaml(artifact));
  return {
    file: artifact.path,
    value,
    problems: [],
    problem: (...args) => placed().problem(...args),
    problemAtKey: (...args) => placed().problemAtKey(...args),
  };
}

/** The value of a JSON file that says nothing twice: written out again it is the same text, white space aside. */
function canonicalJson({ path, text }: ArtifactFile): unknown {
  if (!path.endsWith('.json')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const compact = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
    return JSON.stringify(value) === compact ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseYaml({ path: file, text }: ArtifactFile): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const at = (
    start: number,
    code: KnowledgeProblemCode,
    path: Path,
    expected: string,
    found: string,
  ): KnowledgeProblem => {
    const { line, col } = lines.linePos(start);
    return {
      code,
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: path.join('.'),
      expected,
      found,
    };
  };
  const problems = document.errors.map((error) =>
    at(error.pos[0], 'YAML_INVALID', [], 'YAML 1.2', error.message),
  );
  const forbid = (node: Node, found: string): void => {
    problems.push(at(node.range?.[0] ?? 0, 'YAML_FORBIDDEN', [], 'plain YAML', found));
  };
  visit(document, {
    Alias: (_, node) => {
      forbid(node, `the alias *${node.source}`);
    },
    Node: (_, node) => {
      if (node.anchor !== undefined) forbid(node, `the anchor &${node.anchor}`);
      if (node.tag !== undefined) forbid(node, `the tag ${node.tag}`);
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '<<') forbid(pair.key, 'the merge key <<');
    },
  });
  const value = valueOf(document);
  return {
    file,
    value,
    problems,
    problem: (code, path, expected, found, offset = 0) =>
      at(startOfText(locate(document, path).value, offset), code, path, expected, found),
    problemAtKey: (code, path, expected, found) =>
      at(locate(document, path).key?.range?.[0] ?? 0, code, path, expected, found),
  };
}
