import type { ArtifactKind, ArtifactValues, Artifact } from '../read/artifacts.js';
import { stemOf } from '../read/artifacts.js';
import type { Report } from '../problem.js';
import { show } from '../read/source.js';
import type { Path, Source } from '../read/artifact-file.js';
import type { Rule } from '../types.js';

/** Checks one FHIRPath expression over named variables; the caller brings the FHIRPath engine. */
export type CheckExpression = (
  expression: string,
  variables: ReadonlySet<string>,
  mode: 'condition' | 'path' | 'expression',
  resourceTypes?: readonly string[],
) => readonly { readonly message: string; readonly column?: number }[];

/** All artifacts that their schemas accept. */
export interface Artifacts {
  readonly services: readonly Artifact<ArtifactValues['service']>[];
  /** With the suggestions that they share. */
  readonly rules: readonly Artifact<Rule>[];
  readonly scores: readonly Artifact<ArtifactValues['score']>[];
  readonly inputs: readonly Artifact<ArtifactValues['inputs']>[];
  readonly settings: readonly Artifact<ArtifactValues['settings']>[];
  readonly overrideReasons: readonly Artifact<ArtifactValues['override-reasons']>[];
  readonly recommendations: readonly Artifact<ArtifactValues['recommendations']>[];
  readonly fragments: readonly Artifact<ArtifactValues['fragments']>[];
  readonly valueSets: readonly Artifact<ArtifactValues['value-set']>[];
  readonly codeLists: readonly Artifact<ArtifactValues['code-list']>[];
  readonly names: readonly Artifact<ArtifactValues['names']>[];
  readonly namesInLanguages: readonly Artifact<ArtifactValues['names-in-language']>[];
  readonly combinations: readonly Artifact<ArtifactValues['combinations']>[];
  readonly bodySites: readonly Artifact<ArtifactValues['body-sites']>[];
  readonly units: readonly Artifact<ArtifactValues['units']>[];
  readonly phrases: readonly Artifact<ArtifactValues['phrases']>[];
  readonly coverage: readonly Artifact<ArtifactValues['coverage']>[];
  readonly guideline: readonly Artifact<ArtifactValues['guideline']>[];
  readonly plan: readonly Artifact<ArtifactValues['plan']>[];
  readonly orders: readonly Artifact<ArtifactValues['orders']>[];
  readonly suggestions: readonly Artifact<ArtifactValues['suggestions']>[];
  readonly functionalPrognosis: readonly Artifact<ArtifactValues['functional-prognosis']>[];
  readonly topics: readonly Artifact<ArtifactValues['topics']>[];
  readonly languages: readonly Artifact<ArtifactValues['language']>[];
  readonly catalogues: readonly Artifact<ArtifactValues['catalogue']>[];
}

/** The values alone, of artifacts that were checked, and the names of their files. */
export type CheckedArtifacts = {
  readonly [Kind in keyof Artifacts]: readonly (Pick<Artifacts[Kind][number], 'value'> & {
    readonly source: { readonly file: string };
  })[];
};

export interface KindedSource {
  readonly kind: ArtifactKind | undefined;
  readonly source: Source;
}

/** The names that may be referred to. */
export type Names = Readonly<Record<ArtifactKind, ReadonlySet<string>>>;

const oneFileEach: readonly ArtifactKind[] = ['service', 'rule', 'score', 'value-set'];

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).filter((key) => key !== 'version');
}

function kindsOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && 'kinds' in value ? keysOf(value.kinds) : [];
}

/** Exact sites and regions. A site that stands for several (`oneOf`) is never the place of a lesion, so naming it would never match. */
function placesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((site: unknown) => {
    if (typeof site !== 'object' || site === null) return [];
    const region = 'region' in site && typeof site.region === 'string' ? [site.region] : [];
    return 'id' in site && typeof site.id === 'string' && !('oneOf' in site) ? [site.id, ...region] : region;
  });
}

/**
 * Names are taken from every file, also from one that its schema refuses: otherwise one mistake in a rule would be
 * reported again by each service that names it.
 */
export function namesOf(sources: readonly KindedSource[]): Names {
  const names = (kind: ArtifactKind): ReadonlySet<string> =>
    new Set(
      sources
        .filter((entry) => entry.kind === kind)
        .flatMap(({ source }) => {
          if (oneFileEach.includes(kind)) return [stemOf(source.file)];
          if (kind === 'plan') return kindsOf(source.value);
          return kind === 'body-sites' ? placesOf(source.value) : keysOf(source.value);
        }),
    );
  return {
    service: names('service'),
    rule: names('rule'),
    score: names('score'),
    inputs: names('inputs'),
    settings: names('settings'),
    'override-reasons': names('override-reasons'),
    recommendations: names('recommendations'),
    fragments: names('fragments'),
    'value-set': names('value-set'),
    'body-sites': names('body-sites'),
    'code-list': names('code-list'),
    names: names('names'),
    'names-in-language': names('names-in-language'),
    combinations: names('combinations'),
    units: names('units'),
    phrases: names('phrases'),
    coverage: names('coverage'),
    guideline: names('guideline'),
    'functional-prognosis': names('functional-prognosis'),
    plan: names('plan'),
    topics: names('topics'),
    language: names('language'),
    translations: names('translations'),
    catalogue: names('catalogue'),
    orders: names('orders'),
    suggestions: names('suggestions'),
  };
}

/** What every check is given. */
export interface CheckContext {
  readonly names: Names;
  /** Inputs and settings: what expressions and texts may speak of. */
  readonly variables: ReadonlySet<string>;
  readonly checkExpression: CheckExpression;
  readonly report: Report;
}

const called: Readonly<Record<ArtifactKind, string>> = {
  service: 'a service',
  rule: 'a rule',
  score: 'a score',
  inputs: 'an input',
  settings: 'a setting',
  'override-reasons': 'an override reason',
  recommendations: 'a recommendation',
  fragments: 'a fragment',
  'value-set': 'a value set',
  'body-sites': 'a body site or region',
  'code-list': 'a list of codes',
  names: 'names of a value set',
  'names-in-language': 'names of a value set',
  combinations: 'what codes say together',
  units: 'a unit',
  phrases: 'a phrase',
  coverage: 'a recommendation',
  guideline: 'a part of the guideline',
  'functional-prognosis': 'a criterion',
  plan: 'a kind of advice',
  topics: 'a topic',
  language: 'a language',
  translations: 'a translation',
  catalogue: 'words of a page',
  orders: 'an order',
  suggestions: 'a suggestion',
};

/** Reports a reference that leads nowhere. */
export function checkName(
  context: CheckContext,
  source: Source,
  path: Path,
  name: string | undefined,
  ...kinds: readonly ArtifactKind[]
): void {
  if (name === undefined || kinds.some((kind) => context.names[kind].has(name))) return;
  const expected = `the name of ${kinds.map((kind) => called[kind]).join(' or ')}`;
  context.report(source.problem('NAME_UNKNOWN', path, expected, show(name)));
}

/** The same for a list of references. */
export function checkNames(
  context: CheckContext,
  source: Source,
  path: Path,
  names: readonly string[] | undefined,
  ...kinds: readonly ArtifactKind[]
): void {
  names?.forEach((name, index) => {
    checkName(context, source, [...path, index], name, ...kinds);
  });
}

/** Reports what the FHIRPath check finds in an expression, at its column when it stands on one line. */
export function checkFhirpath(
  context: CheckContext,
  source: Source,
  path: Path,
  expression: string | undefined,
  mode: 'condition' | 'path' | 'expression',
  options: { readonly variables?: ReadonlySet<string>; readonly resourceTypes?: readonly string[] } = {},
): void {
  if (expression === undefined) return;
  const { variables = context.variables, resourceTypes } = options;
  for (const { message, column } of context.checkExpression(expression, variables, mode, resourceTypes)) {
    const offset = column === undefined ? 0 : Math.max(column - 1, 0);
    context.report(source.problem('EXPRESSION_INVALID', path, `a FHIRPath ${mode}`, message, offset));
  }
}
