import type { StoreReader } from '../feedback/reader.js';
import { concluded, type Findings, type Names } from './findings.js';
import { countCall, countCard, emptyTally } from './tally.js';

/** The period that a report is about: from the first moment on and before the second. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
  /** Issuer; without it, all clients. */
  readonly client: string | undefined;
}

/** Reads what the store has of a period, record by record. */
export async function readPeriod(
  store: StoreReader,
  { from, to, client }: Period,
  names: Names,
): Promise<Findings> {
  const range = { from, to, limit: Number.MAX_SAFE_INTEGER, ...(client !== undefined && { client }) };
  const tally = emptyTally();
  const reasons = new Set(names.reasons.keys());
  for await (const card of store.cardHistory(range)) countCard(tally, card, reasons);
  for await (const record of store.auditRecords(range)) countCall(tally, record);
  const unmatchedFeedback = await store.unmatchedFeedback(range);
  return concluded({ from, to, client, tally, unmatchedFeedback, kept: await store.kept(), names });
}
