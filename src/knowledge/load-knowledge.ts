import { buildKnowledge } from './build-knowledge.js';
import { atBase } from './canonical-base.js';
import { guidelineNames } from './guideline-names.js';
import type { CheckExpression } from './check/context.js';
import { checkedBefore, keepChecked } from './check/checked-before.js';
import type { Knowledge } from './knowledge.js';
import { KnowledgeError } from './problem.js';
import { guidelineFile } from './read/artifacts.js';
import type { ArtifactFile } from './read/artifact-file.js';
import { readArtifacts, readWithSchemas, shippedArtifacts } from './read/read-artifacts.js';

export interface LoadOptions {
  /** Artifacts' folder; the shipped one by default. */
  readonly folder?: string;
  /** `LOCAL_KNOWLEDGE`: the hospital's own folder. */
  readonly overlay?: string;
  readonly checkExpression?: CheckExpression;
  /** `CANONICAL_BASE`: what all our canonicals and code systems begin with. */
  readonly canonicalBase?: string;
}

/** Reads, checks, overlays and freezes the artifacts; rejects with one `KnowledgeError` that lists every problem. */
export async function loadKnowledge(options: LoadOptions = {}): Promise<Knowledge> {
  const { folder = shippedArtifacts, overlay, checkExpression } = options;
  const read = await readWithSchemas(folder);
  const shippedBase = guidelineNames(read)?.canonicalBase ?? '';
  const { canonicalBase = shippedBase } = options;
  const based = (files: readonly ArtifactFile[]): readonly ArtifactFile[] =>
    files.map((file) =>
      // What the shipped base is stays known.
      file.path === guidelineFile
        ? file
        : { path: file.path, text: atBase(file.text, { canonicalBase, shippedBase }) },
    );
  const files = based(read);
  const checked = await checkedBefore(files);
  const result = buildKnowledge(files, {
    canonicalBase,
    ...(checked && { checked }),
    ...(overlay !== undefined && { overlay: based(await readOverlay(overlay)) }),
    ...(checkExpression && { checkExpression }),
  });
  if (!result.ok) throw new KnowledgeError(result.problems);
  // What was taken without a look at its expressions has not been checked.
  if (checked === undefined && checkExpression !== undefined) await keepChecked(files, result.checked);
  return result.knowledge;
}

/** The hospital's folder is named by an operator, and may not be there. */
async function readOverlay(folder: string): Promise<readonly ArtifactFile[]> {
  try {
    return await readArtifacts(folder);
  } catch {
    throw new KnowledgeError([
      {
        code: 'FILE_MISSING',
        file: 'LOCAL_KNOWLEDGE',
        line: 1,
        column: 1,
        path: '',
        expected: 'a folder that can be read',
        found: 'none',
      },
    ]);
  }
}
