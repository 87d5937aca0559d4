import autocannon from 'autocannon';
import { hookRequest, prefetchOf } from './charts.js';
import { startService } from './server.js';

/**
 * 200 connections that ask for twice what the service can do. Whoever is not answered must be told so at once (503 with
 * `Retry-After`), and the service must be its old self within 5 s after. Ends with 1 when it is not.
 */
const seconds = Number(process.env['OVERLOAD_SECONDS'] ?? 20);
const connections = 200;
const service = await startService({ LOG_LEVEL: 'warn' });
const url = `${service.url}/cds-services/antiresorptive-safety`;
const headers = { 'content-type': 'application/json' };

async function templates(): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${service.url}/cds-services`);
  const { services } = (await answer.json()) as {
    readonly services: readonly {
      readonly id: string;
      readonly prefetch?: Readonly<Record<string, string>>;
    }[];
  };
  return services.find(({ id }) => id === 'antiresorptive-safety')?.prefetch ?? {};
}

let failures = 0;
const must = (holds: boolean, what: string): void => {
  console.log(`${holds ? 'ok  ' : 'NOT '} ${what}`);
  if (!holds) failures += 1;
};

for (const size of ['medium', 'large'] as const) {
  const body = hookRequest('order-sign', prefetchOf(await templates(), size));
  const load = (duration: number, many: number, rate?: number) =>
    autocannon({
      url,
      method: 'POST',
      headers,
      body,
      connections: many,
      duration,
      timeout: 30,
      // The calls that a full connection could not even make are not waited for by anybody.
      ignoreCoordinatedOmission: true,
      ...(rate !== undefined && { overallRate: rate }),
    });
  await load(3, 10);
  const calm = await load(5, 10);
  const rate = Math.max(1, Math.round(calm.requests.average));
  let highest = 0;
  const watching = setInterval(() => (highest = Math.max(highest, service.rssMegabytes())), 250);
  const run = load(seconds, connections, rate * 2);
  // An honest EHR among the crowd: is it refused in the way that lets it come back?
  let honest = { answered: 0, refused: 0, wrong: 0 };
  const until = performance.now() + seconds * 1000;
  const asking = (async () => {
    while (performance.now() < until) {
      const response = await fetch(url, { method: 'POST', headers, body });
      await response.text();
      const { status } = response;
      if (status === 200) honest = { ...honest, answered: honest.answered + 1 };
      else if (status === 503 && response.headers.get('retry-after') !== null)
        honest = { ...honest, refused: honest.refused + 1 };
      else honest = { ...honest, wrong: honest.wrong + 1 };
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  const result = await run;
  const without = Object.entries(result.statusCodeStats ?? {})
    .filter(([status]) => status !== '200' && status !== '503')
    .reduce((sum, [, { count = 0 }]) => sum + count, 0);
  await asking;
  clearInterval(watching);
  const started = performance.now();
  let recovered = Number.POSITIVE_INFINITY;
  while (performance.now() - started < 10_000) {
    const before = performance.now();
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.text();
    if (response.status === 200 && performance.now() - before < Math.max(50, calm.latency.p99 * 3)) {
      recovered = (performance.now() - started) / 1000;
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  console.log(`${size} chart, ${Math.round(body.length / 1024)} kB:`);
  console.table({
    calm: {
      'calls/s': rate,
      'p50 ms': calm.latency.p50,
      'p99 ms': calm.latency.p99,
      refused: calm.non2xx,
      errors: calm.errors,
    },
    overload: {
      'calls/s': Math.round(result.requests.average),
      'p50 ms': result.latency.p50,
      'p99 ms': result.latency.p99,
      refused: result.non2xx,
      errors: result.errors,
    },
  });
  console.log(`highest RSS ${highest.toFixed(0)} MB; an EHR among the crowd: ${JSON.stringify(honest)}`);
  must(result.errors === 0 && result.timeouts === 0, 'no connection was broken and none timed out');
  must(without === 0 && honest.wrong === 0, 'every answer was 200, or 503 with Retry-After');
  must(recovered <= 5, `recovered ${recovered.toFixed(1)} s after`);
}
await service.stop();
process.exitCode = failures === 0 ? 0 : 1;
