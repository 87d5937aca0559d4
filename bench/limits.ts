import type { Prepared } from '../src/engine/prepare.js';
import { chartWith, hookRequest, prefetchOf } from './charts.js';
import { templatesOf } from './load.js';
import { scoringMilliseconds } from './scores.js';
import { startService } from './server.js';
import { builtFunctions, type Functions } from './stages.js';

/** Milliseconds that the rules of the review take on a chart of so many Observations, chart included. */
export function reviewMilliseconds(
  { openCase, epochDayOf }: Functions,
  prepared: Prepared,
  observations: number,
): number {
  const service = prepared.services.get('bone-metastasis-review');
  const resources = chartWith(observations);
  const started = performance.now();
  const { of, memory } = openCase(prepared, {
    resources,
    drafts: [],
    missingKeys: new Set(),
    today: epochDayOf('2026-11-20'),
  });
  for (const rule of service?.rules ?? []) rule.evaluate(of, memory);
  return performance.now() - started;
}

const least = (times: readonly number[]): number => Math.min(...times);
const middle = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Prints what the engine must keep: many lesions, many Observations, the start, and the first call. */
export async function printLimits(): Promise<void> {
  const functions = await builtFunctions();
  const prepared = await functions.loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });
  const scoring = scoringMilliseconds(functions, prepared, 300).slice(100);
  console.log(
    `scores of 20 located lesions, 500 Observations: fastest ${least(scoring).toFixed(2)} ms, middle ${middle(scoring).toFixed(2)} ms`,
  );
  console.table(
    [100, 1000, 5000, 20_000].map((observations) => {
      const times = Array.from({ length: 12 }, () => reviewMilliseconds(functions, prepared, observations));
      return {
        observations,
        ms: least(times).toFixed(2),
        'µs each': ((1000 * least(times)) / observations).toFixed(2),
      };
    }),
  );
  const starts: { readonly start: number; readonly first: number }[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const began = performance.now();
    const service = await startService();
    const start = performance.now() - began;
    const templates = await templatesOf(service, 'bone-metastasis-review');
    const body = hookRequest('patient-view', prefetchOf(templates, 'medium'));
    const called = performance.now();
    const answer = await fetch(`${service.url}/cds-services/bone-metastasis-review`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await answer.text();
    starts.push({ start, first: performance.now() - called });
    await service.stop();
  }
  console.log(
    `start to listening ${middle(starts.map(({ start }) => start)).toFixed(0)} ms, first call of 44 kB ${middle(starts.map(({ first }) => first)).toFixed(0)} ms`,
  );
}
