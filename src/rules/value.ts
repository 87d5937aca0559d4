import type { Fact } from '../chart/chart.js';
import type { Interval } from '../chart/quantity.js';
import type { Scalar } from '../fhirpath/compile.js';
import type { ScoreResult } from '../scores/result.js';

/** What one variable can be: a scalar, or a number known only within bounds (`<15`, a year-only date). */
export type Possibility = Scalar | Interval;

/**
 * The value of an input. A known value may still have several possibilities (two results of one moment, a score
 * with a gap); a decision that holds for all of them holds.
 */
export interface Value {
  /** Empty: unknown. */
  readonly possible: readonly Possibility[];
  /** What would have to be known: prefetch keys, score items, inputs. */
  readonly missing: readonly string[];
  /** Facts that it rests on, newest first. */
  readonly facts: readonly Fact[];
  readonly scores?: readonly ScoreResult[];
}

export function known(possible: readonly Possibility[], facts: readonly Fact[] = []): Value {
  return { possible, missing: [], facts };
}

export function unknown(missing: readonly string[], facts: readonly Fact[] = []): Value {
  return { possible: [], missing, facts };
}

export function isInterval(value: Possibility): value is Interval {
  return typeof value === 'object';
}

/**
 * Scalars that stand for every value of the possibilities, given the points at which a condition may change: those
 * points themselves, one value in each gap between them, and the ends.
 */
export function representatives(
  possible: readonly Possibility[],
  breakpoints: readonly number[],
): readonly Scalar[] {
  return [
    ...new Set(
      possible.flatMap((value): readonly Scalar[] =>
        isInterval(value) ? sample(value, breakpoints) : [value],
      ),
    ),
  ];
}

function sample({ min, max, minOpen, maxOpen }: Interval, breakpoints: readonly number[]): readonly number[] {
  if (min === max) return [min];
  const reach = Math.max(
    1,
    ...breakpoints.map(Math.abs),
    ...[min, max].filter(Number.isFinite).map(Math.abs),
  );
  const low = Number.isFinite(min) ? min : -2 * reach;
  const high = Number.isFinite(max) ? max : 2 * reach;
  const inner = breakpoints.filter((point) => point > low && point < high);
  const marks = [...new Set([low, ...inner, high])].sort((a, b) => a - b);
  const gaps = marks.slice(1).map((mark, index) => (mark + (marks[index] ?? mark)) / 2);
  return [...(minOpen ? [] : [low]), ...inner, ...gaps, ...(maxOpen ? [] : [high])];
}

/** Stands for «without end» inside a formula: FHIRPath has no infinity. */
const farAway = 1e12;
const beyond = 1e9;

/** The scalars, and both ends of the intervals: what a monotone formula is worked out for. */
export function ends(possible: readonly Possibility[]): readonly Scalar[] {
  return [
    ...new Set(
      possible.flatMap((value): readonly Scalar[] => {
        if (!isInterval(value)) return [value];
        const { min, max, minOpen, maxOpen } = value;
        const low = Number.isFinite(min) ? min : -farAway;
        const high = Number.isFinite(max) ? max : farAway;
        // An open end is no value: the nearest one that is keeps «< 30» below 30.
        const nearest = (end: number): number => 1e-9 * Math.max(1, Math.abs(end));
        return [minOpen ? low + nearest(low) : low, maxOpen ? high - nearest(high) : high];
      }),
    ),
  ];
}

/** The interval between two results of a formula; what came from «without end» is without end again. */
export function unbounded(min: number, max: number): Interval {
  const minimum = min < -beyond ? Number.NEGATIVE_INFINITY : min;
  const maximum = max > beyond ? Number.POSITIVE_INFINITY : max;
  return {
    min: minimum,
    max: maximum,
    minOpen: !Number.isFinite(minimum),
    maxOpen: !Number.isFinite(maximum),
  };
}
