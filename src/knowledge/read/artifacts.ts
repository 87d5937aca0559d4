import type { ValueSet } from 'fhir/r4.js';
import { schemaProblems } from './artifact-schemas.js';
import type { ArtifactSchemas } from './artifact-schemas.js';
import type { CodeList } from './code-list-table.js';
import type { Coverage, Fragment, Recommendation, Topic } from '../knowledge.js';
import type { WrittenInput } from './written-input.js';
import type { Report } from '../problem.js';
import type { PrognosisCriterion } from '../types.js';
import type { Source } from './artifact-file.js';
import type {
  BodySite,
  CdsServiceDefinition,
  Combination,
  Guideline,
  Orders,
  Plan,
  Score,
  Setting,
  SpokenLanguage,
  SuggestionTemplate,
  Text,
  WrittenReason,
  WrittenRule,
} from '../types.js';

/** Artifacts of one file, by the name that each has there. */
export type Named<Value> = Readonly<Record<string, Value>>;

/** Words for what a value set is about, by language. */
export interface SetNames {
  readonly en?: readonly string[];
  readonly fr?: readonly string[];
}

/** A file of a language: what an entry is called by → its texts, or its only text. An empty one is still to be translated. */
export type Translations = Named<string | Named<string>>;

/** What each kind of file holds once its schema has accepted it. */
export interface ArtifactValues {
  readonly service: CdsServiceDefinition;
  readonly rule: WrittenRule;
  readonly score: Score;
  readonly inputs: Named<WrittenInput>;
  readonly settings: Named<Setting>;
  readonly 'override-reasons': Named<WrittenReason>;
  readonly recommendations: Named<Omit<Recommendation, 'id'>>;
  readonly fragments: Named<Fragment>;
  readonly 'value-set': ValueSet;
  readonly 'code-list': CodeList;
  readonly 'body-sites': readonly BodySite[];
  /** Fixed words of cards: headings, units, names of prefetch keys. */
  readonly phrases: Named<Text>;
  readonly coverage: Named<Coverage>;
  readonly guideline: Guideline;
  readonly plan: Plan;
  readonly orders: Orders;
  /** Acts in one click that several rules offer. */
  readonly suggestions: Named<Omit<SuggestionTemplate, 'id'>>;
  readonly 'functional-prognosis': Named<PrognosisCriterion>;
  /** By the value set's id. */
  readonly names: Named<SetNames>;
  /** The same in a further language. */
  readonly 'names-in-language': Named<readonly string[]>;
  readonly combinations: { readonly version: string; readonly combinations: readonly Combination[] };
  readonly topics: Named<Topic>;
  readonly language: SpokenLanguage;
  readonly translations: Translations;
  /** Words of pages and reports: key → ICU pattern. */
  readonly catalogue: Named<string>;
  /** Spelling → UCUM code. */
  readonly units: Named<string>;
}

export type ArtifactKind = keyof ArtifactValues;

/** Where the guideline says what it is called, who publishes it and which artifact plays which part. */
export const guidelineFile = 'guideline.yaml';

/** Files of a language that translate artifacts (`artifacts/rules.yaml`, `artifacts/rules/imaging.yaml`), by name, and the kind of artifact. */
export const translatedKinds: Readonly<Partial<Record<string, ArtifactKind>>> = {
  rules: 'rule',
  scores: 'score',
  services: 'service',
  inputs: 'inputs',
  settings: 'settings',
  phrases: 'phrases',
  suggestions: 'suggestions',
  recommendations: 'recommendations',
  coverage: 'coverage',
  plan: 'plan',
  topics: 'topics',
  orders: 'orders',
  'override-reasons': 'override-reasons',
  'functional-prognosis': 'functional-prognosis',
  'body-sites': 'body-sites',
  'value-sets': 'value-set',
  guideline: 'guideline',
};

const places: readonly (readonly [RegExp, ArtifactKind])[] = [
  [/^services\/[^/]+\.yaml$/, 'service'],
  [/^rules\/.+\.yaml$/, 'rule'],
  [/^scores\/[^/]+\.yaml$/, 'score'],
  [/^inputs\/[^/]+\.yaml$/, 'inputs'],
  [/^settings\.yaml$/, 'settings'],
  [/^override-reasons\.yaml$/, 'override-reasons'],
  [/^recommendations\.yaml$/, 'recommendations'],
  [/^examples\/[^/]+\.yaml$/, 'fragments'],
  [/^value-sets\/[^/]+\.json$/, 'value-set'],
  [/^code-lists\/[^/]+\.tsv$/, 'code-list'],
  [/^body-sites\.yaml$/, 'body-sites'],
  [/^names\.yaml$/, 'names'],
  [/^languages\/[^/]+\/artifacts\/names\.yaml$/, 'names-in-language'],
  [/^combinations\.yaml$/, 'combinations'],
  [/^units\.yaml$/, 'units'],
  [/^phrases\.yaml$/, 'phrases'],
  [/^plan\.yaml$/, 'plan'],
  [/^orders\.yaml$/, 'orders'],
  [/^suggestions\.yaml$/, 'suggestions'],
  [/^coverage\/[^/]+\.yaml$/, 'coverage'],
  [/^functional-prognosis\.yaml$/, 'functional-prognosis'],
  [/^topics\.yaml$/, 'topics'],
  [/^languages\/[^/]+\/language\.yaml$/, 'language'],
  [/^guideline\.yaml$/, 'guideline'],
  [
    new RegExp(`^languages/[^/]+/artifacts/(${Object.keys(translatedKinds).join('|')})(/[^/]+)?\\.yaml$`),
    'translations',
  ],
  [/^languages\/[^/]+\/(?!language\.)[^/]+\.yaml$/, 'catalogue'],
];

/** Files that are not artifacts: documentation, schemas, the version lock, and what other modules read. */
const besides = /^(README\.md|versions\.lock\.json|schemas\/[^/]+\.json|code-lists\/sorting\.yaml)$/;

/** The kind of the artifact that stands at this path; `undefined` when none may stand there. */
export function kindOfPath(path: string): ArtifactKind | undefined {
  return places.find(([pattern]) => pattern.test(path))?.[1];
}

/** Whether a file of this path belongs to the folder without being an artifact. */
export function standsBeside(path: string): boolean {
  return besides.test(path);
}

/** An artifact that its schema accepts, with the file that it came from. */
export interface Artifact<Value> {
  readonly source: Source;
  readonly value: Value;
}

/** Checks one kind of file against its schema; the accepted ones go on, the problems of the others are reported. */
export function acceptArtifacts<Kind extends ArtifactKind>(
  kind: Kind,
  sources: readonly Source[],
  schemas: ArtifactSchemas,
  report: Report,
): readonly Artifact<ArtifactValues[Kind]>[] {
  return acceptAs<ArtifactValues[Kind]>(kind, sources, schemas, report);
}

/** The same for a schema that is named freely (the overlay's). */
export function acceptAs<Value>(
  schema: string,
  sources: readonly Source[],
  schemas: ArtifactSchemas,
  report: Report,
): readonly Artifact<Value>[] {
  if (sources.length === 0) return [];
  const validate = schemas<Value>(schema);
  if (!validate) throw new Error(`the schema ${schema}.schema.json is missing`);
  return sources.flatMap((source) => {
    source.problems.forEach(report);
    if (source.problems.length > 0) return [];
    const { value } = source;
    if (validate(value)) return [{ source, value }];
    schemaProblems(source, validate).forEach(report);
    return [];
  });
}

/** The file's name without folder and extension: what the artifact's id must be. */
export function stemOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.(yaml|json)$/, '');
}

/** The folder in which a file lies: a rule's topic, a language's code. */
export function folderOf(file: string): string {
  return file.split('/').at(-2) ?? '';
}

/** The entries of a file that maps names to artifacts, without its own version. */
export function entriesOf<Value>(
  artifact: Pick<Artifact<Named<Value>>, 'value'>,
): readonly (readonly [string, Value])[] {
  return Object.entries(artifact.value).filter(([name]) => name !== 'version');
}
