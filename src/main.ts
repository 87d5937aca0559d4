import cluster from 'node:cluster';
import { setFlagsFromString } from 'node:v8';
import { readConfig, type Config, type ConfigResult } from './config.js';
import { createLog } from './http/log.js';
import { KnowledgeError, formatProblem } from './knowledge/problem.js';
import { useOwnFetch } from './outbound/agent.js';
import { PreparationError } from './engine/prepare.js';
import { announce, metricsOfAll, shareMetrics, superviseWorkers, wantedWorkers } from './workers.js';
import { readClientsFile } from './trust/watch-clients.js';
import { clientsProblem, start, StartRefused } from './start.js';
import type { Deployment } from './http/deployment.js';
import type { Additions } from './http/app.js';

useOwnFetch();

// What a call leaves behind is garbage at once. V8 would rather take twice the memory in use than collect it; measured,
// collecting at half as much again costs no throughput, and the process stays below 250 MB.
setFlagsFromString('--heap-growing-percent=50');

/** Tells all that stands in the way of a start, one line each, and ends with a failure. */
function refuseStart(problems: readonly string[]): never {
  process.stderr.write(`the service cannot start:\n${problems.map((each) => `  - ${each}\n`).join('')}`);
  process.exit(1);
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof KnowledgeError) return error.problems.map(formatProblem);
  if (error instanceof PreparationError) return error.message.split('\n');
  if (error instanceof StartRefused) return error.problems;
  if (error instanceof AggregateError) return error.errors.flatMap(problemsOf);
  throw error;
}

async function additions(deployment: Deployment): Promise<Additions> {
  const { mount } = await import('./mount.js');
  const mounted = await mount(deployment, { sandbox: !cluster.isWorker });
  if (cluster.isWorker) shareMetrics(deployment.metrics.registry);
  return cluster.isWorker ? { ...mounted, metricsOfAll: () => metricsOfAll(2000) } : mounted;
}

async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const running = await start({ config, log, additions }).catch((error: unknown) =>
    refuseStart(problemsOf(error)),
  );
  if (!config.production) {
    log.warn('development: callers from loopback need no token, and loopback FHIR servers are allowed');
  }
  // The address that was bound: with `PORT=0` it is told nowhere else, whatever the public one is.
  if (cluster.isWorker) announce(running.listeningOn);
  else process.stdout.write(`listening on ${running.listeningOn}\n`);
  if (running.url !== running.listeningOn) log.info({ publicBaseUrl: running.url }, 'public address');
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    void running.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('unhandledRejection', (reason: unknown) => {
    // The process ends only by signal; a bug in one call must not take the others with it.
    log.error({ error: reason instanceof Error ? reason.name : 'unknown' }, 'unhandled rejection');
  });
}

function configuration(): ConfigResult {
  try {
    return readConfig(process.env);
  } catch (error) {
    // What may be configured depends on the guideline, and its file cannot be used.
    return refuseStart(problemsOf(error));
  }
}

const read = configuration();
if (read.ok) {
  const workers = wantedWorkers(process.argv, read.config.workers);
  if (workers > 1 && cluster.isPrimary) superviseWorkers(workers, createLog(read.config.logLevel));
  else await serve(read.config);
} else {
  // All that is wrong at once: the clients file is read although the start is refused already.
  const { file, production } = read.clients;
  const clients = file === undefined ? undefined : await readClientsFile(file, production);
  refuseStart([
    ...read.problems.map(
      ({ variable, found, expected }) => `${variable}: found ${found}, expected ${expected}`,
    ),
    ...(clients === undefined || clients.ok ? [] : clients.problems.map(clientsProblem)),
  ]);
}
