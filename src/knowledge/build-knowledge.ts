import { compileSchemas } from './read/artifact-schemas.js';
import type { ArtifactSchemas } from './read/artifact-schemas.js';
import { acceptArtifacts, entriesOf, kindOfPath, standsBeside, folderOf } from './read/artifacts.js';
import type { Artifact, ArtifactKind, ArtifactValues } from './read/artifacts.js';
import { checkArtifacts } from './check/artifacts.js';
import { withCodeLists } from './read/code-lists.js';
import { cataloguesOf } from './catalogues.js';
import type { Artifacts, CheckedArtifacts, CheckExpression } from './check/context.js';
import { frozenMap } from './freeze.js';
import type { Fragment, Knowledge } from './knowledge.js';
import { languagesOf } from './languages.js';
import { applyOverlay } from './overlay/overlay.js';
import { compareProblems } from './problem.js';
import type { KnowledgeProblem, Report } from './problem.js';
import { parseSource } from './read/source.js';
import type { ArtifactFile } from './read/artifact-file.js';
import { withSharedSuggestions } from './read/shared-suggestions.js';
import { graphOf } from './reads.js';
import type { Plan } from './types.js';
import { translator, type UntranslatedText } from './read/translations.js';
import { toInput } from './read/written-input.js';

/** A folder without a plan (in tests of the loader) withholds nothing. */
const emptyPlan: Plan = {
  version: '0.0.0',
  kinds: {},
  precedence: [],
  places: {},
  exclusions: {},
  brakes: {},
  opening: { hooks: [], advice: '', completeWhen: 'false' },
};

export interface BuildOptions {
  /** Checks FHIRPath; without it expressions are taken as they are. */
  readonly checkExpression?: CheckExpression;
  /** The files of a hospital's `LOCAL_KNOWLEDGE` folder. */
  readonly overlay?: readonly ArtifactFile[];
  /** What the same files gave when they were checked before: they are neither parsed nor checked again. */
  readonly checked?: CheckedArtifacts;
  /** The base that the files' canonicals begin with; the shipped one when absent. */
  readonly canonicalBase?: string;
}

export type BuildResult =
  | {
      readonly ok: true;
      readonly knowledge: Knowledge;
      readonly checked: CheckedArtifacts;
      /** What further languages lack; it is not looked for in what was checked before. */
      readonly untranslated: readonly UntranslatedText[];
    }
  | { readonly ok: false; readonly problems: readonly KnowledgeProblem[] };

/**
 * Makes the knowledge from files, or lists every problem of every file at once. Pure: reads nothing but its arguments.
 * @param files the artifacts' folder, with `schemas/`
 */
export function buildKnowledge(files: readonly ArtifactFile[], options: BuildOptions = {}): BuildResult {
  const problems: KnowledgeProblem[] = [];
  const report: Report = (problem) => void problems.push(problem);
  const schemas = compileSchemas(files);
  const untranslated: UntranslatedText[] = [];
  const reports = { report, lacks: (text: UntranslatedText): void => void untranslated.push(text) };
  const checked = options.checked ?? checkFiles(files, schemas, options.checkExpression, reports);
  const lists = checked.codeLists.map(({ value }) => value);
  const artifacts = { ...checked, valueSets: withCodeLists(checked.valueSets, lists) };
  const [guideline] = artifacts.guideline;
  const shippedBase = guideline?.value.canonicalBase ?? '';
  const canonicalBase = options.canonicalBase ?? shippedBase;
  const local = applyOverlay(artifacts, options.overlay ?? [], { schemas, canonicalBase, report });
  if (guideline === undefined || problems.length > 0)
    return { ok: false, problems: problems.sort(compareProblems) };

  const byId = <Value extends { readonly id?: string | undefined }>(
    values: readonly Value[],
  ): ReadonlyMap<string, Value> => frozenMap(values.map((value) => [value.id ?? '', value]));
  const scores = byId(artifacts.scores.map(({ value }) => value));
  const settings = frozenMap(local.settings);
  const inputs = frozenMap(
    artifacts.inputs.flatMap(entriesOf).map(([name, written]) => [name, toInput(name, written)]),
  );
  return {
    ok: true,
    checked,
    untranslated,
    knowledge: Object.freeze({
      guideline: guideline.value,
      canonicalBase,
      shippedBase,
      services: byId(artifacts.services.map(({ value }) => value)),
      rules: byId(local.rules),
      scores,
      inputs,
      graph: graphOf({ inputs, scores, settings }),
      settings,
      valueSets: byId(local.valueSets),
      shippedValueSets: byId(artifacts.valueSets.map(({ value }) => value)),
      names: frozenMap(
        joinedNames([
          ...artifacts.names
            .flatMap(entriesOf)
            .map(([id, { en = [], fr = [] }]) => [id, [...en, ...fr]] as const),
          ...artifacts.namesInLanguages.flatMap(entriesOf),
        ]),
      ),
      combinations: artifacts.combinations.flatMap(({ value }) => value.combinations),
      bodySites: byId(artifacts.bodySites.flatMap(({ value }) => value)),
      unitSpellings: frozenMap(artifacts.units.flatMap(entriesOf)),
      coverage: frozenMap(artifacts.coverage.flatMap(entriesOf)),
      orders: artifacts.orders[0]?.value ?? { categories: {}, orders: {} },
      localOrders: frozenMap(local.orders),
      plan: artifacts.plan[0]?.value ?? emptyPlan,
      functionalPrognosis: frozenMap(artifacts.functionalPrognosis.flatMap(entriesOf)),
      phrases: frozenMap(artifacts.phrases.flatMap(entriesOf)),
      overrideReasons: frozenMap(
        artifacts.overrideReasons.flatMap(entriesOf).map(([code, written]) => {
          const { reach = 'user', everywhere = false, nonAdherence = [], ...display } = written;
          return [code, { code, display, reach, everywhere, nonAdherence }];
        }),
      ),
      fragments: frozenMap<Fragment>(artifacts.fragments.flatMap(entriesOf)),
      recommendations: byId(
        artifacts.recommendations.flatMap(entriesOf).map(([id, content]) => ({ id, ...content })),
      ),
      languages: languagesOf(artifacts.languages.map(({ value }) => value)),
      topics: frozenMap(artifacts.topics.flatMap(entriesOf)),
      topicOfRule: frozenMap(artifacts.rules.map(({ source, value }) => [value.id, folderOf(source.file)])),
      catalogues: cataloguesOf(artifacts.catalogues),
      overrides: local.overrides,
    }),
  };
}

/** The words of each value set in all languages. */
function joinedNames(
  given: readonly (readonly [string, readonly string[]])[],
): readonly (readonly [string, readonly string[]])[] {
  const joined = new Map<string, readonly string[]>();
  for (const [id, words] of given) joined.set(id, [...(joined.get(id) ?? []), ...words]);
  return [...joined];
}

/** The artifacts of all files, each checked by its schema and against the others. */
function checkFiles(
  files: readonly ArtifactFile[],
  schemas: ArtifactSchemas,
  checkExpression: CheckExpression | undefined,
  { report, lacks }: { readonly report: Report; readonly lacks: (text: UntranslatedText) => void },
): Artifacts {
  const sources = files
    .filter(({ path }) => !standsBeside(path))
    .map((file) => ({ kind: kindOfPath(file.path), source: parseSource(file) }));
  for (const { kind, source } of sources) {
    if (kind === undefined)
      report(source.problem('FILE_UNKNOWN', [], 'a file of the layout in README.md', source.file));
  }
  let refused = 0;
  const written = <Kind extends ArtifactKind>(kind: Kind): readonly Artifact<ArtifactValues[Kind]>[] => {
    const ofKind = sources.filter((entry) => entry.kind === kind).map(({ source }) => source);
    const accepted = acceptArtifacts(kind, ofKind, schemas, report);
    refused += ofKind.length - accepted.length;
    return accepted;
  };
  const languages = written('language');
  const spoken = languages.map(({ value }) => value.code);
  const { translate, reportUnused } = translator(written('translations'), spoken, { report, lacks });
  const accept = <Kind extends ArtifactKind>(kind: Kind): readonly Artifact<ArtifactValues[Kind]>[] =>
    translate(kind, written(kind));
  const suggestions = accept('suggestions');
  const artifacts: Artifacts = {
    services: accept('service'),
    suggestions,
    rules: withSharedSuggestions(accept('rule'), suggestions, report),
    scores: accept('score'),
    inputs: accept('inputs'),
    settings: accept('settings'),
    overrideReasons: accept('override-reasons'),
    recommendations: accept('recommendations'),
    fragments: accept('fragments'),
    valueSets: accept('value-set'),
    bodySites: accept('body-sites'),
    codeLists: accept('code-list'),
    names: accept('names'),
    namesInLanguages: accept('names-in-language'),
    combinations: accept('combinations'),
    units: accept('units'),
    phrases: accept('phrases'),
    coverage: accept('coverage'),
    guideline: accept('guideline'),
    functionalPrognosis: accept('functional-prognosis'),
    plan: accept('plan'),
    topics: accept('topics'),
    languages,
    catalogues: accept('catalogue'),
    orders: accept('orders'),
  };
  checkArtifacts(artifacts, sources, checkExpression, report);
  // What a refused file holds is not known, and would be missed once more.
  if (refused === 0) reportUnused();
  return artifacts;
}
