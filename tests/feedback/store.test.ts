import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openStore } from '../../src/feedback/store.js';
import type { AuditRecord, MemoryRecord, Store, StoreOptions } from '../../src/feedback/types.js';
import {
  aCall,
  aCard,
  accepted,
  anAudit,
  CLIENT,
  filePlace,
  keys,
  NOW,
  overridden,
  postgresPlace,
  totalOf,
  type Place,
} from './places.js';

const server = process.env['TEST_POSTGRES_URL'];

const SERVICE = 'antiresorptive-safety';
const OTHER = 'https://other.example.org';
const day = (offset: number): Date => new Date(NOW.getTime() + offset * 86_400_000);
const RANGE = { from: day(-100), to: day(100), limit: 10_000 };

const listed = async <T>(records: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = [];
  for await (const one of records) found.push(one);
  return found;
};

const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 5000;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
};

const suite = (newPlace: () => Promise<Place>): void => {
  let place: Place;
  let stores: Store[] = [];
  const open = async (changes: Partial<StoreOptions> = {}): Promise<Store> => {
    const options = { url: place.url, clock: () => NOW, flushEveryMs: 5, lookEveryMs: 20, ...changes };
    const store = await openStore(options);
    stores.push(store);
    return store;
  };
  const close = async (): Promise<void> => {
    const open = stores;
    stores = [];
    await Promise.all(open.map((store) => store.close()));
  };
  const reopened = async (): Promise<Store> => {
    await close();
    return open();
  };

  beforeEach(async () => {
    place = await newPlace();
  });
  afterEach(async () => {
    await close();
    await place.remove();
  });

  it('joins feedback to the rule of its card, and counts by outcome and reason', async () => {
    const card = aCard();
    const store = await open();
    store.recordCall(aCall([card]));
    await store.saveFeedback(CLIENT, SERVICE, [
      accepted(card.card, crypto.randomUUID()),
      overridden(card.card, 'done'),
    ]);
    const row = { rule: 'dental-assessment', service: SERVICE, count: 1 };
    expect(await (await reopened()).feedbackCounts()).toEqual([
      { ...row, outcome: 'accepted', reason: '' },
      { ...row, outcome: 'overridden', reason: 'done' },
    ]);
  });

  it('joins a card that is written after its feedback', async () => {
    const card = aCard();
    const store = await open();
    await store.saveFeedback(CLIENT, SERVICE, [accepted(card.card)]);
    expect(await store.feedbackCounts()).toMatchObject([{ rule: 'unmatched', count: 1 }]);
    store.recordCall(aCall([card]));
    expect(await (await reopened()).feedbackCounts()).toMatchObject([
      { rule: 'dental-assessment', count: 1 },
    ]);
  });

  it('stores a repeat once, within a body, across bodies and sent at the same time', async () => {
    const store = await open();
    const other = await open();
    const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
    const card = crypto.randomUUID();
    const item = accepted(card, a, b);
    await store.saveFeedback(CLIENT, SERVICE, [item, accepted(card, b, a), item]);
    await Promise.all([store, other, store, other].map((one) => one.saveFeedback(CLIENT, SERVICE, [item])));
    expect(totalOf(await store.feedbackCounts())).toBe(1);
  });

  it.each([
    ['outcome', overridden('c1')],
    ['card', accepted('c2')],
    ['accepted suggestions', accepted('c1', 's1')],
    ['time', { ...accepted('c1'), outcomeTimestamp: '2026-11-20T12:00:00.001Z' }],
  ])('stores feedback that differs in its %s beside the earlier one', async (_, second) => {
    const store = await open();
    await store.saveFeedback(CLIENT, SERVICE, [accepted('c1')]);
    await store.saveFeedback(CLIENT, SERVICE, [second]);
    expect(totalOf(await store.feedbackCounts())).toBe(2);
  });

  it('stores more items than one statement can hold, with unusual text', async () => {
    const store = await open();
    const items = Array.from({ length: 1203 }, (_, index) => ({
      ...overridden(`c${index}`, 'é\u0000"’', '\u0000💊'),
      countedAs: 'other',
    }));
    await store.saveFeedback(CLIENT, SERVICE, items);
    expect(await store.feedbackCounts()).toEqual([
      { rule: 'unmatched', service: SERVICE, outcome: 'overridden', reason: 'other', count: 1203 },
    ]);
  });

  it('accepts an empty body', async () => {
    const store = await open();
    await expect(store.saveFeedback(CLIENT, SERVICE, [])).resolves.toBeUndefined();
    expect(await store.feedbackCounts()).toEqual([]);
  });

  it('lets a token be used once, whichever instance is asked, and after a restart', async () => {
    const [one, two] = [await open(), await open()];
    const uses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).firstUse('ehr', 'jti-1', day(1))),
    );
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await one.firstUse('other-ehr', 'jti-1', day(1))).toBe(true);
    expect(await (await reopened()).firstUse('ehr', 'jti-1', day(1))).toBe(false);
  });

  it('forgets tokens only when they ended long ago', async () => {
    let now = NOW;
    const store = await open({ clock: () => now });
    await store.firstUse('ehr', 'old', day(0.5));
    await store.firstUse('ehr', 'valid', day(2));
    now = day(1);
    expect(await store.firstUse('ehr', 'valid', day(2))).toBe(false);
    expect(await store.firstUse('ehr', 'old', day(0.5))).toBe(true);
  });

  describe('remembers', () => {
    it.each([
      ['patient', undefined],
      ['user', 'k.user'],
    ] as const)('what was declined for the %s, at once, and after a restart', async (reach, userKey) => {
      const card = aCard({ keys: keys('s', { encounterKey: 'k.encounter' }) });
      const store = await open();
      store.recordCall(aCall([card]));
      await store.saveFeedback(CLIENT, SERVICE, [overridden(card.card, 'r', undefined, reach)]);
      const decline = { ...(userKey !== undefined && { userKey }), encounterKey: 'k.encounter', at: NOW };
      expect(store.memory.declinesOf('k.s')).toEqual([decline]);
      expect((await reopened()).memory.declinesOf('k.s')).toEqual([decline]);
    });

    it('nothing of a card that was accepted, or that a user declined of whom nothing is known', async () => {
      const [yes, unknown] = [
        aCard({ keys: keys('yes') }),
        aCard({ keys: { patientKey: 'k.patient', subjectKey: 'k.unknown' } }),
      ];
      const store = await open();
      store.recordCall(aCall([yes, unknown]));
      await store.saveFeedback(CLIENT, SERVICE, [accepted(yes.card), overridden(unknown.card)]);
      expect(['k.yes', 'k.unknown'].map(store.memory.declinesOf)).toEqual([[], []]);
    });

    it.each(['before', 'after'])('a decline whose card is written %s its feedback', async (when) => {
      const card = aCard({ keys: keys('s') });
      if (when === 'before') (await open()).recordCall(aCall([card]));
      await (await reopened()).saveFeedback(CLIENT, SERVICE, [overridden(card.card)]);
      if (when === 'after') (await reopened()).recordCall(aCall([card]));
      expect((await reopened()).memory.declinesOf('k.s')).toHaveLength(1);
    });

    it('what another instance was told, within a moment, once', async () => {
      const [one, two] = [await open(), await open()];
      const card = aCard({ keys: keys('s') });
      const shown: MemoryRecord = { kind: 'shown', client: CLIENT, ...keys('s'), at: NOW };
      one.recordCall(aCall([card], [shown]));
      expect(one.memory.shownAt('k.user', 'k.s')).toEqual(NOW);
      await two.saveFeedback(CLIENT, SERVICE, [overridden(card.card)]);
      await until(() => one.memory.declinesOf('k.s').length > 0);
      expect(one.memory.declinesOf('k.s')).toHaveLength(1);
      await until(() => two.memory.shownAt('k.user', 'k.s') !== undefined);
      expect(two.memory.shownAt('k.user', 'k.s')).toEqual(NOW);
      expect(two.memory.shownAt('k.other', 'k.s')).toBeUndefined();
    });

    it('an EHR whose clock runs ahead from now, not from its own time', async () => {
      const card = aCard({ keys: keys('s') });
      const store = await open();
      store.recordCall(aCall([card]));
      const future = { ...overridden(card.card), outcomeTimestamp: day(900).toISOString() };
      await store.saveFeedback(CLIENT, SERVICE, [future]);
      expect(store.memory.declinesOf('k.s')).toEqual([{ userKey: 'k.user', at: NOW }]);
    });
  });

  describe('keeps clients apart', () => {
    it('feedback on the card of another is that on an unknown card, and changes nothing of it', async () => {
      const card = aCard({ keys: keys('s') });
      const store = await open();
      store.recordCall(aCall([card]));
      const item = overridden(card.card, 'r', undefined, 'patient');
      await store.saveFeedback(OTHER, SERVICE, [item]);
      expect(await store.feedbackCounts()).toMatchObject([{ rule: 'unmatched', count: 1 }]);
      expect(store.memory.declinesOf('k.s')).toEqual([]);
      expect((await listed(store.cardHistory(RANGE)))[0]?.feedback).toBeUndefined();
      // The same words from the client itself are not taken for a repeat.
      await store.saveFeedback(CLIENT, SERVICE, [item]);
      expect(await store.feedbackCounts()).toMatchObject([
        { rule: 'dental-assessment' },
        { rule: 'unmatched' },
      ]);
      expect(store.memory.declinesOf('k.s')).toHaveLength(1);
    });

    it('gives the audit and the cards of one, or of all', async () => {
      const store = await open();
      store.recordCall(aCall([aCard()]));
      store.recordCall(aCall([aCard({ client: OTHER })], [], { issuer: OTHER }));
      const again = await reopened();
      const clients = async (client?: string) => {
        const range = { ...RANGE, ...(client !== undefined && { client }) };
        return [
          (await listed(again.auditRecords(range))).map(({ issuer }) => issuer).sort(),
          (await listed(again.cardHistory(range))).map((one) => one.client).sort(),
        ];
      };
      expect(await clients(OTHER)).toEqual([[OTHER], [OTHER]]);
      expect(await clients()).toEqual([
        [CLIENT, OTHER],
        [CLIENT, OTHER],
      ]);
      expect(await clients('nobody')).toEqual([[], []]);
    });
  });

  it('gives the audit of a period in order, past one page, up to the limit', async () => {
    const store = await open();
    const record = (index: number): AuditRecord =>
      anAudit({
        time: new Date(NOW.getTime() + Math.floor(index / 3)),
        ...(index % 2 ? { tenant: 't', user: 'Practitioner/1', patientKey: 'k.p', code: 'X' } : {}),
        hookInstance: `h${index}`,
      });
    const all = Array.from({ length: 1201 }, (_, index) => record(index));
    for (const audit of all) store.recordCall({ audit, cards: [], memory: [] });
    const again = await reopened();
    const read = (to: Date, limit: number) => listed(again.auditRecords({ from: NOW, to, limit }));
    const found = await read(day(1), 5000);
    expect(found).toHaveLength(1201);
    expect(found).toEqual(expect.arrayContaining([record(0), record(1), record(1200)]));
    const times = found.map(({ time }) => time.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(await read(new Date(NOW.getTime() + 1), 5000)).toHaveLength(3);
    expect(await read(day(1), 700)).toHaveLength(700);
  });

  it('gives each card once, with what became of it and the last word of its user', async () => {
    const cards = Array.from({ length: 600 }, (_, index) =>
      aCard({ rule: `r${index}`, issuedAt: new Date(NOW.getTime() + Math.floor(index / 7)) }),
    );
    const [first] = cards;
    const told = {
      ...aCard({ state: 'repeated', shadow: true, indicator: 'warning', unchecked: ['procedures'] }),
    };
    const store = await open();
    store.recordCall(aCall([...cards, told]));
    await store.saveFeedback(CLIENT, SERVICE, [
      overridden(first?.card ?? '', 'done'),
      { ...accepted(first?.card ?? ''), outcomeTimestamp: day(0.1).toISOString() },
    ]);
    const found = await listed(store.cardHistory(RANGE));
    expect(new Set(found.map(({ card }) => card)).size).toBe(601);
    expect(found).toHaveLength(601);
    expect(found.find(({ card }) => card === first?.card)?.feedback).toEqual({
      outcome: 'accepted',
      reason: '',
      at: day(0.1),
    });
    const { card, state, shadow, indicator, unchecked, client, rule } = told;
    expect(found).toContainEqual(
      expect.objectContaining({ card, state, shadow, indicator, unchecked, client, rule }),
    );
  });

  it('forgets cards, keys, declines and audit at their age, and keeps the counts per rule', async () => {
    const old = aCard({ issuedAt: day(-10), keys: keys('s') });
    const store = await open();
    const shown: MemoryRecord = { kind: 'shown', client: CLIENT, ...keys('s'), at: day(-10) };
    store.recordCall(aCall([old, aCard({ rule: 'renal' })], [shown], { time: day(-10) }));
    await store.saveFeedback(CLIENT, SERVICE, [overridden(old.card, 'done', 'Mme Planted')]);
    const before = await store.feedbackCounts();
    const all = (at: Date) => ({ cardsBefore: at, textsBefore: at, auditBefore: at, shownBefore: at });
    await store.purge({ ...all(day(-10)), declinesBefore: NOW });
    let again = await reopened();
    expect(again.memory.declinesOf('k.s')).toHaveLength(1);
    expect(again.memory.shownAt('k.user', 'k.s')).toEqual(day(-10));
    expect(await listed(again.cardHistory(RANGE))).toHaveLength(2);
    expect(await listed(again.auditRecords(RANGE))).toHaveLength(1);
    await again.purge({ ...all(day(-9)), declinesBefore: day(1) });
    again = await reopened();
    expect(again.memory.declinesOf('k.s')).toEqual([]);
    expect(again.memory.shownAt('k.user', 'k.s')).toBeUndefined();
    expect(await listed(again.cardHistory(RANGE))).toMatchObject([{ rule: 'renal' }]);
    expect(await listed(again.auditRecords(RANGE))).toEqual([]);
    expect(await again.feedbackCounts()).toEqual(before);
  });

  it('removes what is tied to one patient of one client, says how much, and tells running instances', async () => {
    const [mine, others, elsewhere, unknown] = [
      aCard({ keys: keys('mine') }),
      aCard({ keys: keys('others', { patientKey: 'k.other' }) }),
      aCard({ client: OTHER, keys: keys('elsewhere') }),
      aCard({ keys: keys('unknown', { patientKey: 'z.patient' }) }),
    ];
    const store = await open();
    const running = await open();
    const shown = (client: string, subject: string): MemoryRecord => ({
      kind: 'shown',
      client,
      ...keys(subject),
      at: NOW,
    });
    store.recordCall(aCall([mine, others], [shown(CLIENT, 'mine')], { patientKey: 'k.patient' }));
    store.recordCall(aCall([], [], { patient: 'Patient/1', patientKey: 'z.patient' }));
    store.recordCall(aCall([unknown], [], { patientKey: 'z.patient' }));
    store.recordCall(
      aCall([elsewhere], [shown(OTHER, 'elsewhere')], { issuer: OTHER, patientKey: 'k.patient' }),
    );
    await store.saveFeedback(CLIENT, SERVICE, [overridden(mine.card), overridden(others.card)]);
    await until(() => running.memory.declinesOf('k.mine').length > 0);
    const patient = { client: CLIENT, patientKeys: ['k.patient'], patient: 'Patient/1', keyPrefix: 'k.' };
    expect(await store.forgetPatient(patient)).toEqual({
      audit: 2,
      cards: 1,
      feedback: 1,
      memory: 2,
      unreadable: 2,
    });
    await until(() => running.memory.declinesOf('k.mine').length === 0);
    expect(running.memory.declinesOf('k.mine')).toEqual([]);
    expect(running.memory.shownAt('k.user', 'k.mine')).toBeUndefined();
    expect(running.memory.declinesOf('k.others')).toHaveLength(1);
    expect(running.memory.shownAt('k.user', 'k.elsewhere')).toEqual(NOW);
    expect(await listed(store.cardHistory(RANGE))).toHaveLength(3);
    expect(totalOf(await store.feedbackCounts())).toBe(2);
    expect(await store.forgetPatient(patient)).toMatchObject({ audit: 0, cards: 0, feedback: 0, memory: 0 });
  });

  it('knows the FHIR servers that a client has named', async () => {
    const store = await open();
    const calls = ['https://a/fhir', 'https://b/fhir', 'https://a/fhir'];
    for (const fhirBase of calls) store.recordCall({ ...aCall([]), fhirBase });
    store.recordCall({ ...aCall([], [], { issuer: OTHER }), fhirBase: 'https://c/fhir' });
    expect(await (await reopened()).fhirBases(CLIENT)).toEqual(['https://a/fhir', 'https://b/fhir']);
  });

  it('is brought up to date once when several instances start together', async () => {
    const instances = await Promise.all(Array.from({ length: 4 }, () => open()));
    await Promise.all(
      instances.map((store, index) => store.saveFeedback(CLIENT, SERVICE, [accepted(`c${index}`)])),
    );
    expect(totalOf(await (await open()).feedbackCounts())).toBe(4);
  });

  it('drops and counts what does not fit in the queue, goes on, and marks in the audit what is missing', async () => {
    const store = await open({ queueCapacity: 3, flushEveryMs: 10_000 });
    const cards = Array.from({ length: 5 }, () => aCard());
    for (const card of cards) store.recordCall(aCall([card]));
    expect(store.queueCounts()).toEqual({ waiting: 3, dropped: 2, faults: 0 });
    await store.saveFeedback(
      CLIENT,
      SERVICE,
      cards.map(({ card }) => accepted(card)),
    );
    const again = await reopened();
    const counts = await again.feedbackCounts();
    expect(counts.map(({ rule, count }) => [rule, count])).toEqual([
      ['dental-assessment', 3],
      ['unmatched', 2],
    ]);
    const lost = (await listed(again.auditRecords(RANGE))).filter(({ kind }) => kind === 'lost');
    expect(lost).toMatchObject([{ times: 2 }]);
  });

  it('is writable, and not degraded', async () => {
    const store = await open();
    expect([await store.writable(), store.isDegraded()]).toEqual([true, false]);
  });
};

describe('the store in an embedded file', () => {
  suite(filePlace);
});

if (server === undefined) {
  describe('the store in PostgreSQL', () => {
    it.skip('SKIPPED: set TEST_POSTGRES_URL to run the same suite on PostgreSQL', () => undefined);
  });
} else {
  describe('the store in PostgreSQL', () => {
    suite(() => postgresPlace(server));
  });
}
