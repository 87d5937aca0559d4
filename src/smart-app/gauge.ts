import type { Tone } from '../ui/body/marks.js';
import type { ScoreForm } from './knowledge.js';
import { toneOfClass } from './lesions.js';

/** One class on the scale of a score. */
export interface Band {
  readonly code: string;
  readonly min: number;
  readonly max: number;
  readonly tone: Tone;
  /** Whether a total in it can still come out. */
  readonly possible: boolean;
}

/** A score's scale with the totals that can still come out, each as a part of its length from 0 to 1. */
export interface Gauge {
  readonly lowest: number;
  readonly highest: number;
  readonly bands: readonly Band[];
  readonly totals: readonly { readonly total: number; readonly at: number }[];
}

/** The scale that the classes of a score make, each total as wide as the next. */
export function gaugeOf(score: ScoreForm, reachable: readonly number[]): Gauge {
  const lowest = Math.min(...score.classes.map(({ min }) => min));
  const highest = Math.max(...score.classes.map(({ max }) => max));
  const width = highest - lowest + 1;
  return {
    lowest,
    highest,
    bands: score.classes.map(({ code, min, max }) => ({
      code,
      min,
      max,
      tone: toneOfClass(score, code),
      possible: reachable.some((total) => total >= min && total <= max),
    })),
    totals: reachable.map((total) => ({ total, at: (total - lowest + 0.5) / width })),
  };
}
