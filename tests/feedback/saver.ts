import { openStore } from '../../src/feedback/store.js';

/** Saves feedback until it is killed, and names each card only when the store has said that it is saved. */
const [url = '', prefix = ''] = process.argv.slice(2);
const store = await openStore({ url, clock: () => new Date() });
for (let index = 0; ; index += 1) {
  const cards = [`${prefix}-${index}-a`, `${prefix}-${index}-b`];
  const items = cards.map((card) => ({
    card,
    outcome: 'accepted' as const,
    outcomeTimestamp: '2026-11-20T12:00:00.000Z',
    acceptedSuggestions: [],
  }));
  await store.saveFeedback(prefix, items);
  process.stdout.write(`${prefix} ${index}\n`);
}
