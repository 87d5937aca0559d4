import type { Score, ScoreAnswer, ScoreFlag, ScoreItem } from '../knowledge/types.js';
import { reachableTotals } from './reachable.js';
import type { EvidenceKind, EvidenceReference, ItemResult, ScoreResult } from './result.js';
import { isMetByAnswers, totalOf } from './total.js';

/** What a condition of the artifact says of the chart, and the facts that it looked at. */
export interface Judgement<Fact> {
  readonly answer: boolean | undefined;
  readonly facts: readonly Fact[];
}

/** Explicit answers of one item: those of the newest Observation that holds one. */
export interface RecordedAnswers<Fact> {
  readonly answers: readonly string[];
  readonly facts: readonly Fact[];
}

/** The chart as one score of one subject sees it. */
export interface ScoreEvidence<Fact> {
  judge(condition: string): Judgement<Fact>;
  recorded(item: string): RecordedAnswers<Fact> | undefined;
  /** Whether one fact is certainly later than another. */
  isLater(fact: Fact, than: Fact): boolean;
  referenceTo(fact: Fact): EvidenceReference;
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
export function assess<Fact>(score: Score, evidence: ScoreEvidence<Fact>): ScoreResult<Fact> {
  const items = score.items.map((item) => assessItem(item, evidence));
  const added = totalOf(score, items);
  const { lesion, recordedTotal, unassigned } = evidence;
  return {
    score: score.id,
    ...(lesion !== undefined && { lesion }),
    ...added,
    ...(recordedTotal !== undefined && recordedTotal !== added.total && { recordedTotal }),
    flags: score.flags.filter((flag) => isRaised(flag, score, items, evidence)).map(({ id }) => id),
    items,
    unassigned,
  };
}

function assessItem<Fact>(item: ScoreItem, evidence: ScoreEvidence<Fact>): ItemResult<Fact> {
  const recorded = evidence.recorded(item.id);
  const valid = (recorded?.answers ?? []).filter((code) =>
    item.answers.some((answer) => answer.code === code),
  );
  if (recorded !== undefined && valid.length > 0) {
    const other = item.contested === true ? implied(item, 'fact', evidence) : undefined;
    const contradicts =
      other?.answers.length === 1 &&
      !valid.includes(other.answers[0] ?? '') &&
      !isNewer(recorded.facts, other.facts(), evidence);
    return contradicts
      ? itemResult(item, [...valid, ...other.answers], 'answer', evidence, () => [
          ...recorded.facts,
          ...other.facts(),
        ])
      : itemResult(item, valid, 'answer', evidence, () => recorded.facts);
  }
  const found = implied(item, 'fact', evidence) ?? implied(item, 'derived', evidence);
  return found === undefined
    ? itemResult(item, noAnswers, undefined, evidence, () => [])
    : itemResult(item, found.answers, found.from, evidence, found.facts);
}

interface Implied<Fact> {
  readonly answers: readonly string[];
  readonly from: EvidenceKind;
  /** What the conditions looked at; most scores are only asked for their totals. */
  readonly facts: () => readonly Fact[];
}

/** The answers that the conditions of one kind leave possible; undefined when they exclude nothing, or everything. */
function implied<Fact>(
  item: ScoreItem,
  from: 'fact' | 'derived',
  evidence: ScoreEvidence<Fact>,
): Implied<Fact> | undefined {
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
function judge<Fact>(
  answer: ScoreAnswer,
  from: 'fact' | 'derived',
  evidence: ScoreEvidence<Fact>,
): Judgement<Fact> | undefined {
  const condition = answer[from];
  return condition === undefined ? undefined : evidence.judge(condition);
}

/** Whether something recorded is certainly later than all that speaks against it. */
function isNewer<Fact>(
  recorded: readonly Fact[],
  than: readonly Fact[],
  evidence: ScoreEvidence<Fact>,
): boolean {
  return recorded.some((fact) => than.every((other) => evidence.isLater(fact, other)));
}

function itemResult<Fact>(
  item: ScoreItem,
  answers: readonly string[],
  from: EvidenceKind | undefined,
  { referenceTo }: Pick<ScoreEvidence<Fact>, 'referenceTo'>,
  facts: () => readonly Fact[],
): ItemResult<Fact> {
  const possible =
    answers.length === 0 ? item.answers : item.answers.filter(({ code }) => answers.includes(code));
  return new Assessed(item.id, answers, pointsInOrder(possible), from, facts, referenceTo);
}

/** Most scores are asked for their totals alone: what the items rest on is read when it is asked for. */
class Assessed<Fact> implements ItemResult<Fact> {
  readonly item: string;
  readonly answer?: string;
  readonly answers: readonly string[];
  readonly points: readonly number[];
  readonly from?: EvidenceKind;
  readonly #look: () => readonly Fact[];
  readonly #referenceTo: (fact: Fact) => EvidenceReference;
  #facts: readonly Fact[] | undefined;

  constructor(
    item: string,
    answers: readonly string[],
    points: readonly number[],
    from: EvidenceKind | undefined,
    look: () => readonly Fact[],
    referenceTo: (fact: Fact) => EvidenceReference,
  ) {
    this.item = item;
    this.answers = answers;
    this.points = points;
    this.#look = look;
    this.#referenceTo = referenceTo;
    const [answer, ...others] = answers;
    if (answer !== undefined && others.length === 0) this.answer = answer;
    if (from !== undefined) this.from = from;
  }

  get facts(): readonly Fact[] {
    return (this.#facts ??= this.#look());
  }

  get evidence(): readonly EvidenceReference[] {
    return this.facts.map(this.#referenceTo);
  }
}

function pointsInOrder(answers: readonly ScoreAnswer[]): readonly number[] {
  const [only, ...others] = answers;
  if (only !== undefined && others.length === 0) return [only.points];
  return [...pointsOf(answers)].sort((a, b) => a - b);
}

const noAnswers: readonly string[] = [];

function isRaised<Fact>(
  flag: ScoreFlag,
  score: Score,
  items: readonly ItemResult<Fact>[],
  evidence: ScoreEvidence<Fact>,
): boolean {
  return (
    isMetByAnswers(flag, items) &&
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
