import autocannon from 'autocannon';
import { endAfter, offer, one, orderSign, percentile, type Reply } from './load.js';
import { startService } from './server.js';

/**
 * `npm run bench:overload`: 200 connections that ask for twice what the service can do, for `OVERLOAD_SECONDS` (20) with
 * a medium and a huge chart. Whoever is not answered must be told so (503 with `Retry-After`), and the service must be
 * its old self within 5 s after. Prints latency and memory over time; ends with 1 when something does not hold.
 */
const seconds = Number(process.env['OVERLOAD_SECONDS'] ?? 20);
const connections = 200;
const service = await startService({ LOG_LEVEL: 'warn' });
endAfter(4 * seconds + 120, service);
const url = `${service.url}/cds-services/antiresorptive-safety`;

let failures = 0;
const must = (holds: boolean, what: string): void => {
  console.log(`${holds ? 'ok  ' : 'NOT '} ${what}`);
  if (!holds) failures += 1;
};

const calm = (body: string, duration: number) =>
  autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: 10,
    duration,
  });

/** Seconds until a call is answered as fast as before; infinite when that takes more than 10. */
async function recovery(body: string, asFastMs: number): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < 10_000) {
    const { status, ms } = await one(url, body);
    if (status === 200 && ms < asFastMs) return (performance.now() - started) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return Number.POSITIVE_INFINITY;
}

for (const size of ['medium', 'huge'] as const) {
  const body = await orderSign(service, size);
  await calm(body, 3);
  const before = await calm(body, 5);
  const perSecond = Math.max(1, Math.round(before.requests.average * 2));
  const rss: number[] = [];
  const slice = Math.max(1, Math.round(seconds / 10));
  const watching = setInterval(() => rss.push(service.rssMegabytes()), slice * 1000);
  const { replies, unsent } = await offer({ url, body, connections, perSecond, seconds });
  clearInterval(watching);
  const recovered = await recovery(body, Math.max(50, before.latency.p99 * 3));

  const of = (list: readonly Reply[], status: number) => list.filter((reply) => reply.status === status);
  console.log(
    `\n${size} chart, ${Math.round(body.length / 1024)} kB; calm: ${Math.round(before.requests.average)} calls/s, p99 ${before.latency.p99} ms; offered: ${perSecond} calls/s on ${connections} connections`,
  );
  console.table(
    rss.map((megabytes, index) => {
      const from = index * slice * 1000;
      const sent = replies.filter(({ at }) => at >= from && at < from + slice * 1000);
      const answered = of(sent, 200).map(({ ms }) => ms);
      return {
        second: (index + 1) * slice,
        'answered/s': Math.round(answered.length / slice),
        'p50 ms': percentile(answered, 0.5),
        'p99 ms': percentile(answered, 0.99),
        '503/s': Math.round(of(sent, 503).length / slice),
        'RSS MB': Math.round(megabytes),
      };
    }),
  );
  const refused = of(replies, 503);
  const p99 = percentile(
    of(replies, 200).map(({ ms }) => ms),
    0.99,
  );
  console.log(
    `${of(replies, 200).length} answered, ${refused.length} refused, ${unsent} not sent (all connections taken)`,
  );
  must(of(replies, 0).length === 0, 'no connection was broken and none waited in vain');
  must(
    replies.every(({ status, retryAfter }) => status === 200 || (status === 503 && retryAfter)),
    'every answer was 200, or 503 with Retry-After',
  );
  must(refused.length > 0 || p99 < 500, 'what could not be answered in time was refused');
  must(p99 < 3000, `p99 of the answered was ${p99} ms`);
  must(recovered <= 5, `recovered ${recovered.toFixed(1)} s after`);
}
await service.stop();
process.exit(failures === 0 ? 0 : 1);
