import { fileURLToPath } from 'node:url';
import { buildKnowledge } from '../../src/knowledge/build-knowledge.js';
import type { BuildOptions, BuildResult } from '../../src/knowledge/build-knowledge.js';
import { checkExpression } from '../../src/fhirpath/lint.js';
import { formatProblem } from '../../src/knowledge/problem.js';
import { readArtifacts, readWithSchemas } from '../../src/knowledge/read/read-artifacts.js';
import type { ArtifactFile } from '../../src/knowledge/read/artifact-file.js';

export const soundFolder = fileURLToPath(new URL('./sound', import.meta.url));
export const brokenFolder = fileURLToPath(new URL('../../fixtures/broken', import.meta.url));

/** The small sound folder with some files replaced or added. */
async function soundFiles(...changed: readonly ArtifactFile[]): Promise<readonly ArtifactFile[]> {
  const sound = await readWithSchemas(soundFolder);
  const paths = new Set(changed.map(({ path }) => path));
  return [...sound.filter(({ path }) => !paths.has(path)), ...changed];
}

export async function buildSound(
  changed: readonly ArtifactFile[] = [],
  options: BuildOptions = {},
): Promise<BuildResult> {
  return buildKnowledge(await soundFiles(...changed), { checkExpression, ...options });
}

export function messages(result: BuildResult): readonly string[] {
  return result.ok ? [] : result.problems.map(formatProblem);
}

export { readArtifacts };
