import type { Fact } from '../chart/chart.js';
import { toIsoDay } from '../chart/dates.js';
import { isCertainlyLater } from '../chart/newest.js';
import type { Score, ScoreAnswer, ScoreFlag, ScoreItem } from '../knowledge/types.js';
import { classesOf, reachableTotals } from './reachable.js';
import type { EvidenceKind, EvidenceReference, ItemResult, ScoreResult } from './result.js';

/** What a condition of the artifact says of the chart, and the facts that it looked at. */
export interface Judgement {
  readonly answer: boolean | undefined;
  readonly facts: readonly Fact[];
}

/** Explicit answers of one item: those of the newest Observation that holds one. */
export interface RecordedAnswers {
  readonly answers: readonly string[];
  readonly facts: readonly Fact[];
}

/** The chart as one score of one subject sees it. */
export interface ScoreEvidence {
  judge(condition: string): Judgement;
  recorded(item: string): RecordedAnswers | undefined;
  /** Newest total written in a score Observation. */
  readonly recordedTotal: number | undefined;
  readonly lesion?: { readonly reference: string; readonly site?: string };
  readonly unassigned: readonly string[];
}

/**
 * One score from the evidence: per item the explicit answer, else what facts say, else what the chart implies.
 * An answer is possible unless the evidence excludes it; an item about which nothing
 * is known is missing, and then every total stays reachable.
 */
export function assess(score: Score, evidence: ScoreEvidence): ScoreResult {
  const items = score.items.map((item) => assessItem(item, evidence));
  const missing = items.filter(({ answers }) => answers.length === 0).map(({ item }) => item);
  const reachable = score.grade === true ? [] : reachableTotals(items.map(({ points }) => points));
  const complete = items.every(({ answers }) => answers.length === 1);
  const [total] = complete ? reachable : [];
  const possibleClasses =
    score.grade === true ? grades(score, items) : classesOf(score.classes, reachable).map(({ code }) => code);
  const [only] = possibleClasses.length === 1 ? possibleClasses : [];
  const { recordedTotal } = evidence;
  return {
    score: score.id,
    ...(evidence.lesion !== undefined && { lesion: evidence.lesion }),
    reachable,
    possibleClasses,
    ...(total !== undefined && { total }),
    ...(only !== undefined && { class: only }),
    ...(recordedTotal !== undefined && recordedTotal !== total && { recordedTotal }),
    missing,
    flags: score.flags.filter((flag) => isRaised(flag, score, items, evidence)).map(({ id }) => id),
    items,
    unassigned: evidence.unassigned,
  };
}

function grades(score: Score, items: readonly ItemResult[]): readonly string[] {
  return score.items.flatMap(({ answers }, index) => {
    const possible = items[index]?.answers ?? [];
    return possible.length > 0 ? possible : answers.map(({ code }) => code);
  });
}

function assessItem(item: ScoreItem, evidence: ScoreEvidence): ItemResult {
  const recorded = evidence.recorded(item.id);
  const valid = (recorded?.answers ?? []).filter((code) =>
    item.answers.some((answer) => answer.code === code),
  );
  if (recorded !== undefined && valid.length > 0) {
    const other = item.contested === true ? implied(item, 'fact', evidence) : undefined;
    const contradicts =
      other?.answers.length === 1 &&
      !valid.includes(other.answers[0] ?? '') &&
      !isNewer(recorded.facts, other.facts());
    return contradicts
      ? itemResult(item, [...valid, ...other.answers], 'answer', () => [...recorded.facts, ...other.facts()])
      : itemResult(item, valid, 'answer', () => recorded.facts);
  }
  const found = implied(item, 'fact', evidence) ?? implied(item, 'derived', evidence);
  return found === undefined
    ? itemResult(item, noAnswers, undefined, noFacts)
    : itemResult(item, found.answers, found.from, found.facts);
}

interface Implied {
  readonly answers: readonly string[];
  readonly from: EvidenceKind;
  /** What the conditions looked at; most scores are only asked for their totals. */
  readonly facts: () => readonly Fact[];
}

/** The answers that the conditions of one kind leave possible; undefined when they exclude nothing, or everything. */
function implied(item: ScoreItem, from: 'fact' | 'derived', evidence: ScoreEvidence): Implied | undefined {
  if (!item.answers.some((answer) => answer[from] !== undefined)) return undefined;
  const judged = item.answers.map((answer) => judge(answer, from, evidence));
  const isCertain = judged.some((judgement) => judgement?.answer === true);
  // Two answers that both hold are a contradiction in the chart: both stay possible. So does what the chart leaves
  // undecided beside one that holds (a lung cancer of unknown histology beside a breast cancer).
  const possible = item.answers.filter((_, index) => {
    const judgement = judged[index];
    return isCertain
      ? judgement !== undefined && judgement.answer !== false
      : judgement?.answer === undefined;
  });
  if (possible.length === 0 || possible.length === item.answers.length) return undefined;
  // What leaves every number of points possible has not answered the item (no retropulsion says nothing of deformity).
  if (!isCertain && pointsOf(possible).size === pointsOf(item.answers).size) return undefined;
  const facts = (): readonly Fact[] => [...new Set(judged.flatMap((judgement) => judgement?.facts ?? []))];
  return { answers: possible.map(({ code }) => code), from, facts };
}

const pointsOf = (answers: readonly ScoreAnswer[]): ReadonlySet<number> =>
  new Set(answers.map(({ points }) => points));

/** An answer without a condition of this kind stays possible as long as no other one holds. */
function judge(
  answer: ScoreAnswer,
  from: 'fact' | 'derived',
  evidence: ScoreEvidence,
): Judgement | undefined {
  const condition = answer[from];
  return condition === undefined ? undefined : evidence.judge(condition);
}

/** Whether something recorded is certainly later than all that speaks against it. */
function isNewer(recorded: readonly Fact[], than: readonly Fact[]): boolean {
  return recorded.some((fact) => than.every((other) => isCertainlyLater(fact, other)));
}

function itemResult(
  item: ScoreItem,
  answers: readonly string[],
  from: EvidenceKind | undefined,
  facts: () => readonly Fact[],
): ItemResult {
  const possible =
    answers.length === 0 ? item.answers : item.answers.filter(({ code }) => answers.includes(code));
  const [answer] = answers.length === 1 ? answers : noAnswers;
  let looked: readonly Fact[] | undefined;
  let evidence: readonly EvidenceReference[] | undefined;
  return {
    item: item.id,
    ...(answer !== undefined && { answer }),
    answers,
    points: pointsInOrder(possible),
    ...(from !== undefined && { from }),
    get evidence() {
      return (evidence ??= this.facts.map(toReference));
    },
    get facts() {
      return (looked ??= facts());
    },
  };
}

function pointsInOrder(answers: readonly ScoreAnswer[]): readonly number[] {
  const [only, ...others] = answers;
  if (only !== undefined && others.length === 0) return [only.points];
  return [...pointsOf(answers)].sort((a, b) => a - b);
}

const noAnswers: readonly string[] = [];
const noFacts = (): readonly Fact[] => [];

function toReference(fact: Fact): EvidenceReference {
  const { end } = fact.when();
  return {
    reference: fact.reference,
    ...(end?.from === end?.to && end !== undefined && { date: toIsoDay(end.from) }),
  };
}

function isRaised(
  flag: ScoreFlag,
  score: Score,
  items: readonly ItemResult[],
  evidence: ScoreEvidence,
): boolean {
  const itemOf = (id: string): ItemResult | undefined => items.find(({ item }) => item === id);
  const isMissing = ({ item, answers }: ItemResult): boolean =>
    answers.length === 0 && (flag.missing === true || flag.missing === item);
  return (
    (flag.answers === undefined ||
      items.some(({ item, answers }) =>
        answers.some((answer) => flag.answers?.includes(`${item}-${answer}`)),
      )) &&
    (flag.several === undefined || (itemOf(flag.several)?.answers.length ?? 0) > 1) &&
    (flag.open === undefined || itemOf(flag.open)?.answers.length !== 1) &&
    (flag.derived === undefined || itemOf(flag.derived)?.from === 'derived') &&
    (flag.missing === undefined || items.some(isMissing)) &&
    (flag.impossibleTotal !== true || isImpossible(evidence.recordedTotal, score)) &&
    (flag.if === undefined || evidence.judge(flag.if).answer === true)
  );
}

/** A total that no complete set of answers gives. */
function isImpossible(total: number | undefined, score: Score): boolean {
  if (total === undefined) return false;
  return !reachableTotals(score.items.map(({ answers }) => answers.map(({ points }) => points))).includes(
    total,
  );
}
