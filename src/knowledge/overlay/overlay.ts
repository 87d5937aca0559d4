import type { ValueSet } from 'fhir/r4.js';
import { answerValueSets } from './answer-value-sets.js';
import { acceptAs, entriesOf } from '../read/artifacts.js';
import type { Artifact, Named } from '../read/artifacts.js';
import type { ArtifactSchemas } from '../read/artifact-schemas.js';
import { outOfBounds } from '../check/artifacts.js';
import type { CheckedArtifacts } from '../check/context.js';
import { summaryProblems, textProblems } from '../check/text.js';
import type { Override } from '../knowledge.js';
import { localCodes, localValueSets, type LocalCode } from './value-sets.js';
import type { Report } from '../problem.js';
import { parseSource, show } from '../read/source.js';
import type { ArtifactFile } from '../read/artifact-file.js';
import { textIn } from '../../text.js';
import type { Language, LocalOrder, Rule, Setting, Text } from '../types.js';

type Wording = Readonly<Partial<Record<'title' | 'summary' | 'detail', Readonly<Record<Language, string>>>>>;

/** The artifacts as the hospital wants them, and what it changed. */
export interface LocalArtifacts {
  readonly rules: readonly Rule[];
  readonly settings: readonly (readonly [string, Setting])[];
  readonly valueSets: readonly ValueSet[];
  /** By value set. */
  readonly orders: readonly (readonly [string, LocalOrder])[];
  readonly overrides: readonly Override[];
}

const overlayFiles: readonly (readonly [RegExp, string])[] = [
  [/^settings\.yaml$/, 'overlay-settings'],
  [/^rules\.yaml$/, 'overlay-rules'],
  [/^texts\.yaml$/, 'overlay-texts'],
  [/^codes\.yaml$/, 'overlay-codes'],
  [/^orders\.yaml$/, 'overlay-orders'],
  [/^value-sets\/[^/]+\.json$/, 'value-set'],
];

function localSettings(
  files: readonly Artifact<
    Named<{ readonly value: number; readonly unit?: string; readonly reason: string }>
  >[],
  settings: Map<string, Setting>,
  report: Report,
): readonly Override[] {
  return files.flatMap((file) =>
    entriesOf(file).flatMap(([name, { value, unit, reason }]): Override[] => {
      const { source } = file;
      const ours = settings.get(name);
      if (!ours) {
        report(source.problemAtKey('NAME_UNKNOWN', [name], 'the name of a setting', name));
        return [];
      }
      if (unit !== undefined && unit !== ours.unit)
        report(
          source.problem(
            'SETTING_INVALID',
            [name, 'unit'],
            `the unit ${ours.unit ?? 'left out'}`,
            show(unit),
          ),
        );
      const expected = outOfBounds(value, ours);
      if (expected !== undefined)
        report(source.problem('SETTING_INVALID', [name, 'value'], expected, show(value)));
      settings.set(name, { ...ours, value });
      return [{ kind: 'setting', name, file: source.file, from: `${ours.value}`, to: `${value}`, reason }];
    }),
  );
}

/** The codes by which a hospital orders what a value set of ours is about. */
function localOrders(
  files: readonly Artifact<Named<LocalOrder & { readonly reason: string }>>[],
  orders: Map<string, LocalOrder>,
  valueSets: ReadonlyMap<string, ValueSet>,
  report: Report,
): readonly Override[] {
  return files.flatMap((file) =>
    entriesOf(file).flatMap(([id, { reason, ...order }]): Override[] => {
      if (!valueSets.has(id)) {
        report(file.source.problemAtKey('NAME_UNKNOWN', [id], 'the id of a value set', id));
        return [];
      }
      orders.set(id, order);
      const to = `${order.system}|${order.code}`;
      return [{ kind: 'order', name: id, file: file.source.file, from: 'our codes alone', to, reason }];
    }),
  );
}

function localStatus(
  files: readonly Artifact<Named<{ readonly status: 'retired'; readonly reason: string }>>[],
  rules: Map<string, Rule>,
  report: Report,
): readonly Override[] {
  return files.flatMap((file) =>
    entriesOf(file).flatMap(([id, { status, reason }]): Override[] => {
      const rule = rules.get(id);
      if (!rule) {
        report(file.source.problemAtKey('NAME_UNKNOWN', [id], 'the id of a rule', id));
        return [];
      }
      rules.set(id, { ...rule, status });
      return [{ kind: 'rule', name: id, file: file.source.file, from: rule.status, to: status, reason }];
    }),
  );
}

function textOf(rule: Rule, part: keyof Wording): Text | undefined {
  return part === 'title' ? rule.title : rule.card[part];
}

function withText(rule: Rule, part: keyof Wording, text: Text): Rule {
  return part === 'title' ? { ...rule, title: text } : { ...rule, card: { ...rule.card, [part]: text } };
}

function localTexts(
  files: readonly Artifact<Named<Wording>>[],
  rules: Map<string, Rule>,
  {
    variables,
    languages,
  }: { readonly variables: ReadonlySet<string>; readonly languages: readonly Language[] },
  report: Report,
): readonly Override[] {
  const overrides: Override[] = [];
  const parts = ['title', 'summary', 'detail'] as const;
  for (const file of files) {
    const { source } = file;
    for (const [id, wording] of entriesOf(file)) {
      const rule = rules.get(id);
      if (!rule) report(source.problemAtKey('NAME_UNKNOWN', [id], 'the id of a rule', id));
      for (const part of rule ? parts : []) {
        const changed = wording[part];
        const current = rules.get(id);
        if (!changed || !current) continue;
        const ours = textOf(current, part);
        if (!ours) {
          report(source.problemAtKey('OVERLAY_INVALID', [id, part], 'a text that the rule has', part));
          continue;
        }
        for (const language of Object.keys(changed).filter((each) => !languages.includes(each)))
          report(
            source.problemAtKey(
              'NAME_UNKNOWN',
              [id, part, language],
              `one of ${languages.join(', ')}`,
              language,
            ),
          );
        const text = { ...ours, ...changed };
        textProblems(source, [id, part], text, variables).forEach(report);
        if (part === 'summary') summaryProblems(source, [id, part], text).forEach(report);
        rules.set(id, withText(current, part, text));
        for (const [language, to] of Object.entries(changed))
          overrides.push({
            kind: 'text',
            name: `${id}.${part}.${language}`,
            file: source.file,
            from: textIn(ours, language),
            to,
          });
      }
    }
  }
  return overrides;
}

interface OverlayOptions {
  readonly schemas: ArtifactSchemas;
  /** The base that our canonicals begin with. */
  readonly canonicalBase: string;
  readonly report: Report;
}

/**
 * Applies a hospital's folder: its numbers within our bounds, its codes, its wording, rules switched off.
 * Logic cannot be changed: any other file is refused.
 */
export function applyOverlay(
  artifacts: CheckedArtifacts,
  overlay: readonly ArtifactFile[],
  { schemas, canonicalBase, report }: OverlayOptions,
): LocalArtifacts {
  const sources = overlay
    .filter(({ path }) => path !== 'README.md')
    .map((file) => ({
      schema: overlayFiles.find(([pattern]) => pattern.test(file.path))?.[1],
      source: parseSource(file),
    }));
  for (const { schema, source } of sources) {
    if (schema === undefined)
      report(
        source.problem(
          'OVERLAY_INVALID',
          [],
          'settings.yaml, codes.yaml, orders.yaml, rules.yaml, texts.yaml or value-sets/*.json: an overlay never holds logic',
          source.file,
        ),
      );
  }
  const accept = <Value>(schema: string): readonly Artifact<Value>[] =>
    acceptAs<Value>(
      schema,
      sources.filter((entry) => entry.schema === schema).map(({ source }) => source),
      schemas,
      report,
    );
  const rules = new Map(artifacts.rules.map(({ value }) => [value.id, value]));
  const settings = new Map(artifacts.settings.flatMap(entriesOf));
  const valueSets = new Map(artifacts.valueSets.map(({ value }) => [value.id ?? '', value]));
  const variables = new Set([
    ...settings.keys(),
    ...artifacts.inputs.flatMap(entriesOf).map(([name]) => name),
  ]);
  const spoken = artifacts.languages.map(({ value }) => value);
  const answers = answerValueSets(
    artifacts.scores.map(({ value }) => value),
    spoken,
    canonicalBase,
  );
  const orders = new Map<string, LocalOrder>();
  const overrides = [
    ...localSettings(accept('overlay-settings'), settings, report),
    ...localValueSets(accept('value-set'), valueSets, report),
    // After those that replace ours: the codes are added to what then holds.
    ...localCodes(accept<Named<readonly LocalCode[]>>('overlay-codes'), valueSets, answers, report),
    ...localOrders(accept('overlay-orders'), orders, valueSets, report),
    ...localStatus(accept('overlay-rules'), rules, report),
    ...localTexts(
      accept('overlay-texts'),
      rules,
      { variables, languages: spoken.map(({ code }) => code) },
      report,
    ),
  ];
  return {
    rules: [...rules.values()],
    settings: [...settings],
    valueSets: [...valueSets.values()],
    orders: [...orders],
    overrides: Object.freeze(overrides.map((override) => Object.freeze(override))),
  };
}
