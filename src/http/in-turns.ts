import { setImmediate as others } from 'node:timers/promises';

/** What other callers wait for at most, beyond the length of one step; a usual call is done sooner and never waits. */
const turnMs = 20;

/**
 * Works a computation off without holding up what else the process has to answer: after each turn the others are seen to.
 * @throws what a step throws
 */
export async function inTurns<Result>(steps: Iterator<undefined, Result, undefined>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < turnMs) continue;
    await others();
    since = performance.now();
  }
}
