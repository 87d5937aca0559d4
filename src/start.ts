import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { baseUrlOf, type Config } from './config.js';
import { prepare, type Prepared } from './engine/prepare.js';
import { forgettingShown } from './engine/said-before.js';
import { warmUp } from './engine/warm-up.js';
import { StoreError } from './feedback/store-error.js';
import { keyedHash, randomSecret } from './feedback/keyed-hash.js';
import { openStoreInThread } from './feedback/store.js';
import { timeOrderedId } from './feedback/time-ordered-id.js';
import type { Store } from './feedback/types.js';
import { checkExpression } from './fhirpath/lint.js';
import { fhirAgents } from './fhir/agent.js';
import { createApp, createManagementApp, type Additions } from './http/app.js';
import { createAudit } from './http/audit.js';
import { followConnections, mostConnections } from './http/connections.js';
import type { Deployment } from './http/deployment.js';
import type { Log } from './http/log.js';
import { createMetrics } from './http/metrics.js';
import { answerUnread, answerWithout } from './http/unread.js';
import { outboundAgent } from './outbound/agent.js';
import { tellAtStart } from './http/told-at-start.js';
import { rememberUnserved } from './http/unserved.js';
import { loadKnowledge } from './knowledge/load-knowledge.js';
import type { ClientsProblem } from './trust/clients-problems.js';
import type { Client } from './trust/clients.js';
import { createKeySource } from './trust/keys.js';
import { createReplayMemory, createSharedReplayGuard } from './trust/replay.js';
import { watchClients, type TrustedClients } from './trust/watch-clients.js';

/** A running service. */
export interface Running {
  /** Public base URL. */
  readonly url: string;
  /** The address really listened on, which a proxy in front may hide. */
  readonly listeningOn: string;
  /** Address of readiness and metrics, where they have a port of their own. */
  readonly management?: string;
  readonly deployment: Deployment;
  /** Answers what is in flight, takes nothing new, writes what is queued, and resolves. */
  stop(): Promise<void>;
}

export class StartRefused extends Error {
  readonly code = 'START_REFUSED';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

export interface StartOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock?: () => Date;
  readonly newId?: () => string;
  /** Says again what was shown before, as if nobody had seen it: for what compares answers. */
  readonly saysAgain?: boolean;
  /** What `loadPrepared` gave for this configuration: for a process that starts several services. */
  readonly prepared?: Promise<Prepared>;
  /** Routers of development and of the published knowledge, made when the deployment is known. */
  readonly additions?: (deployment: Deployment) => Additions | Promise<Additions>;
}

const purgeEveryMs = 6 * 3600_000;
const dayMs = 86_400_000;
/** For so long it is remembered what was shown to whom, and whom a card was about. */
const shownDays = 30;

/** Loads and compiles the knowledge; the problems of all artifacts are in the error. */
export async function loadPrepared(
  config: Pick<Config, 'localKnowledge' | 'guidelineEdition'> & Partial<Pick<Config, 'canonicalBase'>>,
): Promise<Prepared> {
  const knowledge = await loadKnowledge({
    checkExpression,
    ...(config.localKnowledge !== undefined && { overlay: config.localKnowledge }),
    ...(config.canonicalBase !== undefined && { canonicalBase: config.canonicalBase }),
  });
  return prepare(knowledge, config.guidelineEdition);
}

/** Starts the service; resolves when it listens. */
export async function start(options: StartOptions): Promise<Running> {
  const { config, log, clock = () => new Date() } = options;
  const { newId = () => timeOrderedId(clock()), saysAgain = false } = options;
  const [prepared, trusted] = await bothOf(
    options.prepared ?? loadPrepared(config),
    openClients(config, log),
  );
  tellAtStart(log, prepared, trusted?.current() ?? []);
  const store = await openDatabase(config, clock, log);
  const keyed = keyedHash(config.feedbackSecret ?? randomSecret());
  const audit = createAudit({ store, clock, keyed, patientInClear: config.auditPatientInClear });
  // Connections are looked at often: the limits of `listen` hold to the second, not to the half minute.
  const server = createServer({ connectionsCheckingInterval: 1000 });
  const closeServer = followConnections(server, mostConnections());
  answerUnread(server, config.canonicalBase);
  const notYet = notYetAt(config.canonicalBase);
  let baseUrl = '';
  let added: readonly Client[] = [];
  const metrics = createMetrics(store, {
    reasons: new Set(prepared.knowledge.overrideReasons.keys()),
    rules: new Map([...prepared.services].map(([id, { rules }]) => [id, rules.map(({ rule }) => rule.id)])),
  });
  const deployment: Deployment = {
    config,
    prepared,
    store,
    clients: () => [...(trusted?.current() ?? []), ...added],
    keys: createKeySource({ dispatcher: outboundAgent({ connections: 4, timeoutMs: 3000 }) }),
    replay: createSharedReplayGuard(store, createReplayMemory({ now: clock })),
    metrics,
    log,
    clock,
    baseUrl: () => baseUrl,
    newId,
    fhirDispatcher: fhirAgents({ connections: 64, timeoutMs: config.fhirBudgetMs + 1000 }),
    unserved: rememberUnserved(log, metrics, clock),
    keyed,
    audit,
    recall: saysAgain ? forgettingShown(store.memory) : store.memory,
  };
  // The port is bound before the routes that name it are made: nobody may wait for an answer that never comes.
  server.on('request', notYet);
  const port = await listen(server, config);
  baseUrl = baseUrlOf(config, port);
  const additions = await options.additions?.(deployment);
  added = additions?.clients ?? [];
  const app = createApp(deployment, additions);
  warmUp(prepared);
  server.off('request', notYet);
  server.on('request', app);
  const management = await openManagement(deployment, additions);
  const purging = setInterval(() => void purge(store, config, clock, log), purgeEveryMs);
  purging.unref();
  return {
    url: baseUrl,
    listeningOn: baseUrlOf({ ...config, publicBaseUrl: undefined }, port),
    ...(management !== undefined && { management: management.url }),
    deployment,
    stop: async () => {
      clearInterval(purging);
      await closeServer();
      await management?.close();
      trusted?.close();
      audit.close();
      await store.close();
    },
  };
}

function notYetAt(canonicalBase: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    response.setHeader('retry-after', '1');
    answerWithout(response, 503, 'OVERLOADED', 'this service is starting; try again', canonicalBase);
  };
}

/** One problem of the clients file, as the list of a refused start shows it. */
export function clientsProblem({ line, path, expected }: ClientsProblem): string {
  const place = line === 0 ? '' : ` line ${line}${path === '' ? '' : ` ${path}`}`;
  return `CLIENTS_FILE${place}: expected ${expected}`;
}

async function openClients(config: Config, log: Log): Promise<TrustedClients | undefined> {
  if (config.clientsFile === undefined) return undefined;
  const watched = await watchClients(config.clientsFile, { production: config.production, log });
  if (watched.ok) return watched.clients;
  throw new StartRefused(watched.problems.map(clientsProblem));
}

/** What is wrong with one must not hide what is wrong with the other. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const settled = await Promise.allSettled([first, second]);
  const failures: readonly unknown[] = settled.flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  if (failures.length > 1) throw new AggregateError(failures);
  return Promise.all([first, second]);
}

async function openDatabase({ database }: Config, clock: () => Date, log: Log): Promise<Store> {
  const url = database.kind === 'sqlite' ? `file:${database.path}` : database.url;
  try {
    return await openStoreInThread({
      url,
      clock,
      onDegraded: (degraded) => {
        if (degraded)
          log.error({ code: 'STORE_UNAVAILABLE' }, 'replay protection falls back to this process');
        else log.info('the store answers again');
      },
    });
  } catch (error) {
    const code = error instanceof StoreError ? error.driverCode : 'UNKNOWN';
    throw new StartRefused([`DATABASE_URL: the store cannot be opened (${code})`]);
  }
}

/** The second port, for those who operate the service: callers of the first then see neither metrics nor readiness. */
async function openManagement(
  deployment: Deployment,
  additions: Additions | undefined,
): Promise<{ readonly url: string; readonly close: () => Promise<void> } | undefined> {
  const { config, log } = deployment;
  if (config.managementPort === undefined) return undefined;
  const server = createServer({ connectionsCheckingInterval: 1000 });
  const close = followConnections(server, mostConnections());
  answerUnread(server, config.canonicalBase);
  server.on('request', createManagementApp(deployment, additions));
  const port = await listen(server, { host: config.host, port: config.managementPort }, 'MANAGEMENT_PORT');
  const url = baseUrlOf({ ...config, publicBaseUrl: undefined }, port);
  log.info({ url }, 'readiness and metrics');
  return { url, close };
}

async function listen(
  server: Server,
  { host, port }: Pick<Config, 'host' | 'port'>,
  variable = 'PORT',
): Promise<number> {
  // Slow senders are cut off; a body takes a place of the queue while it is sent, so it may not take for ever either.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 20_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new StartRefused([listenProblem(variable, error.code)]));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** What the operator has to change when the address cannot be listened on. */
function listenProblem(variable: string, code = 'UNKNOWN'): string {
  if (code === 'EADDRINUSE') return `${variable}: the port is taken by another program`;
  if (code === 'EACCES') return `${variable}: this user may not listen on the port`;
  return `HOST: not an address of this machine (${code})`;
}

async function purge(store: Store, config: Config, clock: () => Date, log: Log): Promise<void> {
  const now = clock().getTime();
  const before = new Date(now - config.auditRetentionDays * dayMs);
  const retention = {
    cardsBefore: before,
    textsBefore: before,
    auditBefore: before,
    declinesBefore: before,
    shownBefore: new Date(now - Math.min(shownDays, config.auditRetentionDays) * dayMs),
  };
  await store.purge(retention).catch(() => {
    log.warn({ code: 'STORE_UNAVAILABLE' }, 'retention could not be applied');
  });
}
