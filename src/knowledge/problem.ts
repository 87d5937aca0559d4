/** Stable codes of what can be wrong with an artifact; the part before the first `_` says where to look. */
export type KnowledgeProblemCode =
  | 'FILE_UNKNOWN'
  | 'FILE_MISSING'
  | 'YAML_INVALID'
  | 'YAML_FORBIDDEN'
  | 'SCHEMA_INVALID'
  | 'ID_INVALID'
  | 'ID_REPEATED'
  | 'NAME_UNKNOWN'
  | 'RULE_UNLISTED'
  | 'ACT_MISSING'
  | 'SETTING_INVALID'
  | 'TEXT_INVALID'
  | 'EXPRESSION_INVALID'
  | 'SCORE_INVALID'
  | 'EXAMPLE_MISSING'
  | 'COVERAGE_INVALID'
  | 'OVERLAY_INVALID'
  | 'VERSION_INVALID';

/** One mistake in one artifact, as an editor can jump to it; line and column count from 1. */
export interface KnowledgeProblem {
  readonly code: KnowledgeProblemCode;
  /** Path inside the artifacts' folder (or the overlay's). */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Keys from the top of the file, joined with dots; empty for the file itself. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** `file:line:column CODE path: expected …, found …`, the form that editors and terminals link. */
export function formatProblem(problem: KnowledgeProblem): string {
  const { file, line, column, code, path, expected, found } = problem;
  return `${file}:${line}:${column} ${code} ${path === '' ? '' : `${path}: `}expected ${expected}, found ${found}`;
}

/** Takes a problem down; checks go on after it, so that every problem of every file is found at once. */
export type Report = (problem: KnowledgeProblem) => void;

/** Thrown by `loadKnowledge`: the artifacts cannot be used; every problem of every file is listed. */
export class KnowledgeError extends Error {
  readonly code = 'KNOWLEDGE_INVALID';
  readonly problems: readonly KnowledgeProblem[];

  constructor(problems: readonly KnowledgeProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'KnowledgeError';
    this.problems = problems;
  }
}

/** By file, then by place in it, so that a list of problems does not depend on the order of the checks. */
export function compareProblems(a: KnowledgeProblem, b: KnowledgeProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
