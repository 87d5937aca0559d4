import type { Request, RequestHandler, Response } from 'express';
import { verifyCaller } from '../trust/jwt.js';
import { nameCaller } from './caller.js';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';
import { serviceNamed } from './service-ids.js';

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Lets through who may call. The refusal is the same for every reason, byte for byte; why is
 * told to the log only.
 */
export function trustedCaller(deployment: Deployment): RequestHandler {
  return async (request, response, next) => {
    const { config, clients, keys, replay, clock, log, baseUrl, prepared } = deployment;
    const authorization = authorizationOf(request);
    const local = loopback.has(request.socket.remoteAddress ?? '');
    const mayBeUnknown = !config.production && local;
    if (mayBeUnknown && authorization === undefined) {
      nameCaller(request, {});
      next();
      return;
    }
    // Inside a mounted router `path` lacks the mount point, and a token names the whole address.
    const called = request.baseUrl + request.path;
    const path = called.replace(/\/$/, '');
    const caller = await verifyCaller({
      authorization,
      endpointUrl: `${baseUrl()}${path}`,
      spelling: called === path ? undefined : `${baseUrl()}${called}`,
      clients: clients(),
      keys,
      replay,
      now: clock(),
      clockSkewSeconds: config.clockSkewSeconds,
    });
    if (!caller.ok && mayBeUnknown && caller.issuer === undefined) {
      // An EHR that an integrator tries out signs its calls too: in development it need not be registered.
      log.warn({ why: caller.why }, 'unknown caller accepted in development');
      nameCaller(request, {});
      next();
      return;
    }
    if (!caller.ok) {
      log.warn(
        { why: caller.why, issuer: caller.issuer, path: loggedPath(path, prepared) },
        'caller refused',
      );
      unauthorized(response);
      return;
    }
    const { client, issuer, tenant } = caller;
    nameCaller(request, { client, issuer, ...(tenant !== undefined && { tenant }) });
    next();
  };
}

/** Of two headers a proxy in front may have believed the other one: together they are no token. */
function authorizationOf(request: Request): string | undefined {
  return request.headersDistinct['authorization']?.join(', ');
}

/** A caller may write anything where the id of a service stands; the log takes the ids that exist. */
function loggedPath(path: string, { services }: Deployment['prepared']): string {
  return path.replace(/^(\/cds-services\/)([^/]*)/, (whole, start: string, id: string) =>
    serviceNamed(services, id) === undefined ? `${start}{unknown}` : whole,
  );
}

function unauthorized(response: Response): void {
  response.set('WWW-Authenticate', 'Bearer');
  // Every refusal is the same, headers included.
  response.removeHeader('X-Request-Id');
  refuse(response, [problem('UNAUTHORIZED', '', 'a valid token of a registered client is needed')]);
}
