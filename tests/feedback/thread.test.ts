import { statSync } from 'node:fs';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { openStore, openStoreInThread } from '../../src/feedback/store.js';
import type { Store } from '../../src/feedback/types.js';
import { aCall, aCard, CLIENT, filePlace, keys, NOW, overridden, type Place } from './places.js';

const RANGE = { from: new Date(0), to: new Date('2100-01-01'), limit: 100 };

let place: Place;
let path = '';
let store: Store | undefined;
beforeEach(async () => {
  place = await filePlace();
  path = place.url.slice('file:'.length);
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await place.remove();
});

const opened = async (): Promise<Store> => {
  store = await openStoreInThread({ url: place.url, clock: () => NOW, flushEveryMs: 5, lookEveryMs: 20 });
  return store;
};

describe('the store in a thread of its own', () => {
  it('does all that it does in the thread that asks', async () => {
    const inThread = await opened();
    const card = aCard({ keys: keys('s') });
    const shown = { kind: 'shown', client: CLIENT, ...keys('s'), at: NOW } as const;
    inThread.recordCall({
      ...aCall([card], [shown], { patientKey: 'k.patient' }),
      fhirBase: 'https://a/fhir',
    });
    await inThread.saveFeedback(CLIENT, 's', [overridden(card.card, 'r')]);
    expect(inThread.memory.declinesOf('k.s')).toEqual([{ userKey: 'k.user', at: NOW }]);
    expect(await inThread.feedbackCounts()).toMatchObject([{ rule: 'dental-assessment', count: 1 }]);
    const later = new Date(NOW.getTime() + 1000);
    const uses = await Promise.all(['a', 'a', 'b'].map((jti) => inThread.firstUse(CLIENT, jti, later)));
    expect(uses).toEqual([true, false, true]);
    const history = [];
    for await (const each of inThread.cardHistory(RANGE)) history.push(each.feedback?.reason);
    const audit = [];
    for await (const each of inThread.auditRecords(RANGE)) audit.push(each.time);
    expect([history, audit]).toEqual([['r'], [NOW]]);
    expect(await inThread.fhirBases(CLIENT)).toEqual(['https://a/fhir']);
    expect(await inThread.writable()).toBe(true);
    const patient = { client: CLIENT, patientKeys: ['k.patient'], patient: 'Patient/1', keyPrefix: 'k.' };
    expect(await inThread.forgetPatient(patient)).toMatchObject({
      audit: 1,
      cards: 1,
      feedback: 1,
      memory: 2,
    });
    await inThread.purge({ cardsBefore: NOW });
  });

  it('refuses to open what cannot be opened, with the code of the driver alone', async () => {
    await (await opened()).close();
    store = undefined;
    writeFileSync(path, 'not a database, '.repeat(100));
    await expect(opened()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', driverCode: 'SQLITE_NOTADB' });
  });

  it('answers while the store is locked: the thread that asks is never held up', async () => {
    const inThread = await opened();
    const other = new Database(path);
    other.exec('begin immediate');
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 5);
    await expect(inThread.firstUse(CLIENT, 'a', NOW)).rejects.toMatchObject({ driverCode: 'DEADLINE' });
    clearInterval(turning);
    expect(turns).toBeGreaterThan(5);
    // The next call does not wait to find out for itself.
    const began = performance.now();
    await expect(inThread.firstUse(CLIENT, 'b', NOW)).rejects.toMatchObject({ driverCode: 'BREAKER_OPEN' });
    expect(performance.now() - began).toBeLessThan(50);
    expect(inThread.isDegraded()).toBe(true);
    other.exec('rollback');
    other.close();
    const end = performance.now() + 5000;
    while (inThread.isDegraded() && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await inThread.firstUse(CLIENT, 'c', NOW)).toBe(true);
  });
});

describe('the file of the store', () => {
  const modes = () => ['', '-wal', '-shm'].map((end) => (statSync(`${path}${end}`).mode & 0o777).toString(8));

  it('and those beside it may be read by their owner alone, also when they were open before', async () => {
    store = await openStore({ url: place.url, clock: () => NOW });
    await store.saveFeedback(CLIENT, 's', [overridden('c')]);
    expect(modes()).toEqual(['600', '600', '600']);
    await store.close();
    chmodSync(path, 0o644);
    store = await openStore({ url: place.url, clock: () => NOW });
    expect(modes()).toEqual(['600', '600', '600']);
  });

  it('is not opened when it is damaged', async () => {
    store = await openStore({ url: place.url, clock: () => NOW, flushEveryMs: 5 });
    const items = Array.from({ length: 300 }, (_, index) => overridden(`c${index}`, 'x', 'y'.repeat(2000)));
    await store.saveFeedback(CLIENT, 's', items);
    await store.close();
    store = undefined;
    const bytes = readFileSync(path);
    // The head of a page in the middle: the tree of a table can no longer be read there.
    bytes.fill(0xff, 4096 * 40, 4096 * 40 + 64);
    writeFileSync(path, bytes);
    const open = openStore({ url: place.url, clock: () => NOW });
    await expect(open).rejects.toMatchObject({ driverCode: 'SQLITE_CORRUPT' });
  });
});

describe('the audit of a process that died', () => {
  it('says from when on records may be missing, once; one that stopped leaves no such mark', async () => {
    let now = NOW;
    const open = () => openStore({ url: place.url, clock: () => now, flushEveryMs: 5 });
    const file = () => new Database(path);
    const stopped = await open();
    stopped.recordCall(aCall([]));
    await stopped.close();
    const died = await open();
    died.recordCall(aCall([]));
    await died.close();
    const db = file();
    // As a kill leaves it: seen, and never stopped.
    db.exec(`update instances set stopped_at = null where rowid = (select max(rowid) from instances)`);
    db.close();
    const lost = async () => {
      const found = [];
      const reader = await open();
      for await (const { kind, time, times } of reader.auditRecords(RANGE))
        if (kind === 'lost') found.push({ time, times });
      await reader.close();
      return found;
    };
    now = new Date(NOW.getTime() + 60_000);
    expect(await lost()).toEqual([]);
    now = new Date(NOW.getTime() + 60_001);
    expect(await lost()).toEqual([{ time: NOW, times: 0 }]);
    expect(await lost()).toEqual([{ time: NOW, times: 0 }]);
  });
});
