import type { Card, OverrideReason, Suggestion } from '../../cds-hooks/types.js';
import {
  acceptance,
  applyAction,
  askServices,
  refusal,
  ruleOf,
  type Advice,
  type HookAnswer,
} from './advice.js';
import type { CdsClient } from './cds-client.js';
import type { Chart } from './chart.js';
import { contextOf } from './use-chart.js';
import type { JsonObject } from '../../json.js';

/** What is done only after the user has seen what the services say of it. */
export type Step = 'sign' | 'book' | 'discharge';

/** Something that is about to be done in a chart. */
export interface Moment {
  readonly step: Step;
  readonly hook: string;
  /** What it is done to, in words; nothing when there is nothing left to do. */
  readonly subject: (chart: Chart) => readonly string[];
  readonly context: (chart: Chart) => JsonObject;
  /** Takes back what is in no chart yet; false when the reference is to something else. */
  readonly withdraw?: (reference: string) => boolean;
  /** Does it, and says what was done. @throws RequestFailed */
  readonly proceed: (chart: Chart) => Promise<readonly string[]>;
}

/** What the user chose for the cards, by the card's uuid. */
export interface Choices {
  /** Uuids of suggestions. */
  readonly acts: ReadonlyMap<string, readonly string[]>;
  readonly reasons: ReadonlyMap<string, OverrideReason>;
}

/** What a card is about, whatever its uuid: the same advice of a second answer is known again. */
export function keyOf(card: Card): string {
  return JSON.stringify([ruleOf(card), card.summary]);
}

/** What the services say at this moment, but for what was seen before. */
export async function askedAt(
  moment: Moment,
  chart: Chart,
  client: CdsClient,
  options: { readonly withPrefetch: boolean; readonly seen: ReadonlySet<string> },
): Promise<HookAnswer> {
  const context = contextOf(chart, moment.context(chart));
  const { advice, failures } = await askServices(client, moment.hook, context, options.withPrefetch);
  return { advice: advice.filter(({ card }) => !options.seen.has(keyOf(card))), failures };
}

function chosenOf({ card }: Advice, { acts }: Choices): readonly Suggestion[] {
  const wanted = acts.get(card.uuid) ?? [];
  return (card.suggestions ?? []).filter(({ uuid }) => wanted.includes(uuid));
}

/** Critical cards on which nothing is done and for which no reason is given. */
export function unanswered(advice: readonly Advice[], { acts, reasons }: Choices): readonly string[] {
  return advice
    .map(({ card }) => card)
    .filter(({ indicator }) => indicator === 'critical')
    .map(({ uuid }) => uuid)
    .filter((uuid) => (acts.get(uuid) ?? []).length === 0 && !reasons.has(uuid));
}

/** Does what was chosen and tells the services; gives the labels of what was done. @throws RequestFailed */
export async function applyChoices(
  advice: readonly Advice[],
  choices: Choices,
  { withdraw }: Moment,
  client: CdsClient,
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const one of advice) {
    for (const suggestion of chosenOf(one, choices)) {
      for (const action of suggestion.actions ?? []) {
        const isTakenBack = action.type === 'delete' && withdraw?.(action.resourceId) === true;
        if (!isTakenBack) await applyAction(action);
      }
      done.push(suggestion.label);
      await client.sendFeedback(one.serviceId, acceptance(one.card, suggestion.uuid)).catch(() => undefined);
    }
  }
  return done;
}

/** Tells the services why their advice was not followed. What is done does not wait for it to be heard. */
export async function tellReasons(
  advice: readonly Advice[],
  { reasons }: Choices,
  client: CdsClient,
): Promise<void> {
  for (const { card, serviceId } of advice) {
    const reason = reasons.get(card.uuid);
    if (reason !== undefined) {
      await client.sendFeedback(serviceId, refusal(card, reason, '')).catch(() => undefined);
    }
  }
}
