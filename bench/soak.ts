import { endAfter, offer, orderSign, percentile } from './load.js';
import { startService } from './server.js';

/**
 * `npm run bench:soak`: steady calls for `SOAK_SECONDS` (600) at half of what the service can do. Prints latency and
 * memory over time; ends with 1 when a call failed or memory kept growing.
 */
const seconds = Number(process.env['SOAK_SECONDS'] ?? 600);
const slice = Math.min(60, Math.max(2, seconds / 10));
const service = await startService({ LOG_LEVEL: 'info' });
endAfter(2 * seconds + 120, service);
const url = `${service.url}/cds-services/antiresorptive-safety`;
const body = await orderSign(service, 'medium');
const load = (duration: number, connections: number, perSecond: number) =>
  offer({ url, body, connections, perSecond, seconds: duration });

// Ten connections that are never at rest find what the service can do; the first round only warms it up.
await load(Math.min(10, slice), 10, 100_000);
const warm = await load(Math.min(10, slice), 10, 100_000);
const perSecond = Math.max(1, Math.round(warm.replies.length / Math.min(10, slice) / 2));
const rows: {
  second: number;
  'calls/s': number;
  'p50 ms': number;
  'p99 ms': number;
  failed: number;
  'RSS MB': number;
}[] = [];
for (let second = slice; second <= seconds; second += slice) {
  const { replies } = await load(slice, 50, perSecond);
  const times = replies.map(({ ms }) => ms);
  rows.push({
    second: Math.round(second),
    'calls/s': Math.round(replies.length / slice),
    'p50 ms': percentile(times, 0.5),
    'p99 ms': percentile(times, 0.99),
    failed: replies.filter(({ status }) => status !== 200).length,
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
process.exit(failed === 0 && growth < 1.3 ? 0 : 1);
