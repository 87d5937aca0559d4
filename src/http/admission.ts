import type { Request, RequestHandler, Response } from 'express';
import { clientKey } from './caller.js';
import type { Deployment } from './deployment.js';
import { isOver, whenOver } from './disconnected.js';
import { problem, refuse } from './errors.js';

/** Calls of one client under way for each place, those included that have left theirs to wait for its FHIR server. */
const underWayPerPlace = 4;

/** Calls of one client that may wait for each place. */
const waitingPerPlace = 16;

/** A burst is worked off; a clinician who waits longer than this has gone on without the advice. */
const longestWaitMs = 1000;

/** Who comes to a queue that has not been empty for so long is told sooner: it will not get shorter by waiting. */
const standingWaitMs = 250;

/**
 * How long one turn of the event loop should take. Node accepts one connection a turn: if a turn answered every call that
 * is there, those that knock would wait for many seconds at the door, where no queue sees and refuses them.
 */
const longestTurnMs = 20;

/** The calls of one client. */
interface Line {
  working: number;
  underWay: number;
  /** When somebody last found it empty, by a clock that never goes back. */
  emptyAt: number;
  readonly waiting: Set<() => void>;
}

const placesOf = new WeakMap<Request, () => void>();

/** The call waits for a FHIR server from now on: another one may have its place. */
export function leavePlace(request: Request): void {
  placesOf.get(request)?.();
}

/**
 * A queue in front of the work, bounded in number and time: what cannot be answered soon is refused with 503 and
 * `Retry-After`, so that an overloaded service answers some calls in time instead of all of them too late. Clients take
 * turns, and where there are several none has more than half of the places.
 */
export function admission({ config, clients }: Pick<Deployment, 'config' | 'clients'>): RequestHandler {
  const places = config.maxConcurrentRequests;
  const lines = new Map<string, Line>();
  let working = 0;
  let perTurn = places;
  let begunInTurn = 0;
  let turnBegan = 0;

  const lineOf = (key: string): Line => {
    const line = lines.get(key) ?? { working: 0, underWay: 0, emptyAt: 0, waiting: new Set() };
    lines.set(key, line);
    return line;
  };
  const hasPlaceFor = (line: Line): boolean =>
    begunInTurn < perTurn &&
    working < places &&
    line.working < (clients().length > 1 ? Math.ceil(places / 2) : places) &&
    line.underWay < places * underWayPerPlace;

  const serveWaiting = (): void => {
    for (const [key, line] of lines) {
      const [turn] = line.waiting;
      if (turn !== undefined && hasPlaceFor(line)) {
        // To the end, where this loop comes to it again: clients take turns.
        lines.delete(key);
        lines.set(key, line);
        turn();
      } else if (line.underWay === 0 && line.waiting.size === 0) lines.delete(key);
    }
  };
  const endTurn = (): void => {
    const wasLong = performance.now() - turnBegan > longestTurnMs;
    perTurn = wasLong ? Math.max(1, Math.floor(perTurn / 2)) : Math.min(places, perTurn + 1);
    begunInTurn = 0;
    serveWaiting();
  };
  const enter = (line: Line, request: Request, response: Response): void => {
    let isWorking = true;
    const leave = (): void => {
      if (!isWorking) return;
      isWorking = false;
      working -= 1;
      line.working -= 1;
      serveWaiting();
    };
    if (begunInTurn === 0) {
      turnBegan = performance.now();
      setImmediate(endTurn);
    }
    begunInTurn += 1;
    working += 1;
    line.working += 1;
    line.underWay += 1;
    placesOf.set(request, leave);
    whenOver(request, response, () => {
      line.underWay -= 1;
      leave();
      serveWaiting();
    });
  };

  return (request, response, next) => {
    // Whoever went while the token was looked at would never give a place back.
    if (isOver(request, response)) return;
    const line = lineOf(clientKey(request));
    if (line.waiting.size === 0) line.emptyAt = performance.now();
    if (line.waiting.size === 0 && hasPlaceFor(line)) {
      enter(line, request, response);
      next();
      return;
    }
    if (line.waiting.size >= places * waitingPerPlace) {
      overloaded(response);
      return;
    }
    const isStanding = performance.now() - line.emptyAt > longestWaitMs;
    const giveUp = (): void => {
      clearTimeout(patience);
      line.waiting.delete(turn);
      stay();
    };
    const patience = setTimeout(
      () => {
        giveUp();
        overloaded(response);
      },
      isStanding ? standingWaitMs : longestWaitMs,
    );
    const turn = (): void => {
      giveUp();
      enter(line, request, response);
      next();
    };
    const stay = whenOver(request, response, giveUp);
    line.waiting.add(turn);
  };
}

function overloaded(response: Response): void {
  response.set('Retry-After', '1');
  refuse(response, [problem('OVERLOADED', '', 'too many calls at once; try again')]);
}
