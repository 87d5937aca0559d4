import { afterEach } from '@jest/globals';
import { outboundAgent } from '../../src/outbound/agent.js';
import { fhirBudget } from '../../src/fhir/budget.js';
import { fhirClient } from '../../src/fhir/client.js';
import type { FhirClient, FhirLimits } from '../../src/fhir/types.js';
import { misbehavingServer, type Behaviour, type MisbehavingServer } from './misbehaving-server.js';

export const LIMITS: FhirLimits = { maxPages: 5, maxResources: 100, maxBytes: 20_000, maxTotalBytes: 50_000 };
export const TOKEN = 'planted-access-token';
export const QUERY = 'Observation?patient=1';
export const BUDGET_MS = 400;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A misbehaving server that is closed after the test. */
export async function serve(behaviour: Behaviour): Promise<MisbehavingServer> {
  const server = await misbehavingServer(behaviour);
  closers.push(server.close);
  return server;
}

/** A client with a short budget and no jitter. */
export function client(
  base: string,
  options: { caller?: AbortSignal; budgetMs?: number; limits?: Partial<FhirLimits> } = {},
): FhirClient {
  const dispatcher = outboundAgent({ connections: 4, timeoutMs: 5000 });
  closers.push(() => dispatcher.destroy());
  return fhirClient({
    baseUrl: base,
    accessToken: TOKEN,
    budget: fhirBudget(options.budgetMs ?? BUDGET_MS, options.caller),
    limits: { ...LIMITS, ...options.limits },
    dispatcher,
    jitter: () => 0,
  });
}

/** How long the work took. */
export async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}
