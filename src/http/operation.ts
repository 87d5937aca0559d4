import type { RequestHandler } from 'express';
import type { Deployment } from './deployment.js';

/** `GET /healthz`: the process lives and its event loop turns. */
export function health(): RequestHandler {
  return (_request, response) => {
    response.json({ status: 'ok' });
  };
}

/** `GET /readyz`: the knowledge is loaded and the store takes writes. Without the store hook calls go on: degraded. */
export function readiness({ store, prepared }: Deployment): RequestHandler {
  return async (_request, response) => {
    const writable = await store.writable();
    response.status(writable ? 200 : 503).json({
      status: writable ? 'ready' : 'degraded',
      checks: {
        knowledge: `${prepared.knowledge.rules.size} rules`,
        store: writable ? 'writable' : 'not writable',
      },
    });
  };
}

/** `GET /metrics`: Prometheus text. */
export function metricsPage({ metrics }: Deployment, metricsOfAll?: () => Promise<string>): RequestHandler {
  const own = (): Promise<string> => metrics.registry.metrics();
  return async (_request, response) => {
    response.type(metrics.registry.contentType).send(await (metricsOfAll ?? own)());
  };
}
