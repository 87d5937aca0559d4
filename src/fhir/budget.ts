import type { FhirBudget } from './types.js';

/**
 * Starts the time that all FHIR calls of one hook call share (`FHIR_BUDGET_MS`).
 * @param caller aborts when the client has disconnected
 * @param monotonicMs a clock that never jumps; for tests
 */
export function fhirBudget(
  ms: number,
  caller?: AbortSignal,
  monotonicMs: () => number = () => performance.now(),
): FhirBudget {
  const deadline = monotonicMs() + ms;
  const timer = AbortSignal.timeout(ms);
  const signal = caller === undefined ? timer : AbortSignal.any([timer, caller]);
  return {
    signal,
    remainingMs: () => Math.max(0, deadline - monotonicMs()),
    spent: () => (caller?.aborted === true ? 'aborted' : timer.aborted ? 'timeout' : undefined),
  };
}
