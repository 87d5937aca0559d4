import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { admission } from './admission.js';
import { parseBody, readBody } from './body.js';
import { clientKey } from './caller.js';
import { trustedCaller } from './trusted-caller.js';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';
import { failureLimit } from './failure-limit.js';

interface Gate {
  readonly plain: readonly RequestHandler[];
  readonly withBody: readonly RequestHandler[];
}

const gates = new WeakMap<Deployment, Gate>();

/**
 * What every call that works on patient data passes: trust, rate limit, queue. One for the whole deployment, so that
 * no endpoint has places or an allowance of its own.
 */
export function gate(deployment: Deployment): readonly RequestHandler[] {
  return gateOf(deployment).plain;
}

/** The same for calls with a JSON body: it is read before a place is taken, and parsed after. */
export function gateWithBody(deployment: Deployment): readonly RequestHandler[] {
  return gateOf(deployment).withBody;
}

function gateOf(deployment: Deployment): Gate {
  const known = gates.get(deployment);
  if (known !== undefined) return known;
  const failures = failureLimit(deployment);
  const trusted = [
    ...failures.before,
    trustedCaller(deployment),
    ...failures.afterwards,
    ...limited(deployment),
  ];
  const place = admission(deployment);
  const made = {
    plain: [...trusted, place],
    withBody: [...trusted, readBody(deployment), place, parseBody(deployment)],
  };
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
