import type { Fact } from '../chart/chart.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Input, Score, ScoreItem } from '../knowledge/types.js';
import { lookedAt, type Outcome } from '../rules/evaluate.js';
import type { Value } from '../rules/value.js';
import { reachableTotals } from '../scores/reachable.js';
import type { ItemResult, ScoreResult } from '../rules/scored.js';
import type { EvidenceLine } from './detail.js';
import { factsInWords } from './facts.js';
import type { Wording } from './wording.js';
import { textIn } from '../text.js';

/** One line for each input that the card rests on: the facts with their dates, or that nothing is documented. */
export function evidenceLines(
  outcome: Outcome,
  knowledge: Knowledge,
  wording: Wording,
): readonly EvidenceLine[] {
  const { rule, valueOf } = outcome;
  const names = rule.evidence ?? [...lookedAt(outcome).keys()];
  return names.flatMap((name) => {
    const input = knowledge.inputs.get(name);
    if (input === undefined || input.kind === 'score') return [];
    const value = valueOf(name);
    if (isSpared(input, value, valueOf)) return [];
    const title = wording.fill(input.title, {});
    const said = factsInWords(input, value, title, knowledge, wording);
    if (said === undefined) return [];
    const line = wording.phrase('evidence-line', { title, said });
    return [said === wording.phrase('none-documented') ? { line, absent: title } : { line }];
  });
}

/** One scale of two is enough: that the other one was not filled in is no news beside it. */
function isSpared(input: Input, value: Value, valueOf: Outcome['valueOf']): boolean {
  if (input.kind !== 'selected' || input.alternativeTo === undefined) return false;
  if (value.possible.length > 0 || value.facts.length > 0) return false;
  return valueOf(input.alternativeTo).possible.length > 0;
}

/** The sum of a score in one line: `SINS 10 = location 3 + pain 3 + lytic 2 + … (T10–T11)`; what is missing is a question mark. */
export function scoreLine(
  result: ScoreResult,
  site: string | undefined,
  knowledge: Knowledge,
  wording: Wording,
): string {
  const score = knowledge.scores.get(result.score);
  if (score === undefined) return '';
  const place = site === undefined ? '' : ` (${site})`;
  const name = textIn(score.short ?? score.title, wording.language);
  if (score.grade === true) return `${name} ${gradeInWords(result, score, wording)}${place}`;
  const terms = itemsOf(result, score, wording).map(({ item, definition, answers }) => {
    const unanswered = answers.length === 0;
    const short = textIn(definition.short ?? definition.text, wording.language);
    const label = short.includes('{answer}')
      ? unanswered
        ? textIn(definition.text, wording.language).toLowerCase()
        : wording.alternatives(answers)
      : short;
    return unanswered ? `${label}\u00a0?` : `${label} ${item.points.join('/')}`;
  });
  const total = totalInWords(result, wording);
  return `${name}${total === '' ? '' : ` ${total}`} = ${terms.join(' + ')}${place}`;
}

/** The items of a result with their definitions, and the answers in words. */
function itemsOf(
  { items }: ScoreResult,
  score: Score,
  { language }: Wording,
): readonly {
  readonly item: ItemResult;
  readonly definition: ScoreItem;
  readonly answers: readonly string[];
}[] {
  return items.flatMap((item) => {
    const definition = score.items.find(({ id }) => id === item.item);
    if (definition === undefined) return [];
    const wordsOf = (code: string): string =>
      textIn(definition.answers.find((answer) => answer.code === code)?.display, language) ?? code;
    return [{ item, definition, answers: item.answers.map(wordsOf) }];
  });
}

/** The sum item by item, as a GFM table. */
export function scoreTable(
  result: ScoreResult,
  site: string | undefined,
  knowledge: Knowledge,
  wording: Wording,
): string {
  const score = knowledge.scores.get(result.score);
  if (score === undefined) return '';
  const said = score.grade === true ? gradeInWords(result, score, wording) : totalInWords(result, wording);
  const heading = wording.phrase('score-heading', {
    score: textIn(score.title, wording.language),
    total: said,
    site: site ?? '',
    hasSite: site === undefined ? 'no' : 'yes',
    hasTotal: said === '' ? 'no' : 'yes',
  });
  const rows = itemsOf(result, score, wording).map(({ item, definition, answers }) => {
    const [dated] = item.evidence;
    const said = answers.length === 0 ? wording.phrase('missing') : wording.alternatives(answers);
    const date = dated?.date === undefined ? '' : wording.day(dayOf(item.facts));
    return `| ${textIn(definition.text, wording.language)} | ${said} | ${points(item.points)} | ${date} |`;
  });
  const head = `| ${wording.phrase('column-item')} | ${wording.phrase('column-finding')} | ${wording.phrase('column-points')} | ${wording.phrase('column-date')} |`;
  const table = score.grade === true ? '' : `\n\n${[head, '| --- | --- | --- | --- |', ...rows].join('\n')}`;
  return `**${heading}**${table}`;
}

/** What is to be said beside a sum: sub-totals that the source prints, a recorded total that differs, remarks, the warning. */
export function scoreNotes(result: ScoreResult, knowledge: Knowledge, wording: Wording): readonly string[] {
  const score = knowledge.scores.get(result.score);
  if (score === undefined) return [];
  const subtotals = (score.subtotals ?? []).map(({ without, text }) => {
    const counted = result.items.filter(({ item }) => !without.includes(item));
    const sums = reachableTotals(counted.map((item) => item.points));
    return wording.fill(text, { total: rangeInWords(sums, wording) });
  });
  return [
    ...subtotals,
    ...(result.recordedTotal === undefined
      ? []
      : [wording.phrase('recorded-total', { total: wording.number(result.recordedTotal) })]),
    ...(result.unassigned.length === 0
      ? []
      : [wording.phrase('unassigned', { count: result.unassigned.length })]),
    ...score.flags.filter(({ id }) => result.flags.includes(id)).map(({ text }) => wording.fill(text, {})),
    ...(score.warning === undefined ? [] : [wording.fill(score.warning, {})]),
  ];
}

function dayOf(facts: readonly Fact[]): { readonly from: number; readonly to: number } {
  return facts[0]?.when().end ?? { from: 0, to: 0 };
}

const points = (possible: readonly number[]): string => possible.join(' / ');

/** The grade, or those that are still possible; nothing while it is not known at all. */
function gradeInWords({ items }: ScoreResult, score: Score, wording: Wording): string {
  const possible = items.flatMap(({ answers }) => answers);
  const displays = score.items
    .flatMap(({ answers }) => answers)
    .filter(({ code }) => possible.includes(code))
    .map(({ display }) => textIn(display, wording.language));
  return wording.alternatives(displays);
}

/** `10`, or `6–9` while items are missing: never a total that is not known. */
function totalInWords({ reachable, total }: ScoreResult, wording: Wording): string {
  return total === undefined ? rangeInWords(reachable, wording) : wording.number(total);
}

function rangeInWords(totals: readonly number[], wording: Wording): string {
  const [least] = totals;
  const most = totals.at(-1);
  if (least === undefined || most === undefined) return '';
  if (least === most) return wording.number(least);
  return `${wording.number(least)}–${wording.number(most)}`;
}
