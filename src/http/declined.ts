import { createHmac } from 'node:crypto';
import type { MadeCard } from '../cards/cards.js';
import type { HookRequest } from '../cds-hooks/types.js';
import type { Deployment } from './deployment.js';

/** A card, and what it is remembered by should it be declined: only advice that may stay away has such a key. */
export type RememberedCard = MadeCard & { readonly subjectKey?: string };

/** Days for which a declined card stays away while the facts are the same: a name in settings.yaml. */
const declinedFor = 'declinedCardDays';

/** The card with its key, where it is advice: a keyed hash, from which no patient can be read. Warnings are always shown. */
export function remembered(
  { memoryKey }: Deployment,
  { fhirServer = '' }: HookRequest,
  patientId: string,
  made: MadeCard,
): RememberedCard {
  if (made.card.indicator !== 'info') return made;
  const subjectKey = createHmac('sha256', memoryKey)
    .update(JSON.stringify([fhirServer, patientId, made.fingerprint()]))
    .digest('base64url');
  return { ...made, subjectKey };
}

/** The cards that nobody declined within the days of `declinedCardDays`, about the same facts. */
export async function withoutDeclined(
  { store, prepared, clock, log }: Deployment,
  cards: readonly RememberedCard[],
): Promise<readonly RememberedCard[]> {
  const keys = cards.flatMap((each) => each.subjectKey ?? []);
  const days = prepared.knowledge.settings.get(declinedFor)?.value;
  if (keys.length === 0 || days === undefined) return cards;
  const since = new Date(clock().getTime() - days * 86_400_000);
  try {
    const declined = await store.overriddenSince(keys, since);
    return cards.filter((each) => each.subjectKey === undefined || !declined.has(each.subjectKey));
  } catch {
    // A store that fails must not cost an answer: the card is shown once more.
    log.warn({ code: 'STORE_UNAVAILABLE' }, 'declined cards could not be looked up');
    return cards;
  }
}
