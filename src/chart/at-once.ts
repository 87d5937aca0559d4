/** Work in steps, between which a server may see to other calls. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Works it off in one go, for who has nothing else to do. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
