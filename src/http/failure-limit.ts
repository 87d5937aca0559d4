import type { RequestHandler } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import { addressOf } from './caller.js';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';

const windowSeconds = 60;

/**
 * Bounds the calls from one address whose token does not hold, so that nobody can keep this service busy with checking
 * signatures. A call counts from the moment it comes, and no longer once its token has held: calls that come all at once
 * cannot slip by, and an EHR pays for its failures only.
 */
export function failureLimit({ config, log }: Pick<Deployment, 'config' | 'log'>): {
  readonly before: readonly RequestHandler[];
  readonly afterwards: readonly RequestHandler[];
} {
  const limit = config.failedCallsPerMinute;
  if (limit === 0) return { before: [], afterwards: [] };
  const store = new MemoryStore();
  const before = rateLimit({
    windowMs: windowSeconds * 1000,
    limit,
    store,
    // The refusal of a token shows nothing of this count: it is the same for every reason, byte for byte.
    standardHeaders: false,
    legacyHeaders: false,
    keyGenerator: addressOf,
    validate: false,
    handler: (request, response) => {
      const address = addressOf(request);
      void store.get(address).then((known) => {
        // Once in a minute: whoever floods the service must not flood its log.
        if (known?.totalHits === limit + 1) log.warn({ address }, 'too many refused calls from one address');
      });
      response.set('Retry-After', String(windowSeconds));
      refuse(response, [problem('RATE_LIMITED', '', 'too many calls; wait as long as Retry-After says')]);
    },
  });
  const afterwards: RequestHandler = async (request, _response, next) => {
    await store.decrement(addressOf(request));
    next();
  };
  return { before: [before], afterwards: [afterwards] };
}
