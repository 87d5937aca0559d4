import type { KnowledgeProblem, KnowledgeProblemCode } from '../problem.js';
import type { ArtifactFile, Source } from './artifact-file.js';

/** How sure it is that a code means what its value set says. */
export type CodeConfidence = 'publisher' | 'two' | 'one';

/** One code of a value set; a code that ends with `*` is the stem of all codes that start with it. */
export interface CodeRow {
  readonly set: string;
  readonly code: string;
  /** What the source calls it, in the source's language. */
  readonly display: string;
  /** `publisher`: read in the publisher's own release; `two`, `one`: in so many independent stored files. */
  readonly confidence: CodeConfidence;
  /** Keys of the list's sources. */
  readonly sources: readonly string[];
}

/** The codes of one code system that value sets hold, each with its source: too many to stand in the value sets' own files. */
export interface CodeList {
  readonly title: string;
  readonly system: string;
  /** Edition or date of what the codes were read in. */
  readonly release: string;
  /** Where codes were read, by key. */
  readonly sources: Readonly<Record<string, string>>;
  readonly rows: readonly CodeRow[];
}

const columns = ['set', 'code', 'display', 'confidence', 'sources'];
const header = columns.join('\t');

/**
 * Reads a table of codes: lines `# key: value` (`# source 1: …`), the names of the columns, then one code a line, with tabs
 * between. A table is read at each start, and YAML would take a second for it.
 */
export function parseTable({ path: file, text }: ArtifactFile): Source {
  const lines = text.split('\n');
  const columnLine = lines.indexOf(header);
  const meta: Record<string, string> = {};
  const sources: Record<string, string> = {};
  for (const line of lines.slice(0, Math.max(columnLine, 0))) {
    const [, name = '', value = ''] = /^# ([^:]+): (.*)$/.exec(line) ?? [];
    if (name.startsWith('source ')) sources[name.slice('source '.length)] = value;
    else if (name !== '') meta[name] = value;
  }
  const body = lines.slice(columnLine + 1);
  if (body.at(-1) === '') body.pop();
  const rows = body.map((line) => {
    const [set, code, display, confidence, keys, ...more] = line.split('\t');
    return { set, code, display, confidence, sources: keys?.split(' '), ...(more.length > 0 && { more }) };
  });
  const at = (
    line: number,
    code: KnowledgeProblemCode,
    path: readonly (string | number)[],
    expected: string,
    found: string,
  ): KnowledgeProblem => ({ code, file, line, column: 1, path: path.join('.'), expected, found });
  const problem: Source['problem'] = (code, path, expected, found) => {
    const [first, row] = path;
    const line = first === 'rows' && typeof row === 'number' ? columnLine + 2 + row : 1;
    return at(line, code, path, expected, found);
  };
  return {
    file,
    value: { ...meta, sources, rows },
    problems:
      columnLine < 0 ? [at(1, 'SCHEMA_INVALID', [], `the columns ${columns.join(', ')}`, 'none')] : [],
    problem,
    problemAtKey: problem,
  };
}

/** The text of a table, its rows sorted by value set and code. */
export function formatTable({ title, system, release, sources, rows }: CodeList): string {
  const key = ({ set, code }: CodeRow): string => `${set}\t${code}`;
  const sorted = [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return `${[
    `# title: ${title}`,
    `# system: ${system}`,
    `# release: ${release}`,
    ...Object.entries(sources).map(([name, source]) => `# source ${name}: ${source}`),
    header,
    ...sorted.map((row) =>
      [row.set, row.code, row.display, row.confidence, row.sources.join(' ')].join('\t'),
    ),
  ].join('\n')}\n`;
}
