import type { Action, Card, FeedbackItem, OverrideReason } from '../../cds-hooks/types.js';
import type { CdsClient } from './cds-client.js';
import { create, isResource, put, remove } from './fhir-server.js';
import { RequestFailed, textOf } from './json.js';
import { isObject, type JsonObject } from '../../json.js';

/** What a card is to who saw the answer before. */
export type Mark = 'new' | 'changed';

/** A card on the screen and what became of it. */
export interface Advice {
  readonly card: Card;
  readonly serviceId: string;
  /** Uuids of the suggestions that were taken. */
  readonly accepted: readonly string[];
  readonly overridden: boolean;
  /** Absent: it said the same before, or nothing was said before. */
  readonly mark?: Mark;
}

/** A service that did not answer with cards. */
export interface AdviceFailure {
  readonly service: string;
  readonly status: number;
  readonly issues: readonly string[];
}

export interface HookAnswer {
  readonly advice: readonly Advice[];
  readonly failures: readonly AdviceFailure[];
}

/** The rule that a card is made by, whatever its uuid. */
export function ruleOf({ extension }: Card): string | undefined {
  const own: unknown = Object.values(extension ?? {})[0];
  return isObject(own) ? textOf(own['rule']) : undefined;
}

/** All that a reader sees of a card. */
function saidBy({ summary, detail, indicator, suggestions = [] }: Card): string {
  return JSON.stringify([summary, detail, indicator, suggestions.map(({ label }) => label)]);
}

/** Each card with what it is beside the cards of an earlier answer to the same question. */
export function marked(advice: readonly Advice[], earlier: readonly Advice[]): readonly Advice[] {
  const said = new Set(earlier.map(({ card }) => saidBy(card)));
  const kept = new Set(advice.map(({ card }) => saidBy(card)).filter((one) => said.has(one)));
  // A rule may speak of several lesions: what it still says of the others is no earlier word on this one.
  const replaced = earlier.filter(({ card }) => !kept.has(saidBy(card))).map(({ card }) => ruleOf(card));
  return advice.map((one) => {
    if (kept.has(saidBy(one.card))) return one;
    const rule = ruleOf(one.card);
    return { ...one, mark: rule !== undefined && replaced.includes(rule) ? 'changed' : 'new' };
  });
}

const urgency: readonly string[] = ['critical', 'warning', 'info'];

/** Calls every service of the hook and gives their cards, the most urgent first. */
export async function askServices(
  client: CdsClient,
  hook: string,
  context: JsonObject,
  withPrefetch: boolean,
): Promise<HookAnswer> {
  const services = client.services.filter((service) => service.hook === hook);
  const answers = await Promise.all(
    services.map(async (service): Promise<HookAnswer> => {
      try {
        const cards = await client.call({ service, context, withPrefetch });
        return {
          advice: cards.map((card) => ({ card, serviceId: service.id, accepted: [], overridden: false })),
          failures: [],
        };
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        return {
          advice: [],
          failures: [{ service: service.title, status: error.status, issues: error.issues }],
        };
      }
    }),
  );
  return {
    advice: answers
      .flatMap(({ advice }) => advice)
      .toSorted((a, b) => urgency.indexOf(a.card.indicator) - urgency.indexOf(b.card.indicator)),
    failures: answers.flatMap(({ failures }) => failures),
  };
}

/** Makes the change that an accepted suggestion describes. @throws RequestFailed */
export async function applyAction(action: Action): Promise<void> {
  if (action.type === 'delete') return remove(action.resourceId);
  const resource: unknown = action.resource;
  if (!isResource(resource)) throw new RequestFailed(422, []);
  return action.type === 'update' ? put(resource) : create(resource);
}

export function acceptance(card: Card, suggestionId: string): FeedbackItem {
  return {
    card: card.uuid,
    outcome: 'accepted',
    acceptedSuggestions: [{ id: suggestionId }],
    outcomeTimestamp: new Date().toISOString(),
  };
}

export function refusal(card: Card, reason: OverrideReason | undefined, comment: string): FeedbackItem {
  const coded = reason === undefined ? {} : { reason: { code: reason.code, system: reason.system } };
  const said = comment.trim() === '' ? {} : { userComment: comment.trim() };
  const overrideReason = { ...coded, ...said };
  return {
    card: card.uuid,
    outcome: 'overridden',
    ...(Object.keys(overrideReason).length > 0 && { overrideReason }),
    outcomeTimestamp: new Date().toISOString(),
  };
}
