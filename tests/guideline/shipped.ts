import type { Prepared } from '../../src/engine/prepare.js';
import { readConfig } from '../../src/config.js';
import { loadPrepared } from '../../src/start.js';

/** The shipped knowledge, made ready, as a start with this environment makes it. */
export async function shippedPrepared(env: Readonly<Record<string, string>> = {}): Promise<Prepared> {
  const read = readConfig(env);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return loadPrepared(read.config);
}
