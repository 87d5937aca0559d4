/**
 * Remembers used tokens (JWT-16). True for the first use of (issuer, jti), false for every later one
 * until `expiresAt`; of concurrent uses exactly one is the first. May reject when nothing can be recorded.
 */
export interface ReplayGuard {
  readonly firstUse: (issuer: string, jti: string, expiresAt: Date) => boolean | Promise<boolean>;
}

/** A guard that decides at once, within this process. */
export interface ReplayMemory extends ReplayGuard {
  readonly firstUse: (issuer: string, jti: string, expiresAt: Date) => boolean;
}

export interface ReplayMemoryOptions {
  readonly now: () => Date;
  /** A clock that never goes back, in ms. */
  readonly elapsedMs?: () => number;
  /** Tokens remembered at most; a further one cannot be recorded until some have expired. */
  readonly capacity?: number;
}

/** The memory is full of tokens that are still valid. */
export class ReplayMemoryFull extends Error {
  override readonly name = 'ReplayMemoryFull';
}

interface Use {
  readonly expiresAt: number;
  readonly forgetAfterMs: number;
}

const CAPACITY = 500_000;
const SWEEP_EVERY_MS = 60_000;
const SWEEP_WHEN_FULL_EVERY_MS = 1000;

/**
 * Used tokens of this process. A use is forgotten only when it has expired by the wall clock *and* by the
 * time really elapsed: a clock that jumps ahead and back must not make an old token new.
 */
export const createReplayMemory = (options: ReplayMemoryOptions): ReplayMemory => {
  const { now, elapsedMs = () => performance.now(), capacity = CAPACITY } = options;
  const uses = new Map<string, Use>();
  let sweptAt = elapsedMs();

  const isOver = ({ expiresAt, forgetAfterMs }: Use): boolean =>
    expiresAt <= now().getTime() && forgetAfterMs <= elapsedMs();

  const sweep = (): void => {
    const wait = uses.size >= capacity ? SWEEP_WHEN_FULL_EVERY_MS : SWEEP_EVERY_MS;
    if (elapsedMs() - sweptAt < wait) return;
    sweptAt = elapsedMs();
    for (const [key, use] of uses) if (isOver(use)) uses.delete(key);
  };

  return {
    firstUse: (issuer, jti, expiresAt) => {
      const key = JSON.stringify([issuer, jti]);
      const known = uses.get(key);
      if (known !== undefined && !isOver(known)) return false;
      sweep();
      if (uses.size >= capacity) throw new ReplayMemoryFull();
      const lifetime = Math.max(0, expiresAt.getTime() - now().getTime());
      uses.set(key, { expiresAt: expiresAt.getTime(), forgetAfterMs: elapsedMs() + lifetime });
      return true;
    },
  };
};

const answerOf = async (guard: ReplayGuard, ...use: Parameters<ReplayGuard['firstUse']>) => {
  try {
    return await guard.firstUse(...use);
  } catch {
    return undefined;
  }
};

/**
 * A guard over a store that several instances share. When the store cannot answer (locked, full, gone), the
 * memory of this process decides alone, so that clinicians still get their cards. Rejects only when neither can record
 * the use. The store must answer within a bounded time.
 */
export const createSharedReplayGuard = (store: ReplayGuard, memory: ReplayGuard): ReplayGuard => ({
  firstUse: async (issuer, jti, expiresAt) => {
    const remembered = await answerOf(memory, issuer, jti, expiresAt);
    if (remembered === false) return false;
    const stored = await answerOf(store, issuer, jti, expiresAt);
    const first = stored ?? remembered;
    if (first === undefined) throw new ReplayMemoryFull();
    return first;
  },
});
