import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { admission } from './admission.js';
import { clientKey, trustedCaller } from './caller.js';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';
import { failureLimit } from './failure-limit.js';

const gates = new WeakMap<Deployment, readonly RequestHandler[]>();

/**
 * What every call that works on patient data passes: trust, rate limit, queue. One for the whole deployment, so that
 * no endpoint has places or an allowance of its own.
 */
export function gate(deployment: Deployment): readonly RequestHandler[] {
  const known = gates.get(deployment);
  if (known !== undefined) return known;
  const failures = failureLimit(deployment);
  const made = [
    ...failures.before,
    trustedCaller(deployment),
    ...failures.afterwards,
    ...limited(deployment),
    admission(deployment),
  ];
  gates.set(deployment, made);
  return made;
}

/** One bucket for each client (each address where no client is known), generous by default. */
function limited({ config }: Deployment): readonly RequestHandler[] {
  if (config.rateLimitPerMinute === 0) return [];
  return [
    rateLimit({
      windowMs: 60_000,
      limit: config.rateLimitPerMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      keyGenerator: clientKey,
      validate: false,
      handler: (_request, response) => {
        refuse(response, [problem('RATE_LIMITED', '', 'too many calls; wait as long as Retry-After says')]);
      },
    }),
  ];
}
