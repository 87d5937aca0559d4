import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type {
  AuditRecord,
  CallRecord,
  CardKeys,
  CardRecord,
  FeedbackRecord,
  MemoryRecord,
} from '../../src/feedback/types.js';

export const NOW = new Date('2026-11-20T12:00:00.000Z');

/** Somewhere a store can be opened, empty, and how to remove it. */
export interface Place {
  readonly url: string;
  readonly remove: () => Promise<void>;
}

export const filePlace = (): Promise<Place> => {
  const folder = mkdtempSync(join(tmpdir(), 'cds-store-'));
  return Promise.resolve({
    url: `file:${join(folder, 'deep', 'cds.sqlite')}`,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  });
};

/** A schema of its own, so that nothing is left in the database. */
export const postgresPlace = async (server: string): Promise<Place> => {
  const schema = `t${crypto.randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  const user = decodeURIComponent(new URL(server).username);
  const role = `r${schema}`;
  await run(`create role ${role} login superuser password 'x' in role ${user}`);
  await run(`create schema ${schema}`);
  await run(`alter role ${role} set search_path = ${schema}`);
  const url = new URL(server);
  url.username = role;
  url.password = 'x';
  return {
    url: url.href,
    remove: async () => {
      await run(`drop schema ${schema} cascade`);
      await run(`drop role ${role}`);
    },
  };
};

/** The client that cards and feedback of these tests belong to. */
export const CLIENT = 'https://ehr.example.org';

export const keys = (subject: string, changes: Partial<CardKeys> = {}): CardKeys => ({
  patientKey: 'k.patient',
  subjectKey: `k.${subject}`,
  userKey: 'k.user',
  ...changes,
});

export const aCard = (changes: Partial<CardRecord> = {}): CardRecord => ({
  card: crypto.randomUUID(),
  client: CLIENT,
  service: 'antiresorptive-safety',
  hook: 'order-sign',
  hookInstance: crypto.randomUUID(),
  rule: 'dental-assessment',
  ruleVersion: '1.0.0',
  recommendations: ['T-18'],
  indicator: 'info',
  outcome: 'fires',
  unchecked: [],
  state: 'shown',
  shadow: false,
  suggestions: [],
  issuedAt: NOW,
  ...changes,
});

export const anAudit = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  kind: 'call',
  time: NOW,
  issuer: CLIENT,
  endpoint: 'hook',
  hook: 'order-sign',
  hookInstance: 'h',
  service: 'antiresorptive-safety',
  outcomes: { 'dental-assessment': 'fires' },
  status: 200,
  ms: 1.5,
  times: 1,
  ...changes,
});

export const aCall = (
  cards: readonly CardRecord[],
  memory: readonly MemoryRecord[] = [],
  audit: Partial<AuditRecord> = {},
): CallRecord => ({ audit: anAudit(audit), cards, memory });

export const accepted = (card: string, ...ids: readonly string[]): FeedbackRecord => ({
  card,
  outcome: 'accepted',
  outcomeTimestamp: NOW.toISOString(),
  acceptedSuggestions: ids.map((id) => ({ id })),
  countedAs: '',
  reach: 'user',
});

export const overridden = (
  card: string,
  code?: string,
  userComment?: string,
  reach: 'patient' | 'user' = 'user',
): FeedbackRecord => ({
  card,
  outcome: 'overridden',
  outcomeTimestamp: NOW.toISOString(),
  overrideReason: {
    ...(code === undefined ? {} : { reason: { code } }),
    ...(userComment === undefined ? {} : { userComment }),
  },
  countedAs: code ?? '',
  reach,
});

export const totalOf = (counts: readonly { readonly count: number }[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);
