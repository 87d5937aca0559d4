import type { ExamplePiece, Text } from './types.js';

export interface ScoreAnswer {
  readonly code: string;
  readonly points: number;
  readonly display: Text;
  /** FHIRPath condition on facts of the chart under which this is the answer. */
  readonly fact?: string;
  /** The same for what can only be derived from the rest of the chart. */
  readonly derived?: string;
}

export interface ScoreItem {
  readonly id: string;
  /** Its name in a sum; `{answer}` stands for the answer. */
  readonly short?: Text;
  readonly text: Text;
  readonly answers: readonly ScoreAnswer[];
  /** A fact that says otherwise and is not older stands beside the explicit answer. */
  readonly contested?: boolean;
}

export interface ScoreClass {
  readonly code: string;
  readonly min: number;
  readonly max: number;
  readonly display: Text;
  /** What the guideline proposes for this class: one sentence. */
  readonly next?: Text;
  /** Row of the combined strategy table and the band that it names. */
  readonly strategy?: { readonly row: number; readonly band: string };
}

/** Raised when everything that it names holds. */
export interface ScoreFlag {
  readonly id: string;
  readonly text: Text;
  /** FHIRPath condition over the inputs. */
  readonly if?: string;
  /** One of these answers (`sins-pain-non-mechanical`) is possible. */
  readonly answers?: readonly string[];
  /** This item has several possible answers. */
  readonly several?: string;
  /** This item has no single answer: it is missing, or several remain possible. */
  readonly open?: string;
  /** This item was derived from the chart, and not asked or measured. */
  readonly derived?: string;
  /** Some item (or the named one) is missing. */
  readonly missing?: boolean | string;
  /** A recorded total is one that the items can never give. */
  readonly impossibleTotal?: boolean;
}

/** A sum of fewer items that the source prints (five of Tokuhashi's six), shown beside the total. */
export interface ScoreSubtotal {
  /** Items that it leaves out. */
  readonly without: readonly string[];
  /** `{total}`: the sum, or its range. */
  readonly text: Text;
}

export interface ScoreExample {
  readonly name: string;
  readonly chart: readonly ExamplePiece[];
  readonly expect: {
    readonly none?: boolean;
    readonly total?: number;
    readonly reachable?: readonly number[];
    readonly class?: string;
    readonly missing?: readonly string[];
    readonly flags?: readonly string[];
  };
}

/** What a version of an artifact changed, for its readers. */
export interface Change {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly en: string;
  readonly fr: string;
}

export interface Score {
  readonly id: string;
  readonly version: string;
  /** The newest first; begun late, so that the oldest need not be the first version. */
  readonly changes?: readonly Change[];
  readonly title: Text;
  /** Its name in a sum. */
  readonly short?: Text;
  readonly section: string;
  readonly per: 'lesion' | 'patient';
  /** Per lesion: the sites or regions that it is meant for. */
  readonly sites?: readonly string[];
  /** Per patient: condition under which the score makes sense at all. */
  readonly when?: string;
  readonly items: readonly ScoreItem[];
  /** A grade has one item, and its classes are the answers: nothing is added up (Frankel). */
  readonly grade?: boolean;
  /** Which totals (of a grade: which of its classes, in their order) are the gravest; the highest when absent. */
  readonly worst?: 'highest' | 'lowest';
  readonly classes: readonly ScoreClass[];
  readonly flags: readonly ScoreFlag[];
  readonly subtotals?: readonly ScoreSubtotal[];
  readonly warning?: Text;
  readonly examples: readonly ScoreExample[];
}

/** One criterion of the guideline's list of a better functional prognosis: a list, no score. */
export interface PrognosisCriterion {
  readonly text: Text;
  /** FHIRPath condition over the inputs: met, not met, or unknown. Without one nothing in a chart can answer it. */
  readonly condition?: string;
}
