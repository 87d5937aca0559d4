import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from 'cors';
import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Client } from '../trust/clients.js';
import { allowedOrigin } from '../trust/origins.js';
import type { Deployment } from './deployment.js';
import { discovery } from './discovery.js';
import { canonicalBaseSetting, errorHandler, notFound, onlyMethods, refusedCode } from './errors.js';
import { feedback } from './feedback.js';
import { gate, gateWithBody } from './gate.js';
import { invoke } from './invoke.js';
import { health, metricsPage, readiness } from './operation.js';
import { publicPaths } from './public-paths.js';
import { ownHost } from './own-host.js';
import { requestId } from './request-id.js';
import { scores } from './scores.js';
import type { TraceBook } from './trace.js';

/** What `main` mounts besides the API: the published knowledge, pages, and in development the sandbox. */
export interface Additions {
  /** Below `/fhir`, open to everybody. */
  readonly published?: Router;
  /** Below `/fhir` too, for who may call hooks. */
  readonly extraction?: Router;
  /** Open to everybody, by the path that each is mounted at, such as `/smart`; each sets the headers of its pages. */
  readonly pages?: Readonly<Record<string, Router>>;
  readonly sandbox?: Router;
  /** With several processes: the metrics of all of them. */
  readonly metricsOfAll?: () => Promise<string>;
  /** Where the stages of hook calls are kept; in development only. */
  readonly trace?: TraceBook;
  /** Clients that are trusted beside those of the clients file: the sandbox EHR. */
  readonly clients?: readonly Client[];
}

/** The whole HTTP surface. */
export function createApp(deployment: Deployment, additions: Additions = {}): Express {
  const { config, clients, log, audit } = deployment;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  app.set('etag', false);
  app.set(canonicalBaseSetting, config.canonicalBase);

  app.use((_request, response, next) => {
    response.once('finish', () => {
      const code = refusedCode(response);
      if (code !== undefined) deployment.metrics.refused(code);
    });
    next();
  });
  app.use(requestId());
  app.use(operation(deployment, additions, config.managementPort === undefined), ...ownHost(deployment));

  if (additions.sandbox !== undefined) app.use(additions.sandbox);
  const publicly = publicPaths(deployment);
  for (const [path, page] of Object.entries(additions.pages ?? {})) app.use(path, ...publicly, page);

  // Cards and scores hold patient data: no cache may keep them.
  app.use(apiHeaders());
  app.use(
    cors({
      origin: (origin, decide) => {
        decide(null, mayRead(origin, deployment));
      },
      methods: ['GET', 'POST', 'OPTIONS'],
      allowedHeaders: ['Authorization', 'Content-Type', 'Accept', 'Accept-Language', 'X-Request-Id'],
      exposedHeaders: ['Content-Language', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'],
      maxAge: 600,
    }),
  );

  const reading = onlyMethods('GET', 'HEAD', 'OPTIONS');
  const called = gateWithBody(deployment);
  app
    .route('/cds-services')
    .get(audit.watch('discovery'), ...gate(deployment), discovery(deployment))
    .all(reading);
  app
    .route('/cds-services/:id')
    .post(audit.watch('hook'), ...called, invoke(deployment, additions.trace))
    .all(onlyMethods('POST', 'OPTIONS'));
  app
    .route('/cds-services/:id/feedback')
    .post(audit.watch('feedback'), ...called, feedback(deployment))
    .all(onlyMethods('POST', 'OPTIONS'));
  app
    .route('/scores')
    .post(audit.watch('scores'), ...called, scores(deployment))
    .all(onlyMethods('POST', 'OPTIONS'));

  if (additions.extraction !== undefined) app.use('/fhir', additions.extraction);

  // No call of a client comes further than this: whatever is mounted below is open to everybody.
  app.use(...publicly);
  if (additions.published !== undefined) app.use('/fhir', additions.published);
  app.use(notFound);
  app.use(errorHandler(log));
  return app;

  function mayRead(
    origin: string | undefined,
    { config: { production }, baseUrl }: Deployment,
  ): boolean | string {
    if (origin === undefined) return false;
    if (allowedOrigin(origin, clients())) return origin;
    const isOwn = origin === new URL(baseUrl()).origin;
    return isOwn || (!production && isLoopback(origin)) ? origin : false;
  }
}

/** What answers on `MANAGEMENT_PORT`. */
export function createManagementApp(deployment: Deployment, additions: Additions = {}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set(canonicalBaseSetting, deployment.config.canonicalBase);
  app.use(apiHeaders(), operation(deployment, additions, true));
  app.use(notFound);
  app.use(errorHandler(deployment.log));
  return app;
}

/** Liveness, and where it is wanted here readiness and metrics. */
function operation(deployment: Deployment, { metricsOfAll }: Additions, isWhole: boolean): Router {
  const reading = onlyMethods('GET', 'HEAD', 'OPTIONS');
  const router = express.Router();
  router.route('/healthz').get(health()).all(reading);
  if (isWhole) {
    router.route('/readyz').get(readiness(deployment)).all(reading);
    router.route('/metrics').get(metricsPage(deployment, metricsOfAll)).all(reading);
  }
  return router;
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(origin).hostname);
}

/** The same for every answer: helmet is asked once, on an answer that is never sent. */
function apiHeaders(): RequestHandler {
  const sample = new ServerResponse(new IncomingMessage(new Socket()));
  const secure = helmet({
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      useDefaults: false,
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  secure(sample.req, sample, () => {
    sample.setHeader('Cache-Control', 'no-store');
  });
  const headers = new Map(sample.getHeaderNames().map((name) => [name, sample.getHeader(name) ?? '']));
  return (_request, response, next) => {
    response.setHeaders(headers);
    // Also where no origin is allowed: a cache must not give one page's refusal to another.
    response.vary('Origin');
    next();
  };
}
