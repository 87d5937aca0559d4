import type { Request, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { addressOf } from './caller.js';
import type { Deployment } from './deployment.js';
import { isOver, whenOver } from './disconnected.js';
import { problem, refuse } from './errors.js';

/**
 * What stands before everything that is open to everybody: published knowledge, pages, and paths that do not exist.
 * Anonymous callers get a small share of this process however many they are, so that they cannot slow a hook call down;
 * within it addresses take turns, and each has an allowance a minute. One for the whole deployment.
 */
export function publicPaths({ config }: Pick<Deployment, 'config'>): readonly RequestHandler[] {
  const { admit, measure } = turns();
  return [admit, ...limited(config.publicCallsPerMinute), boundedQuery, measure];
}

/** Of the time of this process, what anonymous callers may take. */
const share = 0.1;

/** What a request costs before its route is found, and all that a refused one does. */
const leastMs = 0.3;

/** However long an answer took (the first of a kind is made for it), the next need not wait longer than this. */
const longestPauseMs = 100;

/** A large answer goes on working after it is handed over: it is copied piece by piece to the connection. */
const bytesPerMs = 1_000_000;

const mostWaiting = { ofAddress: 64, inAll: 512 };
const longestWaitMs = 5000;

/**
 * `admit` lets one request begin at a time, and then waits as long as the share asks for what it took; `measure` stands
 * before the route, and takes the time of it.
 */
function turns(): { readonly admit: RequestHandler; readonly measure: RequestHandler } {
  const lines = new Map<string, Set<() => void>>();
  let waiting = 0;
  let freeAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const took = (ms: number): void => {
    freeAt = Math.max(freeAt, performance.now()) + Math.min(ms / share, longestPauseMs);
  };
  const serveNext = (): void => {
    timer = undefined;
    const [first] = lines;
    if (first === undefined) return;
    const [address, line] = first;
    const [turn] = line;
    // To the end of the queue, with what is left of its line: addresses take turns.
    lines.delete(address);
    lines.set(address, line);
    turn?.();
    wake();
  };
  const wake = (): void => {
    if (waiting > 0) timer ??= setTimeout(serveNext, Math.max(0, freeAt - performance.now()));
  };

  const measure: RequestHandler = (_request, response, next) => {
    response.once('finish', () => {
      took(bytesOf(response) / bytesPerMs);
    });
    const began = performance.now();
    next();
    took(performance.now() - began);
  };
  const admit: RequestHandler = (request, response, next) => {
    const begin = (): void => {
      took(leastMs);
      next();
    };
    if (waiting === 0 && performance.now() >= freeAt) {
      begin();
      return;
    }
    const address = addressOf(request);
    const line = lines.get(address) ?? new Set();
    if (line.size >= mostWaiting.ofAddress || waiting >= mostWaiting.inAll) {
      overloaded(response);
      return;
    }
    const leave = (): void => {
      clearTimeout(patience);
      stay();
      if (line.delete(turn)) waiting -= 1;
      if (line.size === 0) lines.delete(address);
    };
    const turn = (): void => {
      leave();
      if (!isOver(request, response)) begin();
    };
    const patience = setTimeout(() => {
      leave();
      overloaded(response);
    }, longestWaitMs);
    const stay = whenOver(request, response, leave);
    lines.set(address, line.add(turn));
    waiting += 1;
    wake();
  };
  return { admit, measure };
}

function bytesOf(response: Response): number {
  const length = Number(response.getHeader('content-length') ?? 0);
  return response.req.method === 'HEAD' || Number.isNaN(length) ? 0 : length;
}

function overloaded(response: Response): void {
  // A connection that is kept would ask again at once.
  response.set({ 'Retry-After': '1', 'Cache-Control': 'no-store', Connection: 'close' });
  refuse(response, [problem('OVERLOADED', '', 'too many calls at once; try again')]);
}

function limited(limit: number): readonly RequestHandler[] {
  if (limit === 0) return [];
  return [
    rateLimit({
      windowMs: 60_000,
      limit,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      keyGenerator: addressOf,
      validate: false,
      handler: (_request, response) => {
        response.set('Cache-Control', 'no-store');
        refuse(response, [problem('RATE_LIMITED', '', 'too many calls; wait as long as Retry-After says')]);
      },
    }),
  ];
}

/** A SMART launch carries tokens of some thousand characters; nothing has more than a few parameters. */
const query = { characters: 8000, parameters: 30 };

const boundedQuery: RequestHandler = (request, response, next) => {
  const text = queryOf(request);
  if (text.length <= query.characters && text.split('&').length <= query.parameters) {
    next();
    return;
  }
  const message = `a query has at most ${query.characters} characters and ${query.parameters} parameters`;
  response.set('Cache-Control', 'no-store');
  refuse(response, [problem('REQUEST_INVALID', '', message)]);
};

function queryOf({ originalUrl }: Request): string {
  const start = originalUrl.indexOf('?');
  return start === -1 ? '' : originalUrl.slice(start + 1);
}
