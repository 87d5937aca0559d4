import autocannon from 'autocannon';
import { availableParallelism } from 'node:os';
import { hookRequest, lesionKinds, prefetchOf, sizes, type Lesions, type Size } from './charts.js';
import { printLimits } from './limits.js';
import { templatesOf } from './load.js';
import { algorithms, makeHospital, type Algorithm, type Hospital } from './production.js';
import { startProgram, startService, type BenchServer } from './server.js';
import { printStages } from './stages.js';

/**
 * `npm run bench`: the built service beside a bare Express 5 app that does the same outside work on the same bodies (it parses;
 * in production it verifies the token too), in turns, warm. Prints processor time per call of all threads, calls per second,
 * both as shares of the bare app's, p50, p99, what failed, and memory. `npm run bench -- --stages` prints instead where the
 * time goes inside one process, in µs per call; `--limits` what the engine must keep (20 lesions, 20 000 Observations, the start).
 *
 * A whole run takes an hour. It can be had in parts, each variable a comma list:
 * - `BENCH_MODES`: `development`, `es384`, `rs384` (production, with the token that the EHR signs so)
 * - `BENCH_STORES`: `sqlite`, `postgres` (which needs `TEST_POSTGRES_URL`, and is left out without it)
 * - `BENCH_CALLS`: `review`, `order-sign`; `BENCH_LESIONS`: `located`, `unlocated`; `BENCH_SIZES`: `small`, `medium`, `large`, `huge`
 * - `BENCH_SECONDS` of a turn (3), `BENCH_TURNS` (3), `BENCH_WARM` calls before the first (4000), `WORKERS`: numbers of processes (1)
 *
 * The load generator shares the cores: shares by rate are of the machine, shares by processor time are of the service.
 */
const connections = 10;
const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);
const turns = Number(process.env['BENCH_TURNS'] ?? 3);
const warmCalls = Number(process.env['BENCH_WARM'] ?? 4000);

const modes = ['development', ...algorithms] as const;
type Mode = (typeof modes)[number];
const stores = ['sqlite', 'postgres'] as const;
type Store = (typeof stores)[number];
const calls = {
  review: { service: 'bone-metastasis-review', hook: 'patient-view' },
  'order-sign': { service: 'antiresorptive-safety', hook: 'order-sign' },
} as const;

/** Those of the names that the variable lists; all where it is not set. */
function chosen<Name extends string>(variable: string, names: readonly Name[]): readonly Name[] {
  const asked = process.env[variable]?.split(',');
  const unknown = asked?.filter((name) => !names.some((each) => each === name)) ?? [];
  if (unknown.length > 0) throw new Error(`${variable}: ${unknown.join()} is none of ${names.join(', ')}`);
  return names.filter((name) => asked?.includes(name) ?? true);
}

/** One kind of call, as it is sent over and over. */
interface Load {
  readonly path: string;
  readonly body: string;
  /** `Authorization` of so many calls; undefined where none is asked for. */
  readonly tokens: ((count: number) => Promise<readonly string[]>) | undefined;
}

interface Measured {
  readonly calls: number;
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

/** @param rate calls per second that are to be expected, for each of which a token is made beforehand */
async function measure(
  server: BenchServer,
  url: string,
  load: Load,
  length: { readonly amount: number } | { readonly duration: number },
  rate: number,
): Promise<Measured> {
  const count = 'amount' in length ? length.amount : Math.ceil(2 * rate * length.duration) + 2000;
  const tokens = (await load.tokens?.(count)) ?? [];
  let next = 0;
  const before = server.cpuMilliseconds();
  const headers = { 'content-type': 'application/json' };
  const result = await autocannon({
    url,
    connections,
    ...length,
    requests: [
      {
        method: 'POST',
        body: load.body,
        headers,
        ...(tokens.length > 0 && {
          setupRequest: (request) => ({
            ...request,
            headers: { ...headers, authorization: tokens[next++ % tokens.length] ?? '' },
          }),
        }),
      },
    ],
  });
  if (tokens.length > 1 && next > tokens.length) throw new Error(`${next} calls, ${tokens.length} tokens`);
  const answered = result['2xx'] + result.non2xx;
  return {
    calls: answered,
    perSecond: result.requests.average,
    cpuMicroseconds: (1000 * (server.cpuMilliseconds() - before)) / answered,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Both in turns, so that what slows the machine down slows both; of the turns, the middle. */
async function compare(
  bare: BenchServer,
  service: BenchServer,
  load: Load,
): Promise<Readonly<Record<string, string | number>>> {
  const url = `${service.url}${load.path}`;
  const warm = await measure(service, url, load, { amount: warmCalls }, 0);
  // The bare app asks for no new token each time, and is given none: making them is work of the callers alone.
  const [token] = (await load.tokens?.(1)) ?? [];
  const bareLoad: Load = {
    ...load,
    tokens: token === undefined ? undefined : () => Promise.resolve([token]),
  };
  const bareRate = (await measure(bare, bare.url, bareLoad, { amount: warmCalls }, 0)).perSecond;
  const found: { readonly bare: Measured; readonly ours: Measured }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    found.push({
      bare: await measure(bare, bare.url, bareLoad, { duration: seconds }, 2 * bareRate),
      ours: await measure(service, url, load, { duration: seconds }, 2 * warm.perSecond),
    });
  }
  const of = (value: (each: (typeof found)[number]) => number): number => middle(found.map(value));
  return {
    kB: Math.round(load.body.length / 1024),
    'bare µs': Math.round(of((each) => each.bare.cpuMicroseconds)),
    'ours µs': Math.round(of((each) => each.ours.cpuMicroseconds)),
    'by CPU': of((each) => each.bare.cpuMicroseconds / each.ours.cpuMicroseconds).toFixed(2),
    'bare/s': Math.round(of((each) => each.bare.perSecond)),
    'ours/s': Math.round(of((each) => each.ours.perSecond)),
    'by rate': of((each) => each.ours.perSecond / each.bare.perSecond).toFixed(2),
    'p50 ms': of((each) => each.ours.p50),
    'p99 ms': of((each) => each.ours.p99),
    'bare p99': of((each) => each.bare.p99),
    failed: warm.failed + found.reduce((sum, each) => sum + each.ours.failed, 0),
    'RSS MB': Math.round(service.rssMegabytes()),
  };
}

async function startFor(mode: Mode, store: Store, workers: number, hospital: Hospital): Promise<BenchServer> {
  const postgres = process.env['TEST_POSTGRES_URL'] ?? '';
  return startService({
    WORKERS: String(workers),
    ...(store === 'postgres' && { DATABASE_URL: postgres }),
    ...(mode !== 'development' && {
      NODE_ENV: 'production',
      CLIENTS_FILE: hospital.clientsFile,
      PUBLIC_BASE_URL: hospital.publicBaseUrl,
      FEEDBACK_SECRET: 'a key for the bench alone',
    }),
  });
}

const startBare = (mode: Mode, path: string, hospital: Hospital): Promise<BenchServer> =>
  startProgram(
    ['bench/bare-app.js'],
    mode === 'development'
      ? {}
      : { BARE_KEYS: hospital.keySet, BARE_AUDIENCE: `${hospital.publicBaseUrl}${path}` },
  );

interface Round {
  readonly mode: Mode;
  readonly store: Store;
  readonly workers: number;
  readonly hospital: Hospital;
}

async function bench(round: Round): Promise<void> {
  const { mode, store, workers, hospital } = round;
  const service = await startFor(mode, store, workers, hospital);
  const signed = (path: string): Load['tokens'] =>
    mode === 'development' ? undefined : (count) => hospital.tokens(mode satisfies Algorithm, path, count);
  const rows: Record<string, Readonly<Record<string, string | number>>> = {};
  for (const call of chosen('BENCH_CALLS', ['review', 'order-sign'])) {
    const { service: id, hook } = calls[call];
    const path = `/cds-services/${id}`;
    const [token] = (await signed('/cds-services')?.(1)) ?? [];
    const templates = await templatesOf(service, id, token === undefined ? {} : { authorization: token });
    const bare = await startBare(mode, path, hospital);
    for (const lesions of chosen<Lesions>('BENCH_LESIONS', lesionKinds)) {
      for (const size of chosen<Size>('BENCH_SIZES', sizes)) {
        const body = hookRequest(hook, prefetchOf(templates, size, lesions));
        rows[`${call}, ${lesions}, ${size}`] = await compare(bare, service, {
          path,
          body,
          tokens: signed(path),
        });
      }
    }
    await bare.stop();
  }
  console.log(
    `${mode}, ${store}, ${workers} process(es), ${connections} connections, Node ${process.versions.node}`,
  );
  console.table(rows);
  await service.stop();
}

if (process.argv.includes('--stages')) {
  await printStages(chosen('BENCH_SIZES', sizes), chosen('BENCH_LESIONS', lesionKinds), warmCalls);
} else if (process.argv.includes('--limits')) {
  await printLimits();
} else {
  console.log(`${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores`);
  const hospital = await makeHospital();
  const hasPostgres = process.env['TEST_POSTGRES_URL'] !== undefined;
  for (const workers of (process.env['WORKERS'] ?? '1').split(',').map(Number)) {
    for (const store of chosen('BENCH_STORES', stores)) {
      if (store === 'postgres' && !hasPostgres) continue;
      for (const mode of chosen('BENCH_MODES', modes)) await bench({ mode, store, workers, hospital });
    }
  }
}
