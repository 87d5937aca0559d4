import cluster, { type Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** Messages between the primary process and its workers. */
type Message =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'metrics-wanted'; readonly id: number }
  | { readonly kind: 'metrics'; readonly id: number; readonly text: string };

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** How many processes: `--workers N` on the command line wins over `WORKERS`. */
export function wantedWorkers(argv: readonly string[], configured: number): number {
  const index = argv.indexOf('--workers');
  const asked = index < 0 ? Number.NaN : Number(argv[index + 1]);
  return Number.isInteger(asked) && asked > 0 && asked <= 256 ? asked : configured;
}

/** One that cannot start (the database is gone) must not be started as fast as the machine can. */
const replaceAfterMs = 1000;

/**
 * Runs as the primary process: starts the workers, replaces one that ends, prints the address once all listen, gathers
 * their metrics, and passes the signal to stop on.
 */
export function superviseWorkers(count: number, log: { warn(fields: object, message: string): void }): void {
  const aggregated = new AggregatorRegistry();
  // Declined cards are remembered by a keyed hash: all workers need the same key.
  const env = { FEEDBACK_SECRET: process.env['FEEDBACK_SECRET'] ?? randomBytes(32).toString('base64url') };
  let listening = 0;
  let stopping = false;
  const serve = (worker: Worker): void => {
    worker.on('message', (message: unknown) => {
      if (!isMessage(message)) return;
      if (message.kind === 'listening' && ++listening === count)
        process.stdout.write(`listening on ${message.url}\n`);
      if (message.kind === 'metrics-wanted') {
        const answer = (text: string): void => {
          // The worker may have ended while the others were asked.
          if (worker.isConnected()) worker.send({ kind: 'metrics', id: message.id, text } satisfies Message);
        };
        void aggregated.clusterMetrics().then(answer, () => {
          answer('');
        });
      }
    });
  };
  for (let index = 0; index < count; index++) serve(cluster.fork(env));
  cluster.on('exit', (worker, code) => {
    if (stopping) return;
    if (listening < count) process.exit(code === 0 ? 1 : code);
    log.warn({ worker: worker.id, code }, 'a worker ended and is replaced');
    setTimeout(() => {
      if (!stopping) serve(cluster.fork(env));
    }, replaceAfterMs);
  });
  const stop = (signal: NodeJS.Signals): void => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** In a worker: tells the primary that it listens. */
export function announce(url: string): void {
  process.send?.({ kind: 'listening', url } satisfies Message);
}

let wanted = 0;

/** In a worker: lets the primary process read these metrics. */
export function shareMetrics(registry: Registry): void {
  AggregatorRegistry.setRegistries(registry);
  // Its constructor is what makes a worker answer the primary process.
  new AggregatorRegistry();
}

/** In a worker: the metrics of all workers together. */
export function metricsOfAll(timeoutMs: number): Promise<string> {
  const id = ++wanted;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      process.off('message', onMessage);
      reject(new Error('the primary process did not answer'));
    }, timeoutMs);
    const onMessage = (message: unknown): void => {
      if (!isMessage(message) || message.kind !== 'metrics' || message.id !== id) return;
      clearTimeout(timer);
      process.off('message', onMessage);
      resolve(message.text);
    };
    process.on('message', onMessage);
    process.send?.({ kind: 'metrics-wanted', id } satisfies Message);
  });
}
