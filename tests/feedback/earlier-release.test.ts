import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import pg from 'pg';
import { openStore } from '../../src/feedback/store.js';
import { filePlace, NOW, overridden, postgresPlace, type Place } from './places.js';

/** The tables as release 0.1.0 left them, with what two hospitals and one nobody knows of have left in them. */
const release = [
  'create table migrations (name text primary key, applied_at text not null)',
  `insert into migrations values ('2026-11-first-tables', '2026-11-01'), ('2026-11-overrides-by-subject', '2026-11-02')`,
  `create table cards (card text primary key, service text not null, hook text not null,
    hook_instance text not null, rule text not null, rule_version text not null, recommendations text not null,
    outcome text not null, suggestions text not null, subject_key text, issued_at text not null)`,
  'create index cards_issued_at on cards (issued_at)',
  `create table feedback (fingerprint text primary key, service text not null, card text not null,
    outcome text not null, outcome_timestamp text not null, suggestions text not null, reason_code text not null,
    reason_system text, reason_display text, user_comment text, rule text, received_at text not null,
    subject_key text)`,
  'create index feedback_card on feedback (card)',
  'create index feedback_subject_key on feedback (subject_key)',
  'create table used_tokens (token text primary key, expires_at text not null)',
  'create index used_tokens_expires_at on used_tokens (expires_at)',
  `create table audit (id text primary key, time text not null, issuer text, tenant text, hook text not null,
    hook_instance text not null, service text not null, outcomes text not null, status integer not null,
    ms double precision not null)`,
  'create index audit_time on audit (time, id)',
  'create table probe (id integer primary key, at text not null)',
  ...[
    ['north', 'h1'],
    ['south', 'h2'],
    // Two hospitals with one hook instance: nobody can tell whose card it was.
    ['north', 'h3'],
    ['south', 'h3'],
  ].map(
    ([issuer, instance], index) =>
      `insert into audit values ('a${index}', '2026-11-20T12:00:00.000Z', '${issuer}', null, 'order-sign', '${instance}',
        's', '{"dental":"fires"}', 200, 1)`,
  ),
  ...['h1', 'h2', 'h3', 'h4'].map(
    (instance) =>
      `insert into cards values ('c-${instance}', 's', 'order-sign', '${instance}', 'dental', '1.0.0', '["T-18"]',
        'fires', '[]', 'old-key', '2026-11-20T12:00:00.000Z')`,
  ),
  ...['h1', 'h2', 'h3', 'nowhere'].map(
    (instance) =>
      `insert into feedback values ('f-${instance}', 's', 'c-${instance}', 'overridden', '2026-11-20T12:00:00.000Z',
        '[]', 'done-elsewhere', null, null, null, null, '2026-11-20T12:00:00.000Z', 'old-key')`,
  ),
];

const inFile = async (): Promise<Place> => {
  const place = await filePlace();
  const path = place.url.slice('file:'.length);
  mkdirSync(dirname(path), { recursive: true });
  const file = new Database(path);
  for (const statement of release) file.exec(statement);
  file.close();
  return place;
};

const inPostgres = (server: string) => async (): Promise<Place> => {
  const place = await postgresPlace(server);
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  for (const statement of release) await client.query(statement);
  await client.end();
  return place;
};

const suite = (earlierPlace: () => Promise<Place>): void => {
  let place: Place | undefined;
  afterEach(() => place?.remove());

  it('gives its cards and feedback to the clients that the audit names, and forgets what nobody could find again', async () => {
    place = await earlierPlace();
    const store = await openStore({ url: place.url, clock: () => NOW, flushEveryMs: 5 });
    const range = { from: new Date(0), to: new Date('2100-01-01'), limit: 100 };
    const cards = [];
    for await (const { card, client, feedback } of store.cardHistory(range))
      cards.push([card, client, feedback?.reason]);
    expect(cards).toEqual([
      ['c-h1', 'north', 'done-elsewhere'],
      ['c-h2', 'south', 'done-elsewhere'],
      ['c-h3', '', 'done-elsewhere'],
      ['c-h4', '', undefined],
    ]);
    const row = { service: 's', outcome: 'overridden', reason: 'done-elsewhere' };
    expect(await store.feedbackCounts()).toEqual([
      { ...row, rule: 'dental', count: 3 },
      { ...row, rule: 'unmatched', count: 1 },
    ]);
    expect(store.memory.declinesOf('old-key')).toEqual([]);
    const ofNorth = [];
    for await (const record of store.auditRecords({ ...range, client: 'north' })) ofNorth.push(record);
    expect(ofNorth).toMatchObject([
      { kind: 'call', endpoint: 'hook', times: 1, hookInstance: 'h1' },
      { hookInstance: 'h3' },
    ]);
    // What one hospital says of a card of the other is not about it.
    await store.saveFeedback('south', 's', [overridden('c-h1', 'x'), overridden('c-h2', 'x')]);
    expect((await store.feedbackCounts()).filter(({ reason }) => reason === 'x')).toEqual([
      { ...row, rule: 'dental', reason: 'x', count: 1 },
      { ...row, rule: 'unmatched', reason: 'x', count: 1 },
    ]);
    await store.close();
  });
};

describe('the store of an earlier release in an embedded file', () => {
  suite(inFile);
});

const server = process.env['TEST_POSTGRES_URL'];
describe('the store of an earlier release in PostgreSQL', () => {
  if (server === undefined) it.skip('SKIPPED: set TEST_POSTGRES_URL', () => undefined);
  else suite(inPostgres(server));
});
