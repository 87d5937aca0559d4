import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AuditEvent } from 'fhir/r4.js';
import { readConfig } from '../config.js';
import { openStore } from '../feedback/store.js';
import type { AuditRecord } from '../feedback/types.js';
import { defaultBase } from '../knowledge/canonical-base.js';
import { runAsProgram } from './program.js';

const eventType = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const restful = 'http://hl7.org/fhir/restful-interaction';
const sourceType = 'http://terminology.hl7.org/CodeSystem/security-source-type';
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role';
const mostRecords = 10_000_000;

/** 0 success; 4 the caller must mend something (its request, its data); 8 a fault of ours. R4 AuditEvent.outcome. */
function outcomeOf(status: number): '0' | '4' | '8' {
  if (status < 400) return '0';
  return status < 500 ? '4' : '8';
}

/**
 * One audit record as FHIR R4 AuditEvent. It holds what the record holds: which EHR called which CDS service, what came
 * of each rule, how long it took. No patient, no user, no data of the chart.
 */
export function auditEvent(record: AuditRecord, canonicalBase: string = defaultBase): AuditEvent {
  const { time, issuer, tenant, hook, hookInstance, service, outcomes, status, ms } = record;
  const details = [
    { type: 'hook', valueString: hook },
    ...(tenant === undefined ? [] : [{ type: 'tenant', valueString: tenant }]),
    { type: 'http-status', valueString: String(status) },
    { type: 'duration-ms', valueString: String(ms) },
    ...Object.entries(outcomes).map(([rule, outcome]) => ({ type: `rule ${rule}`, valueString: outcome })),
  ].filter(({ valueString }) => valueString.trim() !== '');
  return {
    resourceType: 'AuditEvent',
    type: { system: eventType, code: 'rest', display: 'RESTful Operation' },
    subtype: [{ system: restful, code: 'operation', display: 'operation' }],
    action: 'E',
    recorded: time.toISOString(),
    outcome: outcomeOf(status),
    agent: [
      {
        // In development a caller from this machine needs no token, and is then unknown.
        who: issuer === undefined ? { display: 'unknown caller' } : { identifier: { value: issuer } },
        requestor: true,
      },
    ],
    source: {
      observer: { display: 'bone-metastasis-cds' },
      type: [{ system: sourceType, code: '4', display: 'Application Server' }],
    },
    entity: [
      {
        what: { identifier: { system: `${canonicalBase}/cds-service`, value: service } },
        role: { system: objectRole, code: '24', display: 'Query' },
        name: service,
        detail: details,
      },
      ...(hookInstance.trim() === ''
        ? []
        : [{ what: { identifier: { system: `${canonicalBase}/hook-instance`, value: hookInstance } } }]),
    ],
  };
}

/** What stands in the way of an export, in the words of an operator. */
export class AuditExportError extends Error {
  override readonly name = 'AuditExportError';
}

/** `YYYY-MM-DD` is the start of that day in UTC; a time needs its offset, so that it means the same on every machine. */
function moment(option: string, text: string): Date {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const found = new Date(isDate || isTime ? text : Number.NaN);
  const exists = !Number.isNaN(found.getTime()) && (!isDate || found.toISOString().startsWith(text));
  if (!exists) {
    throw new AuditExportError(`--${option}: expected YYYY-MM-DD or a date and time with offset`);
  }
  return found;
}

/** The arguments `--from` (included) and `--to` (excluded; now when absent). Throws AuditExportError. */
export function auditRange(args: readonly string[], now: Date): { readonly from: Date; readonly to: Date } {
  const { values } = parseArgs({
    args: [...args],
    options: { from: { type: 'string' }, to: { type: 'string' } },
  });
  if (values.from === undefined) throw new AuditExportError('--from: expected the first moment to export');
  const from = moment('from', values.from);
  const to = values.to === undefined ? now : moment('to', values.to);
  if (from >= to) throw new AuditExportError('--from must be before --to');
  return { from, to };
}

/**
 * `audit --from 2026-11-01 [--to 2026-12-01]`: writes the audit records of the store that `DATABASE_URL` names as
 * AuditEvents, one per line (NDJSON), oldest first. Resolves with their number.
 */
export async function exportAudit(
  args: readonly string[],
  databaseUrl: string,
  write: (line: string) => void | Promise<void>,
  now: Date = new Date(),
  canonicalBase: string = defaultBase,
): Promise<number> {
  const range = auditRange(args, now);
  // Opening the store would make an empty file of a misspelt path, and «0 records» would look like an answer.
  const path = /^file:(.+)$/.exec(databaseUrl)?.[1];
  if (path !== undefined && !existsSync(path)) {
    throw new AuditExportError('DATABASE_URL: there is no store at this path');
  }
  const store = await openStore({ url: databaseUrl, clock: () => now });
  let written = 0;
  try {
    for await (const record of store.auditRecords({ ...range, limit: mostRecords })) {
      await write(`${JSON.stringify(auditEvent(record, canonicalBase))}\n`);
      written += 1;
    }
  } finally {
    await store.close();
  }
  return written;
}

/** A slow reader (a pipe, a file on a network drive) must not make a year of records pile up in memory. */
async function toStandardOutput(line: string): Promise<void> {
  if (!process.stdout.write(line)) await once(process.stdout, 'drain');
}

await runAsProgram(import.meta.url, async (args) => {
  // Only where the store is and how our identifiers begin matters here: what a start needs besides may be missing.
  const read = readConfig({
    DATABASE_URL: process.env['DATABASE_URL'],
    CANONICAL_BASE: process.env['CANONICAL_BASE'],
  });
  if (!read.ok) {
    throw new AuditExportError(
      read.problems.map(({ variable, expected }) => `${variable}: expected ${expected}`).join('\n'),
    );
  }
  const { database, canonicalBase } = read.config;
  const url = database.kind === 'sqlite' ? `file:${database.path}` : database.url;
  const written = await exportAudit(args, url, toStandardOutput, new Date(), canonicalBase);
  process.stderr.write(`${written} audit records\n`);
});
