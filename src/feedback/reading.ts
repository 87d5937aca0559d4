import { sql, type Kysely } from 'kysely';
import { auditRecord, listOf, memoryRecord } from './rows.js';
import type { Tables } from './schema.js';
import type { AuditRecord, CardHistory, MemoryRecord, RecordRange } from './types.js';

/** Where a page ended: time and id of its last record. */
export interface PageEnd {
  readonly time: string;
  readonly id: string;
}

export interface Page<T> {
  readonly records: readonly T[];
  /** Absent on the last page. */
  readonly end?: PageEnd;
}

const PAGE = 500;
const MEMORY_PAGE = 10_000;

const pageOf = <Row, T>(
  rows: readonly Row[],
  records: readonly T[],
  endOf: (row: Row) => PageEnd,
): Page<T> => {
  const last = rows.at(-1);
  return { records, ...(last !== undefined && { end: endOf(last) }) };
};

const startOf = ({ from }: RecordRange, after: PageEnd | undefined): PageEnd =>
  after ?? { time: from.toISOString(), id: '' };

/** Audit records of the range after a place, oldest first. */
export const auditPage = async (
  db: Kysely<Tables>,
  range: RecordRange,
  after: PageEnd | undefined,
): Promise<Page<AuditRecord>> => {
  const { time, id } = startOf(range, after);
  const { client } = range;
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('time', '<', range.to.toISOString())
    .where((where) =>
      where.or([where('time', '>', time), where.and([where('time', '=', time), where('id', '>', id)])]),
    )
    .$if(client !== undefined, (query) =>
      query.where('issuer', 'is not distinct from', client === '' ? null : (client ?? null)),
    )
    .orderBy('time')
    .orderBy('id')
    .limit(Math.min(PAGE, range.limit))
    .execute();
  return pageOf(rows, rows.map(auditRecord), (row) => ({ time: row.time, id: row.id }));
};

/** Cards of the range after a place with the last feedback on each, oldest first. */
export const cardPage = async (
  db: Kysely<Tables>,
  range: RecordRange,
  after: PageEnd | undefined,
): Promise<Page<CardHistory>> => {
  const { time, id } = startOf(range, after);
  const { client } = range;
  const rows = await db
    .selectFrom('cards')
    .leftJoin('feedback', (join) =>
      join
        .onRef('feedback.card', '=', 'cards.card')
        .onRef('feedback.client', '=', 'cards.client')
        .on(
          'feedback.fingerprint',
          '=',
          sql<string>`(select last.fingerprint from feedback as last
            where last.card = cards.card and last.client = cards.client
            order by last.outcome_timestamp desc, last.fingerprint limit 1)`,
        ),
    )
    .select(['cards.card', 'cards.client', 'cards.service', 'cards.hook', 'cards.rule', 'cards.rule_version'])
    .select(['cards.recommendations', 'cards.indicator', 'cards.outcome', 'cards.unchecked', 'cards.state'])
    .select(['cards.shadow', 'cards.said_before', 'cards.issued_at'])
    .select(['feedback.outcome as judged', 'feedback.reason', 'feedback.outcome_timestamp as judged_at'])
    .where('cards.issued_at', '<', range.to.toISOString())
    .where((where) =>
      where.or([
        where('cards.issued_at', '>', time),
        where.and([where('cards.issued_at', '=', time), where('cards.card', '>', id)]),
      ]),
    )
    .$if(client !== undefined, (query) => query.where('cards.client', '=', client ?? ''))
    .orderBy('cards.issued_at')
    .orderBy('cards.card')
    .limit(Math.min(PAGE, range.limit))
    .execute();
  const records = rows.map((row): CardHistory => ({
    card: row.card,
    client: row.client,
    service: row.service,
    hook: row.hook,
    rule: row.rule,
    ruleVersion: row.rule_version,
    recommendations: listOf(row.recommendations),
    indicator: row.indicator === 'critical' || row.indicator === 'warning' ? row.indicator : 'info',
    outcome: row.outcome === 'unknown' ? 'unknown' : 'fires',
    unchecked: listOf(row.unchecked),
    state: row.state,
    shadow: row.shadow === 1,
    ...(row.said_before !== null && { saidBefore: row.said_before === 1 }),
    issuedAt: new Date(row.issued_at),
    ...(row.judged !== null &&
      row.judged_at !== null && {
        feedback: { outcome: row.judged, reason: row.reason ?? '', at: new Date(row.judged_at) },
      }),
  }));
  return pageOf(rows, records, (row) => ({ time: row.issued_at, id: row.card }));
};

/** What was remembered after a place in the order of writing. */
export interface MemoryPage {
  readonly records: readonly MemoryRecord[];
  /** Number of the last row that was read; that of the question when there was none. */
  readonly last: number;
  /** Number of the newest row that tells of a removal. */
  readonly purged?: number;
  readonly isLast: boolean;
}

/** The memory after the row of this number. */
export const memoryPage = async (db: Kysely<Tables>, after: number): Promise<MemoryPage> => {
  const rows = await db
    .selectFrom('memory')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(MEMORY_PAGE)
    .execute();
  const purged = rows.findLast(({ kind }) => kind === 'purged');
  return {
    records: rows.flatMap((row) => memoryRecord(row) ?? []),
    last: Number(rows.at(-1)?.seq ?? after),
    ...(purged !== undefined && { purged: Number(purged.seq) }),
    isLast: rows.length < MEMORY_PAGE,
  };
};
