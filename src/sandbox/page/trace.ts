import type { CallTrace } from '../../call-trace.js';
import { isObject } from '../../json.js';
import { jsonOf } from './json.js';

const lists = ['data', 'facts', 'rules', 'cards'] as const;

/** Page and service are of one build: what the trace says of each stage is as the service wrote it. */
function isTrace(value: unknown): value is CallTrace {
  return isObject(value) && isObject(value.milliseconds) && lists.every((list) => Array.isArray(value[list]));
}

/** The stages of a call by the id of its request; undefined where the sandbox has none. */
export async function loadTrace(requestId: string): Promise<CallTrace | undefined> {
  const response = await fetch(`/sandbox/traces/${requestId}`).catch(() => undefined);
  const found = response?.ok === true ? await jsonOf(response) : undefined;
  return isTrace(found) ? found : undefined;
}
