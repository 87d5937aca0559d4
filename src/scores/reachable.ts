/**
 * The arithmetic of a score with gaps: pure, and also run by the SMART app.
 * A total with a missing item is never stated; what is stated is the set of totals that can still occur.
 */

interface ClassBounds {
  readonly code: string;
  readonly min: number;
  readonly max: number;
}

/**
 * Every total that some choice of answers can give, sorted, without repeats.
 * @param points for each item, the points that are still possible (one element when it is answered)
 */
export function reachableTotals(points: readonly (readonly number[])[]): readonly number[] {
  let totals = new Set<number>([0]);
  for (const item of points) {
    const next = new Set<number>();
    for (const total of totals) for (const value of item) next.add(total + value);
    totals = next;
  }
  return [...totals].sort((a, b) => a - b);
}

/** The classes, in the artifact's order, in which at least one of the totals lies. */
export function classesOf<Class extends ClassBounds>(
  classes: readonly Class[],
  totals: readonly number[],
): readonly Class[] {
  return classes.filter(({ min, max }) => totals.some((total) => total >= min && total <= max));
}
