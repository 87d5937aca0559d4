import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { openStore } from '../../src/feedback/store.js';
import type { Store, StoreOptions } from '../../src/feedback/types.js';
import { aCall, aCard, accepted, CLIENT, filePlace, NOW, overridden, totalOf, type Place } from './places.js';

const SERVICE = 'antiresorptive-safety';
const unavailable = { name: 'StoreError', code: 'STORE_UNAVAILABLE', message: 'the store is not available' };

let place: Place;
let path: string;
let store: Store | undefined;
const open = async (changes: Partial<StoreOptions> = {}): Promise<Store> => {
  store = await openStore({ url: place.url, clock: () => NOW, flushEveryMs: 5, lockWaitMs: 100, ...changes });
  return store;
};
beforeEach(async () => {
  place = await filePlace();
  path = place.url.slice('file:'.length);
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await place.remove();
});

describe('a store that another process has locked', () => {
  it('refuses feedback, keeps cards waiting without delaying anybody, and recovers', async () => {
    const opened = await open();
    const card = aCard();
    const other = new Database(path);
    other.exec('begin immediate');
    opened.recordCall(aCall([card]));
    await expect(opened.saveFeedback(CLIENT, SERVICE, [accepted(card.card)])).rejects.toMatchObject(
      unavailable,
    );
    expect(await opened.writable()).toBe(false);
    expect(opened.queueCounts()).toMatchObject({ waiting: 1, dropped: 0 });
    other.exec('rollback');
    other.close();
    expect(await opened.writable()).toBe(true);
    await opened.saveFeedback(CLIENT, SERVICE, [accepted(card.card)]);
    await opened.close();
    const counts = await (await open()).feedbackCounts();
    expect(counts.map(({ rule, count }) => [rule, count])).toEqual([['dental-assessment', 1]]);
  });

  it('waits for a lock that is held briefly', async () => {
    const opened = await open({ lockWaitMs: 2000 });
    const other = new Database(path);
    other.exec('begin immediate');
    setTimeout(() => other.exec('commit'), 200);
    await opened.saveFeedback(CLIENT, SERVICE, [accepted('c')]);
    expect(totalOf(await opened.feedbackCounts())).toBe(1);
    other.close();
  });
});

describe('a store that was closed', () => {
  it('is whole in its file alone, as somebody copies it who knows of no other', async () => {
    const opened = await open();
    await opened.saveFeedback(CLIENT, SERVICE, [accepted('c'), accepted('d')]);
    await opened.close();
    const copy = `${path}.copy`;
    copyFileSync(path, copy);
    store = await openStore({ url: `file:${copy}`, clock: () => NOW });
    expect(totalOf(await store.feedbackCounts())).toBe(2);
  });
});

describe('a store that is full', () => {
  it('refuses the whole body, keeps what it has, and recovers when there is room', async () => {
    const opened = await open({ maxPages: 60 });
    let saved = 0;
    const fill = async () => {
      for (; saved < 1000; saved += 1)
        await opened.saveFeedback(CLIENT, 'fill', [overridden(`c${saved}`, 'x', 'y'.repeat(4000))]);
    };
    await expect(fill()).rejects.toMatchObject({ ...unavailable, driverCode: 'SQLITE_FULL' });
    const body = Array.from({ length: 50 }, (_, index) => overridden(`d${index}`, 'x', 'y'.repeat(4000)));
    await expect(opened.saveFeedback(CLIENT, 'body', body)).rejects.toMatchObject(unavailable);
    expect(await opened.feedbackCounts()).toMatchObject([{ service: 'fill', count: saved }]);
    await opened.close();
    const roomier = await open({ maxPages: 600 });
    await roomier.saveFeedback(CLIENT, 'body', body);
    expect(totalOf(await roomier.feedbackCounts())).toBe(saved + 50);
  });
});

describe('a store whose file is gone', () => {
  it('refuses feedback instead of writing where nobody will find it, and recovers when it is back', async () => {
    const opened = await open();
    await opened.saveFeedback(CLIENT, SERVICE, [accepted('before')]);
    renameSync(path, `${path}.away`);
    await expect(opened.saveFeedback(CLIENT, SERVICE, [accepted('while')])).rejects.toMatchObject(
      unavailable,
    );
    await expect(opened.firstUse('ehr', 'jti', NOW)).rejects.toMatchObject(unavailable);
    expect(await opened.writable()).toBe(false);
    renameSync(`${path}.away`, path);
    await opened.saveFeedback(CLIENT, SERVICE, [accepted('after')]);
    expect(totalOf(await opened.feedbackCounts())).toBe(2);
  });

  it('opens the file that was put in its place', async () => {
    const opened = await open();
    await opened.saveFeedback(CLIENT, SERVICE, [accepted('before')]);
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    const other = new Database(path);
    other.exec('create table restored (x text)');
    other.close();
    await opened.saveFeedback(CLIENT, SERVICE, [accepted('after')]);
    expect(totalOf(await opened.feedbackCounts())).toBe(1);
    expect(await opened.writable()).toBe(true);
  });
});

describe('a store that cannot be opened', () => {
  it('says so without naming the path', async () => {
    mkdirSync(path, { recursive: true });
    await expect(open()).rejects.toMatchObject(unavailable);
  });

  it('refuses a file that is no database, and leaves it alone', async () => {
    mkdirSync(new URL('.', `file://${path}`).pathname, { recursive: true });
    writeFileSync(path, 'not a database, '.repeat(100));
    await expect(open()).rejects.toMatchObject(unavailable);
  });

  it('is unavailable when no PostgreSQL answers', async () => {
    const url = 'postgres://nobody:secret@127.0.0.1:1/none';
    await expect(openStore({ url, clock: () => NOW })).rejects.toMatchObject({
      ...unavailable,
      driverCode: 'ECONNREFUSED',
    });
  });
});
