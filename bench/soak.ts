import autocannon from 'autocannon';
import { hookRequest, prefetchOf } from './charts.js';
import { startService } from './server.js';

/**
 * `SOAK_SECONDS` (600) of steady calls on 10 connections at half of what the service can do. Prints latency and memory
 * for each minute; ends with 1 when a call failed or memory kept growing.
 */
const seconds = Number(process.env['SOAK_SECONDS'] ?? 600);
const slice = Math.min(60, Math.max(5, seconds / 4));
const service = await startService({ LOG_LEVEL: 'info' });
const url = `${service.url}/cds-services/antiresorptive-safety`;

const answer = await fetch(`${service.url}/cds-services`);
const { services } = (await answer.json()) as {
  readonly services: readonly { readonly id: string; readonly prefetch?: Readonly<Record<string, string>> }[];
};
const templates = services.find(({ id }) => id === 'antiresorptive-safety')?.prefetch ?? {};
const body = hookRequest('order-sign', prefetchOf(templates, 'medium'));
const load = (duration: number, rate?: number) =>
  autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: 10,
    duration,
    ...(rate !== undefined && { overallRate: rate }),
  });

const warm = await load(Math.min(20, slice));
const rate = Math.max(1, Math.round(warm.requests.average / 2));
const rows: {
  second: number;
  'calls/s': number;
  'p50 ms': number;
  'p99 ms': number;
  failed: number;
  'RSS MB': number;
}[] = [];
for (let second = slice; second <= seconds; second += slice) {
  const { requests, latency, non2xx, errors } = await load(slice, rate);
  rows.push({
    second: Math.round(second),
    'calls/s': Math.round(requests.average),
    'p50 ms': latency.p50,
    'p99 ms': latency.p99,
    failed: non2xx + errors,
    'RSS MB': Math.round(service.rssMegabytes()),
  });
}
console.table(rows);
await service.stop();

const failed = rows.reduce((sum, row) => sum + row.failed, 0);
// The second half is compared with the first: a heap that has found its size stays there.
const memory = rows.map((row) => row['RSS MB']);
const half = Math.ceil(memory.length / 2);
const growth = Math.max(...memory.slice(half)) / Math.max(...memory.slice(0, half));
console.log(`${failed} failed; memory of the second half ${growth.toFixed(2)} times that of the first`);
process.exitCode = failed === 0 && growth < 1.3 ? 0 : 1;
