import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keyedHash, normalBase, randomSecret } from '../feedback/keyed-hash.js';
import { recordOfStore } from '../feedback/record-of-store.js';
import { openStore } from '../feedback/store.js';
import type { Forgotten, Store } from '../feedback/types.js';
import { shippedGuideline } from '../knowledge/guideline-names.js';
import { auditEvent, type AuditSource } from './audit-event.js';
import { expectedMoment, momentOf } from './moment.js';
import { runAsProgram } from './program.js';
import { sharedConfig } from './shared-config.js';

const mostRecords = 10_000_000;

/** What stands in the way of an export, in the words of an operator. */
export class AuditExportError extends Error {
  override readonly name = 'AuditExportError';
}

function moment(option: string, text: string): Date {
  const found = momentOf(text);
  if (found === undefined) throw new AuditExportError(`--${option}: ${expectedMoment}`);
  return found;
}

/** What the command line asks for. */
export type AuditWish =
  | { readonly kind: 'export'; readonly from: Date; readonly to: Date; readonly client?: string }
  | {
      readonly kind: 'purge';
      readonly patientId: string;
      /** Only this FHIR server's patient of that id; absent: that of every one of the client. */
      readonly fhirBase?: string;
      readonly client: string;
    };

/**
 * `[--from D] [--to D] [--client ISSUER]`, from included, to excluded, all that is kept when absent; or
 * `--purge Patient/ID --client ISSUER`. Throws AuditExportError.
 */
export function auditWish(args: readonly string[], now: Date): AuditWish {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { from: text, to: text, client: text, purge: text },
  });
  const { client, purge } = values;
  if (purge !== undefined) {
    const [, base, patientId] = /^(?:(https?:\/\/.+)\/)?Patient\/([A-Za-z0-9.-]{1,64})$/.exec(purge) ?? [];
    if (patientId === undefined) throw new AuditExportError('--purge: expected Patient/ID, or its whole URL');
    if (client === undefined) throw new AuditExportError('--client: expected the issuer whose patient it is');
    if (values.from !== undefined || values.to !== undefined) {
      throw new AuditExportError(
        '--purge removes all that is tied to the patient: leave out --from and --to',
      );
    }
    return { kind: 'purge', patientId, client, ...(base !== undefined && { fhirBase: normalBase(base) }) };
  }
  const from = values.from === undefined ? new Date(0) : moment('from', values.from);
  const to = values.to === undefined ? now : moment('to', values.to);
  if (from >= to) throw new AuditExportError('--from must be before --to');
  return { kind: 'export', from, to, ...(client !== undefined && { client }) };
}

/** Opening the store would make an empty file of a misspelt path, and «0 records» would look like an answer. */
async function withStore<T>(databaseUrl: string, now: Date, use: (store: Store) => Promise<T>): Promise<T> {
  const path = /^file:(.+)$/.exec(databaseUrl)?.[1];
  if (path !== undefined && !existsSync(path)) {
    throw new AuditExportError('DATABASE_URL: there is no store at this path');
  }
  const store = await openStore({ url: databaseUrl, clock: () => now });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Writes the audit records of the range as AuditEvents, one per line (NDJSON), oldest first. Resolves with their number. */
export function exportAudit(
  { from, to, client }: Extract<AuditWish, { kind: 'export' }>,
  databaseUrl: string,
  write: (line: string) => void | Promise<void>,
  now: Date = new Date(),
  source: AuditSource = shippedGuideline(),
): Promise<number> {
  return withStore(databaseUrl, now, async (store) => {
    let written = 0;
    const range = { from, to, limit: mostRecords, ...(client !== undefined && { client }) };
    for await (const record of store.auditRecords(range)) {
      await write(`${JSON.stringify(auditEvent(record, source))}\n`);
      written += 1;
    }
    return written;
  });
}

/** What a purge has done, and whether it could look at every record. */
export interface Purge {
  readonly forgotten: Forgotten;
  readonly report: readonly string[];
}

/**
 * Removes what is tied to one patient of a client, and says how much. Without the secret of the service its hashed records
 * cannot be found: they are counted.
 */
export function purgePatient(
  { patientId, fhirBase, client }: Extract<AuditWish, { kind: 'purge' }>,
  databaseUrl: string,
  secret: string | undefined,
  now: Date = new Date(),
): Promise<Purge> {
  return withStore(databaseUrl, now, async (store) => {
    const keyed = keyedHash(secret ?? randomSecret());
    const bases = fhirBase === undefined ? ['', ...(await store.fhirBases(client))] : [fhirBase];
    const forgotten = await store.forgetPatient({
      client,
      patientKeys: bases.map((base) => keyed.patient(client, base, patientId)),
      patient: `Patient/${patientId}`,
      keyPrefix: keyed.prefix,
    });
    const { audit, cards, feedback, memory, unreadable } = forgotten;
    store.recordCall({
      audit: recordOfStore({
        kind: 'purged',
        time: now,
        ...(client !== '' && { issuer: client }),
        times: audit + cards + feedback + memory,
      }),
      cards: [],
      memory: [],
    });
    return {
      forgotten,
      report: [
        `removed: ${audit} audit records, ${cards} cards, ${feedback} feedback items, ${memory} remembered`,
        ...(secret === undefined
          ? ['FEEDBACK_SECRET is not set: records whose patient is hashed cannot be found without it']
          : []),
        ...(unreadable > 0
          ? [
              `${unreadable} records of this client were hashed with another secret and may be about the patient`,
            ]
          : []),
      ],
    };
  });
}

/** A slow reader (a pipe, a file on a network drive) must not make a year of records pile up in memory. */
async function toStandardOutput(line: string): Promise<void> {
  if (!process.stdout.write(line)) await once(process.stdout, 'drain');
}

await runAsProgram(import.meta.url, async (args) => {
  const config = sharedConfig(process.env, ['DATABASE_URL', 'FEEDBACK_SECRET', 'CANONICAL_BASE']);
  const { database, feedbackSecret, canonicalBase } = config;
  const source = { ...shippedGuideline(), canonicalBase };
  const url = database.kind === 'sqlite' ? `file:${database.path}` : database.url;
  const wish = auditWish(args, new Date());
  if (wish.kind === 'export') {
    const written = await exportAudit(wish, url, toStandardOutput, new Date(), source);
    process.stderr.write(`${written} audit records\n`);
    return;
  }
  const { report, forgotten } = await purgePatient(wish, url, feedbackSecret);
  process.stdout.write(`${report.join('\n')}\n`);
  // Who asked for a removal must notice that it may not be complete.
  if (forgotten.unreadable > 0) process.exitCode = 1;
});
