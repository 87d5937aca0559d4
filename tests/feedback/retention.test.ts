import { expect, it } from '@jest/globals';
import Database from 'libsql';
import { openStore } from '../../src/feedback/store.js';
import { accepted, filePlace, NOW, overridden } from './places.js';

it('removes comments and audit records that are too old, and only those', async () => {
  const place = await filePlace();
  let now = NOW;
  const store = await openStore({ url: place.url, clock: () => now });
  const call = { hook: 'order-sign', hookInstance: 'h', service: 's', outcomes: {}, status: 200, ms: 1 };
  await store.saveFeedback('s', [overridden('old', 'x', 'Mme Planted'), accepted('none')]);
  store.appendAudit({ ...call, time: now });
  now = new Date(NOW.getTime() + 1);
  await store.saveFeedback('s', [overridden('new', 'x', 'y'.repeat(9000))]);
  store.appendAudit({ ...call, time: now });
  await store.close();
  const again = await openStore({ url: place.url, clock: () => now });
  await again.purge({ commentsBefore: now, auditBefore: now });
  await again.close();
  const file = new Database(place.url.slice('file:'.length));
  const comments = file
    .prepare('select card, length(user_comment) as size from feedback order by card')
    .all();
  expect(comments).toEqual([
    { card: 'new', size: 4000 },
    { card: 'none', size: null },
    { card: 'old', size: null },
  ]);
  expect(file.prepare('select time from audit').all()).toEqual([{ time: now.toISOString() }]);
  file.close();
  await place.remove();
});
