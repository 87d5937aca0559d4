/** The stages of the last calls, by the id of the request: for the page that plays the EHR to show. */
export interface Traces {
  readonly keep: (requestId: string, trace: object) => void;
  readonly get: (requestId: string) => object | undefined;
}

/** Keeps so many, the oldest go first. */
export function traceBook(most = 100): Traces {
  const kept = new Map<string, object>();
  return {
    keep: (requestId, trace) => {
      kept.set(requestId, trace);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
    get: (requestId) => kept.get(requestId),
  };
}
