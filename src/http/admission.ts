import type { RequestHandler } from 'express';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';

/** How many calls may wait for each one that is worked on. */
const waitingPerPlace = 4;

/**
 * A bounded queue in front of the work: what does not fit is refused at once with 503 and `Retry-After`, so that an
 * overloaded service answers some calls in time instead of all of them too late.
 */
export function admission({ config }: Pick<Deployment, 'config'>): RequestHandler {
  const places = config.maxConcurrentRequests;
  const waiting: (() => void)[] = [];
  let busy = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) busy--;
    else next();
  };
  return (_request, response, next) => {
    const enter = (): void => {
      response.once('close', leave);
      next();
    };
    if (busy < places) {
      busy++;
      enter();
    } else if (waiting.length < places * waitingPerPlace) {
      const turn = (): void => {
        if (response.destroyed) leave();
        else enter();
      };
      waiting.push(turn);
    } else {
      response.set('Retry-After', '1');
      refuse(response, [problem('OVERLOADED', '', 'too many calls at once; try again')]);
    }
  };
}
