import type { Fact } from '../chart/chart.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Score } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import type { Value } from '../rules/value.js';
import { reachableTotals } from '../scores/reachable.js';
import type { ScoreResult } from '../scores/result.js';
import { asWritten, inWords } from './values.js';
import type { Wording } from './wording.js';

const mostFacts = 3;

/** One line for each input that the card rests on: the facts with their dates, or that nothing is documented. */
export function evidenceLines(outcome: Outcome, knowledge: Knowledge, wording: Wording): readonly string[] {
  const { rule, looked, valueOf } = outcome;
  const names = rule.evidence ?? [...looked().keys()];
  return names.flatMap((name) => {
    const input = knowledge.inputs.get(name);
    if (input === undefined || input.kind === 'score') return [];
    const value = valueOf(name);
    const title = wording.fill(input.title, {});
    const isResult = input.kind === 'selected' && input.read === 'number';
    const words = inWords(input, value, knowledge, wording);
    const said = isResult ? resultOf(value, words, wording) : evidenceOf(value, words, wording);
    return said === undefined ? [] : [wording.phrase('evidence-line', { title, said })];
  });
}

function evidenceOf(value: Value, words: string | number | undefined, wording: Wording): string | undefined {
  const [only] = value.possible;
  if (value.possible.length === 1 && only === false && value.facts.length === 0)
    return wording.phrase('none-documented');
  if (value.possible.length === 0 && value.facts.length === 0) return wording.phrase('not-documented');
  if (value.facts.length === 0) return words === undefined ? undefined : String(words);
  const shown = value.facts.slice(0, mostFacts).map((fact) => factInWords(fact, wording));
  const more = value.facts.length - shown.length;
  const listed =
    [...new Set(shown)].reduce((sofar, next) => wording.phrase('facts-joined', { sofar, next })) +
    (more > 0 ? wording.phrase('and-more', { count: more }) : '');
  return typeof only === 'boolean' || words === undefined
    ? listed
    : wording.phrase('value-from', { value: words, facts: listed });
}

/** A result under its own title: the value with its date, and as it was written where that is another unit. */
function resultOf(value: Value, words: string | number | undefined, wording: Wording): string | undefined {
  const [newest] = value.facts;
  const written = newest === undefined ? undefined : asWritten(newest, wording);
  if (newest === undefined || written === undefined || value.facts.length > 1) {
    return evidenceOf(value, words, wording);
  }
  const shown =
    words === undefined || plain(String(words)) === plain(written) ? written : `${words} [${written}]`;
  return wording.phrase('dated', { said: shown, date: dateInWords(newest, wording) });
}

const plain = (text: string): string => text.replace(/[\s\\]/g, '');

/** `Creatinine clearance 28 mL/min (3 Oct 2026)`. */
export function factInWords(fact: Fact, wording: Wording): string {
  const date = dateInWords(fact, wording);
  const value = asWritten(fact, wording);
  return wording.phrase('fact', {
    name: wording.nameOf(fact),
    value: value ?? '',
    hasValue: value === undefined ? 'no' : 'yes',
    date,
  });
}

function dateInWords(fact: Fact, wording: Wording): string {
  const { end, start, open } = fact.when();
  const span = end ?? start;
  if (fact.draft) return wording.phrase('in-this-request');
  if (span === undefined) return wording.phrase('undated');
  return open ? wording.phrase('since', { date: wording.day(span) }) : wording.day(span);
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
    score: score.title[wording.language],
    total: said,
    site: site ?? '',
    hasSite: site === undefined ? 'no' : 'yes',
    hasTotal: said === '' ? 'no' : 'yes',
  });
  const rows = result.items.flatMap((item) => {
    const definition = score.items.find(({ id }) => id === item.item);
    if (definition === undefined) return [];
    const answers = item.answers.map(
      (code) => definition.answers.find((answer) => answer.code === code)?.display[wording.language] ?? code,
    );
    const [dated] = item.evidence;
    const said = answers.length === 0 ? wording.phrase('missing') : wording.alternatives(answers);
    const date = dated?.date === undefined ? '' : wording.day(dayOf(item.facts));
    return [`| ${definition.text[wording.language]} | ${said} | ${points(item.points)} | ${date} |`];
  });
  const head = `| ${wording.phrase('column-item')} | ${wording.phrase('column-finding')} | ${wording.phrase('column-points')} | ${wording.phrase('column-date')} |`;
  const subtotals = (score.subtotals ?? []).map(({ without, text }) => {
    const counted = result.items.filter(({ item }) => !without.includes(item));
    const sums = reachableTotals(counted.map((item) => item.points));
    return wording.fill(text, { total: rangeInWords(sums, wording) });
  });
  const notes = [
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
  const table = score.grade === true ? '' : `\n\n${[head, '| --- | --- | --- | --- |', ...rows].join('\n')}`;
  return `**${heading}**${table}${notes.map((note) => `\n\n${note}`).join('')}`;
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
    .map(({ display }) => display[wording.language]);
  return wording.alternatives(displays);
}

/** `10`, or `6–9` while items are missing: never a total that is not known. */
export function totalInWords({ reachable, total }: ScoreResult, wording: Wording): string {
  return total === undefined ? rangeInWords(reachable, wording) : wording.number(total);
}

function rangeInWords(totals: readonly number[], wording: Wording): string {
  const [least] = totals;
  const most = totals.at(-1);
  if (least === undefined || most === undefined) return '';
  if (least === most) return wording.number(least);
  return `${wording.number(least)}–${wording.number(most)}`;
}
