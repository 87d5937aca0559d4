/**
 * Stands between calls and a store that does not answer: once it has failed one call, the others need not find out for
 * themselves.
 */
export interface Breaker {
  /** Whether calls must do without. */
  readonly isOpen: () => boolean;
  /** The store has failed: it is asked again and again, outside the way of any call, until it answers. */
  readonly trip: () => void;
  readonly stop: () => void;
}

export interface BreakerOptions {
  /** Rejects as long as the store fails. */
  readonly probe: () => Promise<void>;
  readonly againAfterMs: number;
  readonly onChange: (open: boolean) => void;
}

/** Starts closed. */
export const createBreaker = ({ probe, againAfterMs, onChange }: BreakerOptions): Breaker => {
  let open = false;
  let timer: NodeJS.Timeout | undefined;
  const change = (to: boolean): void => {
    open = to;
    onChange(to);
  };
  const askLater = (): void => {
    timer = setTimeout(() => {
      probe().then(() => {
        change(false);
      }, askLater);
    }, againAfterMs);
    timer.unref();
  };
  return {
    isOpen: () => open,
    trip: () => {
      if (open) return;
      change(true);
      askLater();
    },
    stop: () => {
      clearTimeout(timer);
    },
  };
};
