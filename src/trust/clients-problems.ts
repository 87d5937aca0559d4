import type { ErrorObject } from 'ajv';
import { isNode } from 'yaml';
import type { Document, LineCounter } from 'yaml';

/** One thing wrong in the clients file: the line (1 = first; 0 = the file itself), the path, what is expected there. */
export interface ClientsProblem {
  readonly line: number;
  readonly path: string;
  readonly expected: string;
}

export type Path = readonly (string | number)[];

/** What is wrong at a place of the content, before the line is known. */
export interface Finding {
  readonly path: Path;
  readonly expected: string;
}

const segmentsOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** What ajv found, in the words of an operator; the value itself is never repeated. */
export const findingOf = ({ instancePath, keyword, params, message }: ErrorObject): Finding => {
  const path = segmentsOf(instancePath);
  const unknown: unknown = params['additionalProperty'];
  if (typeof unknown === 'string') return { path: [...path, unknown], expected: 'no such key' };
  const allowed: unknown = params['allowedValues'];
  if (Array.isArray(allowed)) return { path, expected: `one of ${allowed.join(', ')}` };
  const lacking: unknown = params['missingProperty'];
  if (typeof lacking === 'string') return { path: [...path, lacking], expected: 'to be there' };
  if (keyword === 'not' && path.includes('notKept')) return { path, expected: 'another type than Patient' };
  if (keyword === 'not') return { path, expected: 'a public key: no private or symmetric member' };
  if (keyword === 'pattern') {
    const expected = path.includes('notKept') ? 'a FHIR resource type' : 'an absolute http(s) URL';
    return { path, expected };
  }
  return { path, expected: message ?? 'another value' };
};

/** The line of the node at the path, or of its nearest parent when the node is missing. */
const lineOf = (document: Document, path: Path, lines: LineCounter): number => {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  return path.length === 0 ? 1 : lineOf(document, path.slice(0, -1), lines);
};

const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');

/** The finding with the line and path of the file, for the operator who must mend it. */
export const problemOf = (
  { path, expected }: Finding,
  document: Document,
  lines: LineCounter,
): ClientsProblem => ({
  line: lineOf(document, path, lines),
  path: pathText(path),
  expected,
});
