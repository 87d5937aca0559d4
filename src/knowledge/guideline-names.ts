import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../json.js';
import { guidelineFile } from './read/artifacts.js';
import type { ArtifactFile } from './read/artifact-file.js';
import { shippedArtifacts } from './read/read-artifacts.js';
import { parseSource } from './read/source.js';
import { KnowledgeError } from './problem.js';
import type { Guideline } from './types.js';

/** What is needed of the guideline before the knowledge is loaded: by configuration, programs, and pages that are built. */
export interface GuidelineNames extends Pick<Guideline, 'canonicalBase' | 'smartClient'> {
  readonly publisher: string;
  /** Years, the oldest first. */
  readonly editions: readonly [string, ...string[]];
}

/** The names in the file of a folder; undefined where it does not hold them, which the check of the knowledge tells with its line. */
export function guidelineNames(files: readonly ArtifactFile[]): GuidelineNames | undefined {
  const file = files.find(({ path }) => path === guidelineFile);
  const written: unknown = file === undefined ? undefined : parseSource(file).value;
  if (!isObject(written)) return undefined;
  const { canonicalBase, smartClient, published, editions } = written;
  const publisher = isObject(published) ? published['publisher'] : undefined;
  const [first, ...later] = Array.isArray(editions)
    ? editions.filter((year) => typeof year === 'string')
    : [];
  return typeof canonicalBase === 'string' &&
    typeof smartClient === 'string' &&
    typeof publisher === 'string' &&
    first !== undefined
    ? { canonicalBase, smartClient, publisher, editions: [first, ...later] }
    : undefined;
}

let shipped: GuidelineNames | undefined;

/** The names of the shipped guideline, read once. @throws KnowledgeError where its file does not hold them */
export function shippedGuideline(): GuidelineNames {
  return (shipped ??= readShipped());
}

function readShipped(): GuidelineNames {
  const text = readFileSync(join(shippedArtifacts, guidelineFile), 'utf8');
  const names = guidelineNames([{ path: guidelineFile, text }]);
  if (names !== undefined) return names;
  const place = { file: guidelineFile, line: 1, column: 1, path: '' };
  const expected = 'canonicalBase, smartClient, publisher and editions (npm run validate says more)';
  throw new KnowledgeError([{ code: 'SCHEMA_INVALID', ...place, expected, found: 'not all of them' }]);
}

/** The edition that is served unless another is asked for. */
export function newestEdition({ editions }: Pick<Guideline, 'editions'>): string {
  return editions.at(-1) ?? '';
}
