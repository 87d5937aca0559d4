import type { Language, ScoreAnswer, ScoreFlag, ScoreItem } from '../knowledge/types.js';
import { classesOf, reachableTotals } from '../scores/reachable.js';
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
export interface Outcome {
  readonly items: readonly FormItem[];
  /** Totals that can still occur; empty for a grade, which adds nothing up. */
  readonly reachable: readonly number[];
  readonly possibleClasses: readonly string[];
  /** Only when each item has one answer. */
  readonly total?: number;
  /** Only when every reachable total shares it. */
  readonly class?: string;
  readonly complete: boolean;
  readonly missing: readonly string[];
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
function flagHolds(flag: ScoreFlag, items: readonly FormItem[], raised: readonly string[]): boolean {
  const needsChart = flag.if !== undefined || flag.impossibleTotal === true;
  const missing = items.filter(({ possible }) => possible.length === 0).map(({ item }) => item.id);
  const named = (id: string | undefined): FormItem | undefined => items.find(({ item }) => item.id === id);
  const [several, open, derived] = [named(flag.several), named(flag.open), named(flag.derived)];
  return [
    !needsChart || raised.includes(flag.id),
    flag.answers === undefined ||
      items.some(({ item, possible }) =>
        possible.some(({ code }) => flag.answers?.includes(`${item.id}-${code}`) === true),
      ),
    flag.several === undefined || (several?.possible.length ?? 0) > 1,
    flag.open === undefined || open?.possible.length !== 1,
    flag.derived === undefined || (derived?.prefill?.from === 'derived' && !derived.changed),
    flag.missing === undefined ||
      (flag.missing === true ? missing.length > 0 : missing.some((id) => id === flag.missing)),
  ].every(Boolean);
}

/** Every answer's points while nothing is known of the item. */
function pointsOf({ item, possible }: FormItem): readonly number[] {
  return (possible.length === 0 ? item.answers : possible).map(({ points }) => points);
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
  const missing = items.filter(({ possible }) => possible.length === 0).map(({ item }) => item.id);
  const complete = items.every(({ answer }) => answer !== undefined);
  const reachable = score.grade === true ? [] : reachableTotals(items.map(pointsOf));
  const possibleClasses =
    score.grade === true
      ? items.flatMap(({ item, possible }) =>
          (possible.length === 0 ? item.answers : possible).map(({ code }) => code),
        )
      : classesOf(score.classes, reachable).map(({ code }) => code);
  const [total] = complete ? reachable : [];
  const [only] = possibleClasses.length === 1 ? possibleClasses : [];
  return {
    items,
    reachable,
    possibleClasses,
    complete,
    missing,
    flags: score.flags.filter((flag) => flagHolds(flag, items, result?.flags ?? [])).map(({ id }) => id),
    ...(total !== undefined && { total }),
    ...(only !== undefined && { class: only }),
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
    return textIn(text, language).replace('{total}', rangeText(reachableTotals(counted.map(pointsOf))));
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
