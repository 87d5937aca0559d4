import { openStore } from '../../src/feedback/store.js';
import type { CardRecord, FeedbackRecord } from '../../src/feedback/types.js';
import { aCall, aCard, accepted, keys, overridden } from '../feedback/places.js';

/** The Monday that the made-up weeks begin on: 2026-W35. */
export const monday = new Date('2026-08-24T00:00:00Z');
const dayMs = 86_400_000;

/** A moment of a week (0 is the first one) and day. */
export const at = (week: number, day = 0, hour = 9): Date =>
  new Date(monday.getTime() + (week * 7 + day) * dayMs + hour * 3_600_000);

export const NORTH = 'https://north.example.org';
export const SOUTH = 'https://south.example.org';
export const dental = 'dental-assessment-before-antiresorptive';
export const sins = 'sins-surgical-opinion';
/** A rule that this version does not have any more. */
export const retired = 'rule-of-a-former-version';

const safety = { client: NORTH, service: 'antiresorptive-safety', hook: 'order-sign', rule: dental } as const;
const review = {
  client: NORTH,
  service: 'bone-metastasis-review',
  hook: 'patient-view',
  rule: sins,
} as const;

interface Said {
  readonly card: CardRecord;
  readonly feedback?: (card: string) => FeedbackRecord;
}

const saying = (card: Partial<CardRecord>, feedback?: (card: string) => FeedbackRecord): Said => ({
  card: aCard(card),
  ...(feedback !== undefined && { feedback }),
});

const declining =
  (code?: string) =>
  (card: string): FeedbackRecord =>
    overridden(card, code, 'a comment about Mme Moreau');

/** Eight weeks: what one hospital was told, what another one tries out, and a rule that falls silent. */
const weeks: readonly (readonly Said[])[] = Array.from({ length: 8 }, (_, week) => [
  // The same patient twice: the second card of the week is repeated. In week 0 the first of them is new.
  saying({ ...safety, issuedAt: at(week, 1), keys: keys(`dental-${week}`) }, (card) => accepted(card)),
  saying({ ...safety, issuedAt: at(week, 2), keys: keys(`dental-${week}`) }),
  saying(
    { ...safety, issuedAt: at(week, 3), keys: keys(`dental-other-${week}`) },
    declining('done-elsewhere'),
  ),
  ...(week < 6
    ? [
        saying(
          {
            ...review,
            indicator: 'warning',
            issuedAt: at(week, 4),
            keys: keys(`sins-${week}`),
            unchecked: ['goals'],
          },
          declining(week === 0 ? undefined : 'not-appropriate'),
        ),
        saying({ ...review, state: 'folded', issuedAt: at(week, 4, 10), keys: keys(`folded-${week}`) }),
        saying({ ...review, state: 'repeated', issuedAt: at(week, 4, 11), keys: keys(`again-${week}`) }),
        saying({ ...review, state: 'declined', issuedAt: at(week, 4, 12), keys: keys(`away-${week}`) }),
      ]
    : []),
  saying({ ...safety, client: SOUTH, shadow: true, issuedAt: at(week, 5), keys: keys(`south-${week}`) }),
]);

/** Fills a store; the clock of its last record is the end of the last week. */
export async function fill(url: string): Promise<void> {
  let now = monday;
  const store = await openStore({ url, clock: () => now });
  try {
    for (const said of [
      ...weeks.flat(),
      saying(
        { ...safety, rule: retired, issuedAt: at(7, 6), keys: keys('retired') },
        declining('typed by hand'),
      ),
    ]) {
      const { card, feedback } = said;
      now = card.issuedAt;
      const outcomes = { [card.rule]: 'fires', ...(card.rule === sins ? {} : { [sins]: 'silent' }) };
      const { client: issuer, hook, service } = card;
      store.recordCall(aCall([card], [], { time: now, issuer, hook, service, outcomes }));
      if (feedback !== undefined) await store.saveFeedback(card.client, card.service, [feedback(card.card)]);
    }
    // A call that was refused, and feedback on a card that nobody knows.
    store.recordCall(
      aCall([], [], { time: now, issuer: NORTH, service: safety.service, outcomes: {}, status: 412 }),
    );
    await store.saveFeedback(NORTH, safety.service, [accepted(crypto.randomUUID())]);
  } finally {
    await store.close();
  }
}
