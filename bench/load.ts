import { Agent, request } from 'node:http';
import { hookRequest, prefetchOf, type Size } from './charts.js';
import type { BenchServer } from './server.js';

/** One answer, or what came instead of it. */
export interface Reply {
  /** Milliseconds since the load began, when the call was sent. */
  readonly at: number;
  readonly ms: number;
  /** 0 = the connection broke, or no answer came in time. */
  readonly status: number;
  readonly retryAfter: boolean;
}

export interface Offered {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly seconds: number;
}

const longestMs = 10_000;

/**
 * Sends calls at a fixed rate, whether answers come or not: what real callers do, and what a loop that waits for each
 * answer cannot show. A call that finds all connections taken is not sent, and counted in `unsent`.
 */
export async function offer(load: Offered): Promise<{ replies: readonly Reply[]; unsent: number }> {
  const { url, body, connections, perSecond, seconds } = load;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const replies: Reply[] = [];
  const under: Set<Promise<void>> = new Set();
  const started = performance.now();
  let sent = 0;
  let unsent = 0;
  while (performance.now() - started < seconds * 1000) {
    const due = ((performance.now() - started) / 1000) * perSecond;
    while (sent + unsent < due) {
      if (under.size >= connections) {
        unsent += 1;
        continue;
      }
      sent += 1;
      const call = one(url, body, agent, started).then((reply) => {
        replies.push(reply);
        under.delete(call);
      });
      under.add(call);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(under);
  agent.destroy();
  return { replies, unsent };
}

/** One call on a connection of its own or of the agent; never rejects. */
export function one(url: string, body: string, agent?: Agent, started = performance.now()): Promise<Reply> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const done = (status: number, retryAfter = false): void => {
      resolve({ at: begun - started, ms: performance.now() - begun, status, retryAfter });
    };
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        timeout: longestMs,
        ...(agent !== undefined && { agent }),
      },
      (response) => {
        response.resume();
        response.once('end', () => {
          done(response.statusCode ?? 0, response.headers['retry-after'] !== undefined);
        });
        response.once('error', () => {
          done(0);
        });
      },
    );
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => {
      done(0);
    });
    sent.end(body);
  });
}

/** The value under which the share of all values lies; 0 where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

/** The prefetch templates of a service, as discovery tells a caller. */
export async function templatesOf(
  service: BenchServer,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${service.url}/cds-services`, {
    headers,
    signal: AbortSignal.timeout(longestMs),
  });
  const { services } = (await answer.json()) as {
    readonly services: readonly {
      readonly id: string;
      readonly prefetch?: Readonly<Record<string, string>>;
    }[];
  };
  return services.find((each) => each.id === id)?.prefetch ?? {};
}

/** An order-sign call with everything prefetched that discovery asks for. */
export async function orderSign(service: BenchServer, size: Size): Promise<string> {
  return hookRequest('order-sign', prefetchOf(await templatesOf(service, 'antiresorptive-safety'), size));
}

/** A run that hangs must not hang for ever: it ends as a failure. */
export function endAfter(seconds: number, service: BenchServer): void {
  setTimeout(() => {
    console.log(`NOT done after ${seconds} s`);
    service.process.kill('SIGKILL');
    process.exit(2);
  }, seconds * 1000).unref();
}
