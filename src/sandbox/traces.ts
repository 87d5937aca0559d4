/** The stages of the last calls, by the id of the request: for the page that plays the EHR to show. */
export interface Traces {
  /** @param trace puts the stages into words; called once, if anybody asks */
  readonly keep: (requestId: string, trace: () => object) => void;
  readonly get: (requestId: string) => object | undefined;
}

/** Keeps so many, the oldest go first: until somebody asks, each holds the chart that it was made from. */
export function traceBook(most = 20): Traces {
  const kept = new Map<string, () => object>();
  return {
    keep: (requestId, trace) => {
      kept.set(requestId, trace);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
    get: (requestId) => {
      const trace = kept.get(requestId)?.();
      if (trace !== undefined) kept.set(requestId, () => trace);
      return trace;
    },
  };
}
