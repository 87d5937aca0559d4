import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ruleExampleProblems, scoreExampleProblems } from '../engine/examples.js';
import { prepare, type Prepared } from '../engine/prepare.js';
import { checkExpression } from '../fhirpath/lint.js';
import { buildKnowledge } from '../knowledge/build-knowledge.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { formatProblem } from '../knowledge/problem.js';
import type { KnowledgeProblem } from '../knowledge/problem.js';
import { readArtifacts, readWithSchemas, shippedArtifacts } from '../knowledge/read-artifacts.js';
import { formatLock, lockFile, lockOf, readLock, unraisedVersions } from '../knowledge/version-lock.js';
import { runAsProgram } from './program.js';
import { readSample, sampleLines } from './sample.js';

export interface ValidationReport {
  readonly exitCode: 0 | 1;
  readonly lines: readonly string[];
}

function failed(problems: readonly KnowledgeProblem[]): ValidationReport {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return { exitCode: 1, lines: [...problems.map(formatProblem), count] };
}

function summary(knowledge: Knowledge): readonly string[] {
  const { rules, scores, inputs, services, valueSets, overrides } = knowledge;
  const active = [...rules.values()].filter(({ status }) => status === 'active').length;
  return [
    `valid: ${services.size} services, ${rules.size} rules (${active} active), ${scores.size} scores, ` +
      `${inputs.size} inputs, ${valueSets.size} value sets, ${overrides.length} overrides`,
    ...overrides.map(({ kind, name, from, to }) => `override: ${kind} ${name}: ${from} → ${to}`),
  ];
}

/** Examples that do not hold, as `kind id, example: what is wrong`. */
function exampleProblems(prepared: Prepared): readonly string[] {
  const { rules, scores } = prepared.knowledge;
  return [
    ...[...rules.values()].flatMap((rule) =>
      rule.examples.flatMap((example) =>
        ruleExampleProblems(prepared, rule, example).map(
          (wrong) => `rule ${rule.id}, «${example.name}»: ${wrong}`,
        ),
      ),
    ),
    ...[...scores.values()].flatMap((score) =>
      score.examples.flatMap((example) =>
        scoreExampleProblems(prepared, score, example).map(
          (wrong) => `score ${score.id}, «${example.name}»: ${wrong}`,
        ),
      ),
    ),
  ];
}

/**
 * `validate [--folder X] [--overlay Y] [--sample Z] [--write-lock]`: checks an artifacts folder, the shipped one by default.
 * The examples inside the artifacts are played; with an overlay, those that come out otherwise are told.
 * With a sample, a folder of a hospital's resources, it lists the codes and texts of them that no value set reads.
 * The lock is written only when the folder is valid and no changed artifact kept its version.
 */
export async function validate(args: readonly string[]): Promise<ValidationReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      folder: { type: 'string', default: shippedArtifacts },
      overlay: { type: 'string' },
      sample: { type: 'string' },
      'write-lock': { type: 'boolean', default: false },
    },
  });
  const files = await readWithSchemas(values.folder);
  const result = buildKnowledge(files, {
    checkExpression,
    ...(values.overlay !== undefined && { overlay: await readArtifacts(values.overlay) }),
  });
  if (!result.ok) return failed(result.problems);
  const prepared = prepare(result.knowledge, '2024');
  const examples = exampleProblems(prepared);
  if (examples.length > 0 && values.overlay === undefined)
    return { exitCode: 1, lines: [...examples, `${examples.length} examples do not hold`] };
  const unraised = unraisedVersions(files, readLock(files) ?? {});
  if (unraised.length > 0) return failed(unraised);
  if (values['write-lock']) await writeFile(join(values.folder, lockFile), formatLock(lockOf(files)));
  // The examples are those of the shipped numbers: where an overlay makes them differ, that is what it is for.
  const changed = examples.map((example) => `changed by the overlay: ${example}`);
  const sample = values.sample === undefined ? [] : sampleLines(prepared, await readSample(values.sample));
  return { exitCode: 0, lines: [...summary(result.knowledge), ...changed, ...sample] };
}

await runAsProgram(import.meta.url, async (args) => {
  const { exitCode, lines } = await validate(args);
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = exitCode;
});
