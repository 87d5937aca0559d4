/** The command cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The input, or what is needed to work on it, cannot be read or written: exit code 1, every problem on a line. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Somebody wants it to stop: exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
