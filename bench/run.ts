import autocannon from 'autocannon';
import { hookRequest, prefetchOf } from './charts.js';
import { startProgram, startService, type BenchServer } from './server.js';

/**
 * `npm run bench`: the built service beside a bare Express 5 app, on the same bodies, in one run. Prints requests per
 * second, latencies and the ratio; the foundation asks for 0.5 on the medium chart with p99 under 25 ms. `WORKERS=2`
 * measures the service as it is meant to run on two cores; the bare app is always one process.
 */
const connections = 10;
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);
const sizes = ['small', 'medium', 'large'] as const;
const calls = [
  { service: 'antiresorptive-safety', hook: 'order-sign' },
  { service: 'bone-metastasis-review', hook: 'patient-view' },
] as const;

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

async function load(url: string, body: string, duration = seconds): Promise<Measured> {
  const result = await autocannon({
    url,
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
    connections,
    duration,
  });
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}

async function templatesOf(server: BenchServer, id: string): Promise<Readonly<Record<string, string>>> {
  const { services } = (await (await fetch(`${server.url}/cds-services`)).json()) as {
    readonly services: readonly {
      readonly id: string;
      readonly prefetch?: Readonly<Record<string, string>>;
    }[];
  };
  return services.find((service) => service.id === id)?.prefetch ?? {};
}

const workers = process.env['WORKERS'] ?? '1';
const service = await startService({ WORKERS: workers });
const bare = await startProgram(['bench/bare-app.js']);
const rows: Record<string, Record<string, string | number>> = {};
for (const { service: id, hook } of calls) {
  const templates = await templatesOf(service, id);
  for (const size of sizes) {
    const body = hookRequest(hook, prefetchOf(templates, size));
    const url = `${service.url}/cds-services/${id}`;
    await load(url, body, 2);
    await load(bare.url, body, 1);
    const yardstick = await load(bare.url, body);
    const ours = await load(url, body);
    rows[`${id} ${size}`] = {
      kB: Math.round(body.length / 1024),
      'bare/s': Math.round(yardstick.perSecond),
      'ours/s': Math.round(ours.perSecond),
      ratio: (ours.perSecond / yardstick.perSecond).toFixed(2),
      'p50 ms': ours.p50,
      'p99 ms': ours.p99,
      failed: ours.failed,
    };
  }
}
console.log(`${workers} process(es) against one of the bare app, ${connections} connections`);
console.table(rows);

const templates = await templatesOf(service, calls[0].service);
const body = hookRequest('order-sign', prefetchOf(templates, 'medium'));
const rss = [service.rssMegabytes()];
for (let thousands = 10; thousands <= 20; thousands += 10) {
  await autocannon({
    url: `${service.url}/cds-services/antiresorptive-safety`,
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
    connections,
    amount: 10_000,
  });
  rss.push(service.rssMegabytes());
}
console.log(
  `RSS: ${rss.map((megabytes) => `${megabytes.toFixed(0)} MB`).join(', then after 10 000 calls each ')}`,
);
await Promise.all([service.stop(), bare.stop()]);
