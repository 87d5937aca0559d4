import { readConfig, type Config } from '../../src/config.js';
import type { Prepared } from '../../src/engine/prepare.js';
import type { Knowledge } from '../../src/knowledge/knowledge.js';
import { loadPrepared } from '../../src/start.js';

const loaded = new Map<string, Promise<Prepared>>();

/**
 * The shipped knowledge, made ready as a start with this environment makes it. It is frozen and nobody writes to it: the
 * test files that one worker runs share it. A hospital's own is loaded each time, for the folder may have changed.
 */
export async function shippedPrepared(env: Readonly<Record<string, string>> = {}): Promise<Prepared> {
  const read = readConfig(env);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return preparedFor(read.config);
}

export function preparedFor(
  config: Pick<Config, 'localKnowledge' | 'guidelineEdition' | 'canonicalBase'>,
): Promise<Prepared> {
  const { localKnowledge, guidelineEdition, canonicalBase } = config;
  if (localKnowledge !== undefined) return loadPrepared(config);
  const key = `${guidelineEdition} ${canonicalBase}`;
  const known = loaded.get(key) ?? loadPrepared(config);
  loaded.set(key, known);
  return known;
}

export async function shippedKnowledge(): Promise<Knowledge> {
  const { knowledge } = await shippedPrepared();
  return knowledge;
}
