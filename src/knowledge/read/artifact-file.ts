import type { KnowledgeProblem, KnowledgeProblemCode } from '../problem.js';

/** A file as read from disk; `path` is relative to its folder, with `/`. */
export interface ArtifactFile {
  readonly path: string;
  readonly text: string;
}

export type Path = readonly (string | number)[];

/** A parsed file that can say where each of its values stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** What the YAML itself does wrong; when there is any, `value` is what could still be read, good for names only. */
  readonly problems: readonly KnowledgeProblem[];
  /** A problem at the value of this path, or at its nearest parent that exists; `offset` counts into a one-line text. */
  readonly problem: (
    code: KnowledgeProblemCode,
    path: Path,
    expected: string,
    found: string,
    offset?: number,
  ) => KnowledgeProblem;
  /** The same at the key itself, for a name that should not be there. */
  readonly problemAtKey: (
    code: KnowledgeProblemCode,
    path: Path,
    expected: string,
    found: string,
  ) => KnowledgeProblem;
}
