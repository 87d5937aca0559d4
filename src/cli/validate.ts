import { newestEdition } from '../knowledge/guideline-names.js';
import { watch } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ruleExampleProblems, scoreExampleProblems } from '../engine/examples.js';
import { prepare, type Prepared } from '../engine/prepare.js';
import { checkExpression } from '../fhirpath/lint.js';
import { buildKnowledge, type BuildResult } from '../knowledge/build-knowledge.js';
import { missingWords } from '../knowledge/catalogues.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { formatProblem } from '../knowledge/problem.js';
import type { KnowledgeProblem } from '../knowledge/problem.js';
import { readArtifacts, readWithSchemas, shippedArtifacts } from '../knowledge/read/read-artifacts.js';
import { formatLock, lockFile, lockOf, readLock, unraisedVersions } from '../knowledge/check/version-lock.js';
import { catalogue } from '../publish/catalogue.js';
import { runAsProgram } from './program.js';
import { givenToTranslate, toTranslate, untranslatedLines } from './untranslated.js';
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
    ...missingWords(knowledge).map(
      ({ language, name, keys }) =>
        `warning: languages/${language}/${name}.yaml has no words yet, English is said: ${keys.join(', ')}`,
    ),
  ];
}

/**
 * Examples that do not hold, as `kind id, example: what is wrong`.
 * @param ids rules and scores whose examples are played; those of all when empty
 */
function exampleProblems(prepared: Prepared, ids: readonly string[]): readonly string[] {
  const { rules, scores } = prepared.knowledge;
  const asked = ({ id }: { readonly id: string }): boolean => ids.length === 0 || ids.includes(id);
  return [
    ...[...rules.values()]
      .filter(asked)
      .flatMap((rule) =>
        rule.examples.flatMap((example) =>
          ruleExampleProblems(prepared, rule, example).map(
            (wrong) => `rule ${rule.id}, «${example.name}»: ${wrong}`,
          ),
        ),
      ),
    ...[...scores.values()]
      .filter(asked)
      .flatMap((score) =>
        score.examples.flatMap((example) =>
          scoreExampleProblems(prepared, score, example).map(
            (wrong) => `score ${score.id}, «${example.name}»: ${wrong}`,
          ),
        ),
      ),
  ];
}

/**
 * `validate [id…] [--folder X] [--overlay Y] [--sample Z] [--write-lock] [--untranslated CODE [--out Z]]`: checks an artifacts folder, the shipped one by default.
 * The examples inside the artifacts are played, with ids those of these rules and scores alone (and no version is compared, while one is at work); with an overlay, those that come
 * out otherwise are told. Of the shipped folder the catalogue must be that of today. With a sample, a folder of a hospital's resources, it lists the codes and texts of them that no value set reads.
 * What a further language lacks is counted, and with `--untranslated` printed, or written to a folder, to be filled in.
 * The lock is written only when the folder is valid and no changed artifact kept its version.
 */
export async function validate(args: readonly string[]): Promise<ValidationReport> {
  const { values, positionals: ids } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      folder: { type: 'string', default: shippedArtifacts },
      overlay: { type: 'string' },
      sample: { type: 'string' },
      'write-lock': { type: 'boolean', default: false },
      untranslated: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const files = await readWithSchemas(values.folder);
  const result = buildKnowledge(files, {
    checkExpression,
    ...(values.overlay !== undefined && { overlay: await readArtifacts(values.overlay) }),
  });
  if (!result.ok) return failed(result.problems);
  if (values.untranslated !== undefined) return toBeTranslated(result, values.untranslated, values.out);
  const prepared = prepare(result.knowledge, newestEdition(result.knowledge.guideline));
  const unknown = ids.filter((id) => !prepared.knowledge.rules.has(id) && !prepared.knowledge.scores.has(id));
  if (unknown.length > 0)
    return { exitCode: 1, lines: unknown.map((id) => `there is no rule or score ${id}`) };
  const examples = exampleProblems(prepared, ids);
  if (examples.length > 0 && values.overlay === undefined)
    return { exitCode: 1, lines: [...examples, `${examples.length} examples do not hold`] };
  const unraised = ids.length > 0 ? [] : unraisedVersions(files, readLock(files) ?? {});
  if (unraised.length > 0) return failed(unraised);
  const stale = ids.length > 0 || values['write-lock'] ? [] : await staleCatalogue(values, result.knowledge);
  if (stale.length > 0) return { exitCode: 1, lines: stale };
  if (values['write-lock']) await writeFile(join(values.folder, lockFile), formatLock(lockOf(files)));
  // The examples are those of the shipped numbers: where an overlay makes them differ, that is what it is for.
  const changed = examples.map((example) => `changed by the overlay: ${example}`);
  const sample = values.sample === undefined ? [] : sampleLines(prepared, await readSample(values.sample));
  return {
    exitCode: 0,
    lines: [
      ...summary(result.knowledge),
      ...untranslatedLines(result.knowledge, result.untranslated),
      ...changed,
      ...sample,
    ],
  };
}

async function toBeTranslated(
  { knowledge, untranslated }: Extract<BuildResult, { readonly ok: true }>,
  language: string,
  out: string | undefined,
): Promise<ValidationReport> {
  if (!knowledge.languages.some(({ code }) => code === language))
    return { exitCode: 1, lines: [`there is no languages/${language}/language.yaml`] };
  return {
    exitCode: 0,
    lines: await givenToTranslate(toTranslate(knowledge, untranslated, language), language, out),
  };
}

const cataloguePage = 'docs/catalogue.md';

async function staleCatalogue(
  { folder, overlay }: { readonly folder: string; readonly overlay?: string | undefined },
  knowledge: Knowledge,
): Promise<readonly string[]> {
  if (folder !== shippedArtifacts || overlay !== undefined) return [];
  const written = await readFile(cataloguePage, 'utf8').catch(() => undefined);
  return written === undefined || written === catalogue(knowledge)
    ? []
    : [`${cataloguePage} is not that of these artifacts: npm run catalogue`];
}

/** Milliseconds in which an editor may write several files. */
const SETTLE_MS = 60;

/**
 * `validate … --watch`: validates, and again whenever a file changes, until the program is ended. What it finds goes to `tell`.
 * @returns ends the watching
 */
export async function watching(
  args: readonly string[],
  tell: (report: ValidationReport, ms: number) => void,
): Promise<() => void> {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { folder: { type: 'string', default: shippedArtifacts }, overlay: { type: 'string' } },
  });
  const once = async (): Promise<void> => {
    const began = performance.now();
    tell(await validate(args), performance.now() - began);
  };
  await once();
  let soon: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const folders = [values.folder, values.overlay].filter((each) => typeof each === 'string');
  const watchers = folders.map((folder) =>
    watch(folder, { recursive: true }, () => {
      clearTimeout(soon);
      soon = setTimeout(() => void (last = last.then(once)), SETTLE_MS);
    }),
  );
  return () => {
    clearTimeout(soon);
    for (const each of watchers) each.close();
  };
}

await runAsProgram(import.meta.url, async (args) => {
  const tell = ({ exitCode, lines }: ValidationReport): void => {
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = exitCode;
  };
  const rest = args.filter((arg) => arg !== '--watch');
  if (rest.length === args.length) tell(await validate(args));
  else
    await watching(rest, (report, ms) => {
      tell(report);
      process.stdout.write(
        `${new Date().toTimeString().slice(0, 8)}, ${Math.round(ms)} ms; waiting for changes\n`,
      );
    });
});
