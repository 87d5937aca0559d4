import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AuditExportError, auditEvent, auditRange, exportAudit } from '../../src/cli/audit.js';
import { openStore } from '../../src/feedback/store.js';
import type { AuditRecord } from '../../src/feedback/types.js';
import { program } from '../built.js';
import { filePlace, NOW, type Place } from '../feedback/places.js';

const record: AuditRecord = {
  time: NOW,
  issuer: 'https://ehr.example.org',
  tenant: 'north',
  hook: 'order-sign',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  service: 'antiresorptive-safety',
  outcomes: { 'dental-assessment': 'fires', 'hypocalcaemia-before-denosumab': 'unknown' },
  status: 200,
  ms: 12.5,
};

/** Every text of an answer, with its path. */
function textsOf(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`))
    : [[path, value]];
}

describe('an audit record as AuditEvent', () => {
  it('says who called what, when, and what came of it', () => {
    expect(auditEvent(record)).toEqual({
      resourceType: 'AuditEvent',
      type: {
        system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
        code: 'rest',
        display: 'RESTful Operation',
      },
      subtype: [
        { system: 'http://hl7.org/fhir/restful-interaction', code: 'operation', display: 'operation' },
      ],
      action: 'E',
      recorded: '2026-11-20T12:00:00.000Z',
      outcome: '0',
      agent: [{ who: { identifier: { value: 'https://ehr.example.org' } }, requestor: true }],
      source: {
        observer: { display: 'bone-metastasis-cds' },
        type: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
            code: '4',
            display: 'Application Server',
          },
        ],
      },
      entity: [
        {
          what: {
            identifier: {
              system: 'https://bone-metastasis-cds.example/fhir/cds-service',
              value: 'antiresorptive-safety',
            },
          },
          role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '24', display: 'Query' },
          name: 'antiresorptive-safety',
          detail: [
            { type: 'hook', valueString: 'order-sign' },
            { type: 'tenant', valueString: 'north' },
            { type: 'http-status', valueString: '200' },
            { type: 'duration-ms', valueString: '12.5' },
            { type: 'rule dental-assessment', valueString: 'fires' },
            { type: 'rule hypocalcaemia-before-denosumab', valueString: 'unknown' },
          ],
        },
        {
          what: {
            identifier: {
              system: 'https://bone-metastasis-cds.example/fhir/hook-instance',
              value: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
            },
          },
        },
      ],
    });
  });

  it.each([
    [200, '0'],
    [399, '0'],
    [400, '4'],
    [412, '4'],
    [499, '4'],
    [500, '8'],
    [503, '8'],
  ])('with status %i has outcome %s', (status, outcome) => {
    expect(auditEvent({ ...record, status }).outcome).toBe(outcome);
  });

  it('of a caller without a token names nobody', () => {
    const { time, hook, hookInstance, service, outcomes, status, ms } = record;
    const event = auditEvent({ time, hook, hookInstance, service, outcomes, status, ms });
    expect(event.agent).toEqual([{ who: { display: 'unknown caller' }, requestor: true }]);
    expect(JSON.stringify(event)).not.toContain('tenant');
  });

  it('never has an empty text, a null, or the reference of a patient', () => {
    const text = fc.string({ maxLength: 20 });
    const some = fc.record({
      time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
      hook: text,
      hookInstance: text,
      service: fc.constantFrom('radiotherapy', 'bone-imaging'),
      outcomes: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.constantFrom('fires', 'silent')),
      status: fc.integer({ min: 200, max: 599 }),
      ms: fc.double({ min: 0, max: 1e5, noNaN: true }),
    });
    fc.assert(
      fc.property(some, (any) => {
        const texts = textsOf(auditEvent(any));
        expect(texts.filter(([, value]) => value === null || value === undefined)).toEqual([]);
        expect(texts.filter(([, value]) => typeof value === 'string' && value.trim() === '')).toEqual([]);
        expect(texts.filter(([path]) => path.endsWith('.reference'))).toEqual([]);
      }),
    );
  });
});

describe('the range', () => {
  it('is of days in UTC, or of moments with an offset, up to now when no end is given', () => {
    expect(auditRange(['--from', '2026-11-01'], NOW)).toEqual({
      from: new Date('2026-11-01T00:00:00Z'),
      to: NOW,
    });
    const args = ['--from', '2026-11-01T08:00:00+01:00', '--to', '2026-11-02'];
    expect(auditRange(args, NOW)).toEqual({
      from: new Date('2026-11-01T07:00:00Z'),
      to: new Date('2026-11-02T00:00:00Z'),
    });
  });

  it.each([
    [[]],
    [['--from', 'yesterday']],
    [['--from', '2026-02-30']],
    [['--from', '2026-11-01T08:00:00']],
    [['--from', '2026-11-02', '--to', '2026-11-02']],
    [['--from', '2026-11-01', '--to', '2026']],
  ])('that cannot be understood or is empty is refused: %j', (args) => {
    expect(() => auditRange(args, NOW)).toThrow(AuditExportError);
  });
});

describe('the export', () => {
  let place: Place;
  beforeEach(async () => {
    place = await filePlace();
    const store = await openStore({ url: place.url, clock: () => NOW });
    const at = (time: string, service: string) => {
      store.appendAudit({ ...record, time: new Date(time), service });
    };
    at('2026-11-02T00:00:00.000Z', 'too-late');
    at('2026-11-01T23:59:59.999Z', 'last');
    at('2026-11-01T00:00:00.000Z', 'first');
    at('2026-10-31T23:59:59.999Z', 'too-early');
    await store.close();
  });
  afterEach(() => place.remove());

  const day = ['--from', '2026-11-01', '--to', '2026-11-02'];
  const namesIn = (ndjson: string): readonly string[] =>
    ndjson
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { entity: { name: string }[] }).entity[0]?.name ?? '');

  it('is one AuditEvent per line, from the first moment included to the last excluded, oldest first', async () => {
    const lines: string[] = [];
    const written = await exportAudit(day, place.url, (line) => void lines.push(line), NOW);
    expect(written).toBe(2);
    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
    expect(namesIn(lines.join(''))).toEqual(['first', 'last']);
  });

  it('makes no store where there is none', async () => {
    const missing = `${place.url}-elsewhere`;
    await expect(exportAudit(day, missing, () => undefined, NOW)).rejects.toThrow('no store at this path');
    expect(existsSync(missing.slice('file:'.length))).toBe(false);
  });

  it('works from the command line, with the settings of the service', () => {
    const options = { env: { ...process.env, DATABASE_URL: place.url }, encoding: 'utf8' } as const;
    const audit = program('cli/audit');
    const ndjson = execFileSync(process.execPath, [...audit, ...day], { ...options, stdio: 'pipe' });
    expect(namesIn(ndjson)).toEqual(['first', 'last']);
    const refused = spawnSync(process.execPath, [...audit, '--to', '2026-11-02'], options);
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('--from');
  });
});
