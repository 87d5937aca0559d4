import type { Coverage, Knowledge, NamedInput, Recommendation } from '../knowledge/knowledge.js';
import { sectionIn } from '../knowledge/source-values.js';
import type { Rule } from '../knowledge/types.js';
import { needsOfRule } from './rule-needs.js';

/**
 * The catalogue of the knowledge as Markdown: every recommendation with what became of it, and every rule with its
 * words in both languages, its hooks and the data that it needs. The same knowledge gives the same text.
 */
export function catalogue(knowledge: Knowledge): string {
  const { recommendations, rules, overrides, guideline } = knowledge;
  const all = [...recommendations.values()];
  const lines = [
    '# Catalogue',
    '',
    'Made from `cds-services/` by `npm run catalogue`; not edited by hand.',
    '',
    `${guideline.title.en} (${guideline.title.fr}). Editions: ${guideline.editions.join(', ')}.`,
    '',
    `${all.length} recommendations, ${rules.size} rules.`,
    '',
    '## Recommendations',
    '',
    '| Id | Recommendation | Recommandation | Section | Edition | What became of it | Services (hooks) |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...all.map((each) => recommendationRow(knowledge, each)),
    '',
    '## Rules',
    ...[...rules.values()].flatMap((rule) => ruleSection(knowledge, rule)),
    ...(overrides.length === 0 ? [] : localChanges(knowledge)),
  ];
  return `${lines.join('\n')}\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(inLine).join(' | ')} |`;
}

/** Text that a table cell or list entry can hold. */
function inLine(text: string): string {
  return text.replace(/(?<!\s)\s*\n\s*/g, ' ').replace(/\|/g, '\\|');
}

function recommendationRow(knowledge: Knowledge, { id, title, section, edition }: Recommendation): string {
  const coverage = knowledge.coverage.get(id);
  const rule = ruleOf(coverage);
  return row([
    id,
    title.en,
    title.fr,
    sectionIn(section, 'en'),
    edition,
    became(coverage),
    rule === undefined ? '' : hooksOf(knowledge, rule).join(', '),
  ]);
}

function ruleOf(coverage: Coverage | undefined): string | undefined {
  if (coverage === undefined || 'none' in coverage) return undefined;
  return 'rule' in coverage ? coverage.rule : coverage.within;
}

function became(coverage: Coverage | undefined): string {
  if (coverage === undefined) return 'not decided yet';
  if ('none' in coverage) return `no alert: ${coverage.none.en}`;
  if ('rule' in coverage) return ruleLink(coverage.rule);
  return `${coverage.how} in ${ruleLink(coverage.within)}`;
}

function ruleLink(id: string): string {
  return `[${id}](#${id})`;
}

/** Inputs that are made of others, which are named in their place. */
const derived: ReadonlySet<NamedInput['kind']> = new Set(['expression', 'elapsed', 'undecided']);

function hooksOf({ services }: Knowledge, rule: string): readonly string[] {
  return [...services.values()]
    .filter(({ rules }) => rules.includes(rule))
    .map(({ id, hooks }) => `${id} (${hooks.join(', ')})`);
}

function ruleSection(knowledge: Knowledge, rule: Rule): readonly string[] {
  const { id, version, status, title, recommendations, section, edition, basis, card, unknown } = rule;
  const needs = needsOfRule(knowledge, rule);
  const settings = needs.settings.flatMap((name) => {
    const setting = knowledge.settings.get(name);
    return setting === undefined ? [] : [`${setting.text.en}: ${setting.value}${unitOf(setting.unit)}`];
  });
  const data = needs.inputs.filter(({ kind }) => !derived.has(kind)).map(dataName);
  const entries: readonly (readonly [string, string])[] = [
    ['English', title.en],
    ['Français', title.fr],
    ['Carries out', recommendations.join(', ')],
    [
      'Source',
      `${typeof section === 'string' ? `section ${section}` : section.en}, edition ${edition}, ${basis}`,
    ],
    ['Version', `${version}, ${status}`],
    ['Services (hooks)', hooksOf(knowledge, id).join('; ')],
    ['Shown as', card.indicator],
    ['Card', card.summary.en],
    ['Carte', card.summary.fr],
    ['Card when unknown', unknown?.summary.en ?? ''],
    ['Carte si inconnu', unknown?.summary.fr ?? ''],
    ['Data', data.join('; ')],
    ['Settings', settings.join('; ')],
  ];
  return [
    '',
    `### ${id}`,
    '',
    ...entries.filter(([, text]) => text !== '').map(([name, text]) => `- ${name}: ${inLine(text)}`),
  ];
}

function unitOf(unit: string | undefined): string {
  return unit === undefined ? '' : ` ${unit}`;
}

function dataName(input: NamedInput): string {
  if (input.kind !== 'selected') return input.title.en;
  const types = [...new Set(input.select.map(({ type }) => type))];
  return `${input.title.en} (${types.join(', ')})`;
}

function localChanges({ overrides }: Knowledge): readonly string[] {
  return [
    '',
    '## Local changes',
    '',
    '| What | Name | From | To | Reason |',
    '| --- | --- | --- | --- | --- |',
    ...overrides.map(({ kind, name, from, to, reason = '' }) => row([kind, name, from, to, reason])),
  ];
}
