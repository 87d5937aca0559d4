import type { RequestHandler, Response } from 'express';
import type { Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';

/** How many calls may wait for each one that is worked on. */
const waitingPerPlace = 4;

/** A clinician who waits longer than this has gone on without the advice. */
const longestWaitMs = 2000;

/**
 * A bounded queue in front of the work: what does not fit is refused at once with 503 and `Retry-After`, so that an
 * overloaded service answers some calls in time instead of all of them too late.
 */
export function admission({ config }: Pick<Deployment, 'config'>): RequestHandler {
  const places = config.maxConcurrentRequests;
  const waiting = new Set<() => void>();
  let busy = 0;
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) busy--;
    else next();
  };
  const overloaded = (response: Response): void => {
    response.set('Retry-After', '1');
    refuse(response, [problem('OVERLOADED', '', 'too many calls at once; try again')]);
  };
  return (_request, response, next) => {
    const enter = (): void => {
      response.once('close', leave);
      next();
    };
    if (busy < places) {
      busy++;
      enter();
    } else if (waiting.size < places * waitingPerPlace) {
      const giveUp = (): void => {
        clearTimeout(patience);
        waiting.delete(turn);
      };
      const patience = setTimeout(() => {
        giveUp();
        overloaded(response);
      }, longestWaitMs);
      const turn = (): void => {
        giveUp();
        response.off('close', giveUp);
        if (response.destroyed) leave();
        else enter();
      };
      response.once('close', giveUp);
      waiting.add(turn);
    } else overloaded(response);
  };
}
