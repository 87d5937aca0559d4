import type { Fact } from '../chart/chart.js';
import type { Interval } from '../chart/quantity.js';
import type { Scalar } from '../fhirpath/compile.js';
import type { Gap } from './gap.js';
import type { ScoreResult } from './scored.js';

/** What one variable can be: a scalar, or a number known only within bounds (`<15`, a year-only date). */
export type Possibility = Scalar | Interval;

/**
 * The value of an input. A known value may still have several possibilities (two results of one moment, a score
 * with a gap); a decision that holds for all of them holds.
 */
export interface Value {
  /** Empty: unknown. */
  readonly possible: readonly Possibility[];
  /** What would have to be known. */
  readonly missing: readonly Gap[];
  /** Facts that it rests on, newest first. */
  readonly facts: readonly Fact[];
  readonly scores?: readonly ScoreResult[] | undefined;
  /** Where it is unknown because data could not be had: of which kind it would be. «Not recorded» is no reading of it. */
  readonly absent?: Kind | undefined;
}

/** Facts at hand, or how they are put together: few values are ever shown, and only those are asked for their facts. */
export type Facts = readonly Fact[] | (() => readonly Fact[]);

const nothing: readonly never[] = [];
/** What sort of scalar an input gives. */
export type Kind = 'boolean' | 'number' | 'code';

/** A value that is known, to be one of the possibilities. */
export function known(possible: readonly Possibility[], facts: Facts = nothing): Value {
  return resting(possible, nothing, facts);
}

/** A value that is not known, and what would have to be; `facts` are those that were looked at in vain. */
export function unknown(missing: readonly Gap[], facts: Facts = nothing): Value {
  return resting(nothing, missing, facts);
}

/** A value with what rests on these facts, and with what would decide between the possibilities. */
export function resting(
  possible: readonly Possibility[],
  missing: readonly Gap[],
  facts: Facts,
  scores?: readonly ScoreResult[],
): Value {
  return new Resting(possible, missing, facts, scores, undefined);
}

/** The same where data could not be had: it may be anything of its kind, or nothing. */
export function absent(kind: Kind, missing: readonly Gap[], facts: Facts = nothing): Value {
  return new Resting(nothing, missing, typeof facts === 'function' ? facts() : facts, undefined, kind);
}

/**
 * A class, for hundreds are made in a call. An object literal with a getter would be of a new shape each time it is made, which
 * V8 keeps, with all that the getter sees, until it marks the whole heap.
 */
class Resting implements Value {
  readonly possible: readonly Possibility[];
  readonly missing: readonly Gap[];
  readonly scores: readonly ScoreResult[] | undefined;
  readonly absent: Kind | undefined;
  #facts: Facts;

  constructor(
    possible: readonly Possibility[],
    missing: readonly Gap[],
    facts: Facts,
    scores: readonly ScoreResult[] | undefined,
    kind: Kind | undefined,
  ) {
    this.possible = possible;
    this.missing = missing;
    this.scores = scores;
    this.absent = kind;
    this.#facts = facts;
  }

  get facts(): readonly Fact[] {
    if (typeof this.#facts === 'function') this.#facts = this.#facts();
    return this.#facts;
  }
}

/** A number between these, and no more is known while some data could not be had. */
export function somewhere(min: number, max: number, missing: readonly Gap[], facts: Facts): Value {
  const possibility =
    min === max ? min : { min, max, minOpen: !Number.isFinite(min), maxOpen: !Number.isFinite(max) };
  return resting([possibility], missing, facts);
}

/** A number within these bounds, both included; the number itself where they meet. */
export function bounded(min: number, max: number): Possibility {
  return min === max ? min : { min, max, minOpen: false, maxOpen: false };
}

/** Whether a possibility is a number known only within bounds. */
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

/** Beside an open end: no value of the interval, but as near to one as a decision ever asks. */
const nearest = (end: number): number => 1e-9 * Math.max(1, Math.abs(end));

/** The scalars, and both ends of the intervals: what a monotone formula is worked out for. */
export function ends(possible: readonly Possibility[]): readonly Scalar[] {
  return scalarsOf(possible, (interval) => {
    const { low, high } = reachOf(interval);
    // An open end is no value: the nearest one that is keeps «< 30» below 30.
    return [interval.minOpen ? low + nearest(low) : low, interval.maxOpen ? high - nearest(high) : high];
  });
}

/** The same with the open ends themselves: the figures that an author wrote («< 20»), for what a card shows. */
export function limits(possible: readonly Possibility[]): readonly Scalar[] {
  return scalarsOf(possible, (interval) => Object.values(reachOf(interval)));
}

function scalarsOf(
  possible: readonly Possibility[],
  endsOf: (interval: Interval) => readonly Scalar[],
): readonly Scalar[] {
  return [...new Set(possible.flatMap((value) => (isInterval(value) ? endsOf(value) : [value])))];
}

function reachOf({ min, max }: Interval): { readonly low: number; readonly high: number } {
  return { low: Number.isFinite(min) ? min : -farAway, high: Number.isFinite(max) ? max : farAway };
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * The interval between two results of a formula; what came from «without end» is without end again, and an end that
 * the formula only comes near to (`limit`) is open there: «< 20» times two is «< 40», not «≤ 39.99…».
 */
export function unbounded({ min, max }: Range, limit: Range | undefined): Interval {
  const low = near(min, limit?.min);
  const high = near(max, limit?.max);
  const minimum = min < -beyond ? Number.NEGATIVE_INFINITY : low.end;
  const maximum = max > beyond ? Number.POSITIVE_INFINITY : high.end;
  return {
    min: minimum,
    max: maximum,
    minOpen: low.open || !Number.isFinite(minimum),
    maxOpen: high.open || !Number.isFinite(maximum),
  };
}

/** A limit far from the result belongs to another branch of the formula: it bounds nothing. */
function near(result: number, limit: number | undefined): { readonly end: number; readonly open: boolean } {
  const isNear =
    limit !== undefined &&
    limit !== result &&
    Math.abs(limit - result) < 1e-6 * Math.max(1, Math.abs(result));
  return isNear ? { end: limit, open: true } : { end: result, open: false };
}

/** Numbers among the possibilities; both ends of an interval. */
export function numbersAmong(possible: readonly Possibility[]): readonly number[] {
  return possible.flatMap((each) =>
    typeof each === 'number' ? [each] : typeof each === 'object' ? [each.min, each.max] : [],
  );
}
