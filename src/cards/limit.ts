import { aboveSource } from './detail.js';
import type { MadeCard } from './made-card.js';
import type { Wording } from './wording.js';

/**
 * The cards that are shown: at most `limit`, and the last of them names the points that found no place.
 */
export function limitCards<Made extends MadeCard>(
  cards: readonly Made[],
  limit: number,
  wording: Wording,
): readonly Made[] {
  if (cards.length <= limit) return cards;
  const shown = cards.slice(0, limit);
  const last = shown.at(-1);
  if (last === undefined) return shown;
  const rest = cards.slice(limit).map(({ card }) => card.summary);
  const more = `${wording.phrase('also-heading', { count: rest.length })}\n\n${rest.map((summary) => `- ${summary}`).join('\n')}`;
  return [
    ...shown.slice(0, -1),
    { ...last, card: { ...last.card, detail: aboveSource(last.card.detail ?? '', more) } },
  ];
}
