import { parseArgs } from 'node:util';
import { playRule, type Played } from '../engine/examples.js';
import type { Prepared } from '../engine/prepare.js';
import { languages, type Rule } from '../knowledge/types.js';
import { loadPrepared } from '../start.js';
import { runAsProgram } from './program.js';

/**
 * `read-cards [--overlay X] [--edition 2022] [--all] [rule …]`: the cards of the rules, in both languages, as Markdown
 * for a clinician to read and question. Each rule shows its first example that fires and its first unknown one that
 * still shows a card, with `--all` every example. Without names, all rules in the order of their ids.
 */
export async function readCards(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      overlay: { type: 'string' },
      edition: { type: 'string', default: '2024' },
      all: { type: 'boolean', default: false },
    },
  });
  const { edition } = values;
  if (edition !== '2022' && edition !== '2024') throw new RangeError(`no such edition: ${edition}`);
  const prepared = await loadPrepared({ localKnowledge: values.overlay, guidelineEdition: edition });
  const { rules } = prepared.knowledge;
  const unknown = positionals.filter((id) => !rules.has(id));
  if (unknown.length > 0) throw new RangeError(`no such rule: ${unknown.join(', ')}`);
  const chosen = positionals.length === 0 ? [...rules.keys()].sort() : positionals;
  return chosen.flatMap((id) => ofRule(prepared, rules.get(id), values.all)).join('\n\n');
}

function ofRule(prepared: Prepared, rule: Rule | undefined, all: boolean): readonly string[] {
  if (rule === undefined) return [];
  const shown = rule.examples
    .map((example) => ({ example, cards: playRule(prepared, rule, example).cards }))
    .filter(({ cards }) => cards.en.length > 0);
  const kinds = new Set(shown.map(({ example }) => example.outcome));
  const chosen = all
    ? shown
    : [...kinds].flatMap((kind) => shown.find(({ example }) => example.outcome === kind) ?? []);
  return [
    `## ${rule.id} (${rule.recommendations.join(', ')})`,
    ...chosen.flatMap(({ example, cards }) =>
      languages.flatMap((language) =>
        cards[language].map(({ card }) => `### ${example.name} (${language})\n\n${textOf(card)}`),
      ),
    ),
  ];
}

type Card = Played['cards']['en'][number]['card'];

function textOf({ indicator, summary, detail, suggestions, overrideReasons }: Card): string {
  const reasons = (overrideReasons ?? []).map(({ display }) => display).join(' / ');
  return [
    `**[${indicator}] ${summary}**`,
    ...(detail === undefined ? [] : [detail]),
    ...(suggestions ?? []).map(
      ({ label, actions }) =>
        `- [ ] ${label}${(actions ?? []).map(({ type, description }) => `\n  - ${type}: ${description}`).join('')}`,
    ),
    ...(reasons === '' ? [] : [`Override: ${reasons}`]),
  ].join('\n\n');
}

await runAsProgram(import.meta.url, async (args) => {
  process.stdout.write(`${await readCards(args)}\n`);
});
