import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';

/**
 * In development, where a caller from this machine needs no token: answers only to names of this machine. A page of
 * another site could otherwise let its own name point here, and read charts as if they were its own.
 */
export function ownHost({ config }: Pick<Deployment, 'config'>): readonly RequestHandler[] {
  if (config.production) return [];
  const names = new Set(['localhost', config.host.toLowerCase()]);
  if (config.publicBaseUrl !== undefined) names.add(new URL(config.publicBaseUrl).hostname);
  return [
    (request, response, next) => {
      const name = nameOf(request.headers.host ?? '');
      // An address is no name that anybody could let point elsewhere.
      if (names.has(name) || isIP(name) !== 0) next();
      else {
        const message =
          'in development this service answers to localhost, an IP address, HOST and PUBLIC_BASE_URL only';
        refuse(response, [problem('HOST_UNKNOWN', '', message)]);
      }
    },
  ];
}

/** The name in a `Host` header, without port, and without the brackets of IPv6. */
function nameOf(host: string): string {
  const closing = host.startsWith('[') ? host.indexOf(']') : -1;
  if (closing > 0) return host.slice(1, closing);
  return (host.split(':')[0] ?? '').toLowerCase();
}
