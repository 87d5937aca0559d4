import { newestEdition, shippedGuideline } from '../knowledge/guideline-names.js';
import { parseArgs } from 'node:util';
import { playRule, type Played } from '../engine/examples.js';
import type { Prepared } from '../engine/prepare.js';
import type { Language, Rule } from '../knowledge/types.js';
import { loadPrepared } from '../start.js';
import { wordsIn } from '../cards/detail.js';
import { loadMoments, type Moment, type Moments } from './moments.js';
import { runAsProgram } from './program.js';
import { defaultLanguage, textIn } from '../text.js';

/**
 * `read-cards [--overlay X] [--edition 2022] [--all] [rule …]`: the cards of the rules, in both languages, as Markdown
 * for a clinician to read and question. Each rule shows its first example that fires and its first unknown one that
 * still shows a card, with `--all` every example. Without names, all rules in the order of their ids. With `--screens`, all cards that
 * one sees together instead: each demo patient at the moments of `fixtures/moments.json`.
 */
export async function readCards(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      overlay: { type: 'string' },
      edition: { type: 'string', default: newestEdition(shippedGuideline()) },
      all: { type: 'boolean', default: false },
      screens: { type: 'boolean', default: false },
    },
  });
  const { edition } = values;
  if (!shippedGuideline().editions.includes(edition)) throw new RangeError(`no such edition: ${edition}`);
  const prepared = await loadPrepared({ localKnowledge: values.overlay, guidelineEdition: edition });
  if (values.screens) return screens(prepared);
  const { rules } = prepared.knowledge;
  const unknown = positionals.filter((id) => !rules.has(id));
  if (unknown.length > 0) throw new RangeError(`no such rule: ${unknown.join(', ')}`);
  const chosen = positionals.length === 0 ? [...rules.keys()].sort() : positionals;
  return chosen.flatMap((id) => ofRule(prepared, rules.get(id), values.all)).join('\n\n');
}

/** Every moment of the demo patients, as the page `docs/cards.md` has it. */
function screens(prepared: Prepared): string {
  const moments = loadMoments();
  const texts = moments.moments.flatMap((moment) =>
    prepared.knowledge.languages.map(({ code }) => screenOf(moment, moments, prepared, code)),
  );
  const shown = moments.moments.flatMap((moment) => moments.answer(moment, prepared, 'en').cards);
  const acting = shown.filter(({ card }) => (card.suggestions?.length ?? 0) + (card.links?.length ?? 0) > 0);
  return [
    '# The cards, screen by screen',
    `Made by \`npm run --silent cards -- --screens > docs/cards.md\`; do not edit. What is shown at once to who opens a chart, signs an order, records a problem or books an appointment for the demo patients of the sandbox: ${String(moments.moments.length)} moments, both languages. ${String(acting.length)} of ${String(shown.length)} cards offer an act or open a form; the others state a date, or their rule says why there is nothing to do in one click. Below each card: the words of its text.`,
    ...texts,
  ].join('\n\n');
}

function screenOf(moment: Moment, moments: Moments, prepared: Prepared, language: Language): string {
  const story = moments.stories.find(({ patient }) => patient === moment.patient);
  const service = prepared.knowledge.services.get(moment.service);
  const drafted = moments.drafted(moment, language);
  const { cards } = moments.answer(moment, prepared, language);
  const count = cards.reduce((sum, { card }) => sum + wordsIn(card.detail ?? ''), 0);
  const about = [textIn(service?.title, language) ?? moment.service, ...drafted].join(' — ');
  return [
    `## ${moment.patient}: ${about} (${language}, ${String(cards.length)} cards, ${String(count)} words)`,
    ...(story === undefined ? [] : [`> ${textIn({ en: story.en, fr: story.fr }, language)}`]),
    ...cards.map(({ card }) => `${textOf(card, false)}\n\n<sub>${String(wordsIn(card.detail ?? ''))}</sub>`),
  ].join('\n\n');
}

function ofRule(prepared: Prepared, rule: Rule | undefined, all: boolean): readonly string[] {
  if (rule === undefined) return [];
  const shown = rule.examples
    .map((example) => ({ example, cardsIn: playRule(prepared, rule, example).cardsIn }))
    .filter(({ cardsIn }) => cardsIn(defaultLanguage).length > 0);
  const kinds = new Set(shown.map(({ example }) => example.outcome));
  const chosen = all
    ? shown
    : [...kinds].flatMap((kind) => shown.find(({ example }) => example.outcome === kind) ?? []);
  return [
    `## ${rule.id} (${rule.recommendations.join(', ')})`,
    ...chosen.flatMap(({ example, cardsIn }) =>
      prepared.knowledge.languages.flatMap(({ code }) =>
        cardsIn(code).map(({ card }) => `### ${example.name} (${code})\n\n${textOf(card, true)}`),
      ),
    ),
  ];
}

type Card = Played['cards']['en'][number]['card'];

function textOf(
  { indicator, summary, detail, suggestions, links, overrideReasons }: Card,
  withReasons: boolean,
): string {
  const reasons = withReasons ? (overrideReasons ?? []).map(({ display }) => display).join(' / ') : '';
  return [
    `**[${indicator}] ${summary}**`,
    ...(detail === undefined ? [] : [detail]),
    ...(suggestions ?? []).map(
      ({ label, actions }) =>
        `- [ ] ${label}${(actions ?? []).map(({ type, description }) => `\n  - ${type}: ${description}`).join('')}`,
    ),
    ...(links ?? []).map(({ label }) => `- → ${label}`),
    ...(reasons === '' ? [] : [`Override: ${reasons}`]),
  ].join('\n\n');
}

await runAsProgram(import.meta.url, async (args) => {
  process.stdout.write(`${await readCards(args)}\n`);
});
