import { expect, it } from '@jest/globals';
import Database from 'libsql';
import { openStore } from '../../src/feedback/store.js';
import { aCall, aCard, accepted, CLIENT, filePlace, keys, NOW, overridden } from './places.js';

it('removes what users typed, keys and audit records that are too old, and only those', async () => {
  const place = await filePlace();
  let now = NOW;
  const store = await openStore({ url: place.url, clock: () => now });
  const typed = (card: string, countedAs: string) => ({
    ...overridden(card, 'Mme Planted', 'Mme Planted'),
    overrideReason: { reason: { code: 'Mme Planted', display: 'Mme Planted' }, userComment: 'Mme Planted' },
    countedAs,
  });
  const write = async (card: string) => {
    store.recordCall(aCall([aCard({ card, keys: keys(card), issuedAt: now })], [], { time: now }));
    await store.saveFeedback(CLIENT, 's', [typed(card, 'other')]);
  };
  await write('old');
  await store.saveFeedback(CLIENT, 's', [accepted('none'), typed('ours', 'done-elsewhere')]);
  now = new Date(NOW.getTime() + 1);
  await write('new');
  await store.saveFeedback(CLIENT, 's', [overridden('long', 'x', 'y'.repeat(9000))]);
  await store.purge({ textsBefore: now, auditBefore: now, shownBefore: now });
  const counts = await store.feedbackCounts();
  await store.close();
  const file = new Database(place.url.slice('file:'.length));
  const texts = file
    .prepare(
      'select card, reason_code as code, reason_display as shown, length(user_comment) as size from feedback order by card',
    )
    .all();
  expect(texts).toEqual([
    { card: 'long', code: 'x', shown: null, size: 4000 },
    { card: 'new', code: 'Mme Planted', shown: 'Mme Planted', size: 11 },
    { card: 'none', code: '', shown: null, size: null },
    { card: 'old', code: '', shown: null, size: null },
    { card: 'ours', code: 'Mme Planted', shown: null, size: null },
  ]);
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  expect(file.prepare('select time from audit').all()).toEqual([{ time: now.toISOString() }]);
  expect(file.prepare('select card, subject_key from cards order by card').all()).toEqual([
    { card: 'new', subject_key: 'k.new' },
    { card: 'old', subject_key: null },
  ]);
  file.close();
  await place.remove();
});
