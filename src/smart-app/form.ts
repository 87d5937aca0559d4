import type { Language, ScoreAnswer, ScoreFlag, ScoreItem } from '../knowledge/types.js';
import { reachableTotals } from '../scores/reachable.js';
import { isMetByAnswers, totalOf, type OpenItem, type Total } from '../scores/total.js';
import type { ScoreForm } from './knowledge.js';
import type { ItemJson, ResultJson } from './results.js';
import { isOlderThan } from './when.js';
import { textIn } from '../text.js';

/** The clinician's own choices, by item. `notKnown` takes a prefilled answer back: the item is missing again. */
export type Choices = Readonly<Record<string, string>>;
/** No code of an answer: codes have no capitals. */
export const notKnown = 'NOT-KNOWN';

export type ItemMark = 'contradictory' | 'old' | 'several';

/** One item as the form shows it. */
export interface FormItem {
  readonly item: ScoreItem;
  /** The answer that stands, chosen or prefilled. */
  readonly answer?: ScoreAnswer;
  /** Answers that the chart or the clinician leaves open; empty when nothing is known. */
  readonly possible: readonly ScoreAnswer[];
  /** What the chart said of this item, whether or not the clinician has chosen otherwise. */
  readonly prefill?: ItemJson;
  readonly changed: boolean;
  readonly marks: readonly ItemMark[];
}

/** What can be said of the score at this moment. */
export interface Outcome extends Total {
  readonly items: readonly FormItem[];
  readonly complete: boolean;
  readonly flags: readonly string[];
}

/** When evidence counts as old. */
export interface Ageing {
  readonly today: string;
  readonly oldEvidenceMonths?: number;
}

function prefillOf(item: ScoreItem, result: ResultJson | undefined): ItemJson | undefined {
  const found = result?.items.find((candidate) => candidate.item === item.id);
  return found === undefined || result?.missing.includes(item.id) === true ? undefined : found;
}

/** The Result gives several possible answers by their points only. */
function prefilledAnswers(item: ScoreItem, prefill: ItemJson): readonly ScoreAnswer[] {
  if (prefill.answer !== undefined) return item.answers.filter(({ code }) => code === prefill.answer);
  return prefill.from === undefined
    ? []
    : item.answers.filter(({ points }) => prefill.points.includes(points));
}

function marksOf(
  { ages = true }: ScoreItem,
  prefill: ItemJson | undefined,
  possible: number,
  ageing: Ageing,
): readonly ItemMark[] {
  if (prefill === undefined) return [];
  // A level or a primary stays what it was.
  const limit = ages ? ageing.oldEvidenceMonths : undefined;
  const dates = prefill.evidence.flatMap(({ date }) => date ?? []);
  const newest = [...dates].sort().at(-1);
  const old = limit !== undefined && newest !== undefined && isOlderThan(newest, limit, ageing.today);
  // Two answers from explicit statements disagree; two from derived facts are merely both possible.
  const several = possible > 1 ? ([prefill.from === 'answer' ? 'contradictory' : 'several'] as const) : [];
  return old ? [...several, 'old'] : several;
}

function formItem(
  item: ScoreItem,
  choices: Choices,
  result: ResultJson | undefined,
  ageing: Ageing,
): FormItem {
  const prefill = prefillOf(item, result);
  const prefilled = prefill === undefined ? [] : prefilledAnswers(item, prefill);
  const choice = choices[item.id];
  const possible = choice === undefined ? prefilled : item.answers.filter(({ code }) => code === choice);
  const [only] = possible.length === 1 ? possible : [];
  return {
    item,
    possible,
    changed: choice !== undefined && choice !== prefill?.answer,
    marks: marksOf(item, prefill, prefilled.length, ageing),
    ...(only !== undefined && { answer: only }),
    ...(prefill !== undefined && { prefill }),
  };
}

/** Flags that the answers alone decide follow the form; those that need the chart stay as the server raised them. */
function flagHolds(flag: ScoreFlag, items: readonly OpenItem[], raised: readonly string[]): boolean {
  const needsChart = flag.if !== undefined || flag.impossibleTotal === true;
  return (!needsChart || raised.includes(flag.id)) && isMetByAnswers(flag, items);
}

/** What it takes to add it up: what the clinician has chosen is an answer, whatever the chart implied. */
function openItem({ item, possible, prefill, changed }: FormItem): OpenItem {
  const from = changed ? 'answer' : prefill?.from;
  return {
    item: item.id,
    answers: possible.map(({ code }) => code),
    // Every answer's points while nothing is known of the item.
    points: (possible.length === 0 ? item.answers : possible).map(({ points }) => points),
    ...(from !== undefined && { from }),
  };
}

/**
 * The score as answered so far, by the server's own arithmetic.
 * @param result what the server made of the chart; absent for a site that the chart does not name
 */
export function outcomeOf(
  score: ScoreForm,
  result: ResultJson | undefined,
  choices: Choices,
  ageing: Ageing,
): Outcome {
  const items = score.items.map((item) => formItem(item, choices, result, ageing));
  const open = items.map(openItem);
  return {
    items,
    complete: items.every(({ answer }) => answer !== undefined),
    flags: score.flags.filter((flag) => flagHolds(flag, open, result?.flags ?? [])).map(({ id }) => id),
    ...totalOf(score, open),
  };
}

/** Sums of fewer items that the source prints beside the total, in words. */
export function subtotalTexts(
  score: ScoreForm,
  items: readonly FormItem[],
  language: Language,
): readonly string[] {
  return (score.subtotals ?? []).map(({ without, text }) => {
    const counted = items.filter(({ item }) => !without.includes(item.id));
    return textIn(text, language).replace(
      '{total}',
      rangeText(reachableTotals(counted.map((each) => openItem(each).points))),
    );
  });
}

/** `6`, or `6–9`; a gap in the middle (`1, 3, 9–10`) is kept, since those totals cannot occur. */
export function rangeText(totals: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const total of totals) {
    const last = runs.at(-1);
    if (last !== undefined && total === last[1] + 1) last[1] = total;
    else runs.push([total, total]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}
