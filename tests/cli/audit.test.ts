import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AuditExportError, auditWish, exportAudit, purgePatient } from '../../src/cli/audit.js';
import { auditEvent } from '../../src/cli/audit-event.js';
import { keyedHash } from '../../src/feedback/keyed-hash.js';
import { shippedGuideline } from '../../src/knowledge/guideline-names.js';
import { openStore } from '../../src/feedback/store.js';
import type { AuditRecord } from '../../src/feedback/types.js';
import { program } from '../built.js';
import { aCall, aCard, filePlace, NOW, type Place } from '../feedback/places.js';

const source = shippedGuideline();

const record: AuditRecord = {
  kind: 'call',
  time: NOW,
  issuer: 'https://ehr.example.org',
  tenant: 'north',
  user: 'Practitioner/7',
  patientKey: 'k.hash',
  endpoint: 'hook',
  hook: 'order-sign',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  service: 'antiresorptive-safety',
  outcomes: { 'dental-assessment': 'fires', 'hypocalcaemia-before-denosumab': 'unknown' },
  status: 200,
  ms: 12.5,
  times: 1,
};

/** Every text of an answer, with its path. */
function textsOf(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`))
    : [[path, value]];
}

describe('an audit record as AuditEvent', () => {
  it('says who called what, when, and what came of it', () => {
    expect(auditEvent(record, source)).toEqual({
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
      agent: [
        { who: { identifier: { value: 'https://ehr.example.org' } }, requestor: true },
        {
          who: {
            identifier: { system: 'https://bone-metastasis-cds.example/fhir/user', value: 'Practitioner/7' },
          },
          requestor: false,
        },
      ],
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
            identifier: { system: 'https://bone-metastasis-cds.example/fhir/patient-hash', value: 'k.hash' },
          },
          type: {
            system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
            code: '1',
            display: 'Person',
          },
          role: {
            system: 'http://terminology.hl7.org/CodeSystem/object-role',
            code: '1',
            display: 'Patient',
          },
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
    expect(auditEvent({ ...record, status }, source).outcome).toBe(outcome);
  });

  it('of a caller without a token names nobody', () => {
    const { kind, time, endpoint, hook, hookInstance, service, outcomes, status, ms, times } = record;
    const event = auditEvent(
      {
        kind,
        time,
        endpoint,
        hook,
        hookInstance,
        service,
        outcomes,
        status,
        ms,
        times,
      },
      source,
    );
    expect(event.agent).toEqual([{ who: { display: 'unknown caller' }, requestor: true }]);
    expect(JSON.stringify(event)).not.toContain('tenant');
  });

  it('names the patient in clear where the record does', () => {
    const event = auditEvent({ ...record, patient: 'Patient/1' }, source);
    expect(event.entity?.[1]?.what).toEqual({ reference: 'Patient/1' });
    expect(JSON.stringify(event)).not.toContain('k.hash');
  });

  it('of a refused call says with which code, of many alike how many, and where they went', () => {
    const event = auditEvent(
      {
        ...record,
        service: '',
        endpoint: 'scores',
        status: 401,
        code: 'UNAUTHORIZED',
        times: 7,
      },
      source,
    );
    expect(event.outcome).toBe('4');
    expect(event.entity?.[0]?.name).toBe('scores');
    expect(event.entity?.[0]?.detail).toEqual(
      expect.arrayContaining([
        { type: 'error', valueString: 'UNAUTHORIZED' },
        { type: 'calls', valueString: '7' },
      ]),
    );
  });

  it.each([
    ['lost', 0, '8', 'The process ended'],
    ['lost', 3, '8', '3 calls are missing'],
    ['purged', 5, '0', '5 records of one patient were removed'],
  ] as const)('of kind %s says what happened to %i records', (kind, times, outcome, words) => {
    const event = auditEvent({ ...record, kind, times }, source);
    expect(event).toMatchObject({
      outcome,
      outcomeDesc: expect.stringContaining(words),
      recorded: NOW.toISOString(),
    });
    expect(event.entity).toBeUndefined();
  });

  it('never has an empty text, a null, or the reference of a patient', () => {
    const text = fc.string({ maxLength: 20 });
    const some = fc.record({
      kind: fc.constantFrom('call' as const, 'lost' as const, 'purged' as const),
      endpoint: fc.constantFrom('hook', 'scores'),
      user: text,
      times: fc.nat(),
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
        const texts = textsOf(auditEvent(any, source));
        expect(texts.filter(([, value]) => value === null || value === undefined)).toEqual([]);
        expect(texts.filter(([, value]) => typeof value === 'string' && value.trim() === '')).toEqual([]);
        expect(texts.filter(([path]) => path.endsWith('.reference'))).toEqual([]);
      }),
    );
  });
});

describe('the wish', () => {
  it('is of days in UTC, or of moments with an offset, all that is kept when none are given', () => {
    expect(auditWish(['--from', '2026-11-01'], NOW)).toEqual({
      kind: 'export',
      from: new Date('2026-11-01T00:00:00Z'),
      to: NOW,
    });
    const args = ['--from', '2026-11-01T08:00:00+01:00', '--to', '2026-11-02', '--client', 'https://ehr'];
    expect(auditWish(args, NOW)).toEqual({
      kind: 'export',
      from: new Date('2026-11-01T07:00:00Z'),
      to: new Date('2026-11-02T00:00:00Z'),
      client: 'https://ehr',
    });
    expect(auditWish([], NOW)).toEqual({ kind: 'export', from: new Date(0), to: NOW });
  });

  it.each([
    [['--purge', 'Patient/a.b-1', '--client', 'c'], { kind: 'purge', patientId: 'a.b-1', client: 'c' }],
    [
      ['--purge', 'HTTPS://EHR:443/fhir//Patient/1', '--client', 'c'],
      { kind: 'purge', patientId: '1', client: 'c', fhirBase: 'https://ehr/fhir' },
    ],
  ])('may be the removal of a patient: %j', (args, wish) => {
    const [purge, url = '', ...rest] = args;
    expect(auditWish([purge ?? '', url.replace('HTTPS', 'https'), ...rest], NOW)).toEqual(wish);
  });

  it.each([
    [['--from', 'yesterday']],
    [['--from', '2026-02-30']],
    [['--from', '2026-11-01T08:00:00']],
    [['--from', '2026-11-02', '--to', '2026-11-02']],
    [['--from', '2026-11-01', '--to', '2026']],
    [['--purge', 'Patient/1']],
    [['--purge', 'Patient/', '--client', 'c']],
    [['--purge', 'Observation/1', '--client', 'c']],
    [['--purge', 'Patient/1', '--client', 'c', '--from', '2026-11-01']],
  ])('that cannot be understood or is empty is refused: %j', (args) => {
    expect(() => auditWish(args, NOW)).toThrow(AuditExportError);
  });
});

describe('the export', () => {
  let place: Place;
  beforeEach(async () => {
    place = await filePlace();
    const store = await openStore({ url: place.url, clock: () => NOW });
    const at = (time: string, service: string) => {
      store.recordCall({ audit: { ...record, time: new Date(time), service }, cards: [], memory: [] });
    };
    at('2026-11-02T00:00:00.000Z', 'too-late');
    at('2026-11-01T23:59:59.999Z', 'last');
    at('2026-11-01T00:00:00.000Z', 'first');
    at('2026-10-31T23:59:59.999Z', 'too-early');
    await store.close();
  });
  afterEach(() => place.remove());

  const day = ['--from', '2026-11-01', '--to', '2026-11-02'];
  const wish = {
    kind: 'export',
    from: new Date('2026-11-01T00:00:00Z'),
    to: new Date('2026-11-02T00:00:00Z'),
  } as const;
  const namesIn = (ndjson: string): readonly string[] =>
    ndjson
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { entity: { name: string }[] }).entity[0]?.name ?? '');

  it('is one AuditEvent per line, from the first moment included to the last excluded, oldest first', async () => {
    const lines: string[] = [];
    const written = await exportAudit(wish, place.url, (line) => void lines.push(line), NOW);
    expect(written).toBe(2);
    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
    expect(namesIn(lines.join(''))).toEqual(['first', 'last']);
  });

  it('makes no store where there is none', async () => {
    const missing = `${place.url}-elsewhere`;
    await expect(exportAudit(wish, missing, () => undefined, NOW)).rejects.toThrow('no store at this path');
    expect(existsSync(missing.slice('file:'.length))).toBe(false);
  });

  it('works from the command line, with the settings of the service', () => {
    const options = { env: { ...process.env, DATABASE_URL: place.url }, encoding: 'utf8' } as const;
    const audit = program('cli/audit');
    const ndjson = execFileSync(process.execPath, [...audit, ...day], { ...options, stdio: 'pipe' });
    expect(namesIn(ndjson)).toEqual(['first', 'last']);
    const refused = spawnSync(process.execPath, [...audit, '--from', 'then'], options);
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('--from');
  });
});

describe('the removal of a patient', () => {
  const SECRET = 'a secret of more than sixteen characters';
  const BASE = 'https://ehr.example.org/fhir';
  const client = 'https://ehr.example.org';
  const wish = { kind: 'purge', patientId: '1', client } as const;
  let place: Place;
  beforeEach(async () => {
    place = await filePlace();
    const store = await openStore({ url: place.url, clock: () => NOW });
    const keyed = keyedHash(SECRET);
    for (const [fhirBase, id] of [
      [BASE, '1'],
      ['https://second.example.org/fhir', '1'],
      [BASE, '2'],
    ] as const) {
      const patientKey = keyed.patient(client, fhirBase, id);
      const card = aCard({ keys: { patientKey, subjectKey: keyed.subject(patientKey, 'says', false) } });
      store.recordCall({ ...aCall([card], [], { patientKey }), fhirBase });
    }
    await store.close();
  });
  afterEach(() => place.remove());

  const left = async (): Promise<number> => {
    let count = 0;
    const every = { kind: 'export', from: new Date(0), to: new Date('2100-01-01') } as const;
    await exportAudit(every, place.url, (line) => void (count += line.includes('"Query"') ? 1 : 0), NOW);
    return count;
  };

  it('finds the patient on every FHIR server of the client, or on the one that is named', async () => {
    const { report } = await purgePatient({ ...wish, fhirBase: BASE }, place.url, SECRET, NOW);
    expect(report).toEqual(['removed: 1 audit records, 1 cards, 0 feedback items, 0 remembered']);
    expect(await left()).toBe(2);
    expect((await purgePatient(wish, place.url, SECRET, NOW)).forgotten).toMatchObject({
      audit: 1,
      cards: 1,
    });
    expect(await left()).toBe(1);
  });

  it('leaves the patients of another client alone', async () => {
    const { forgotten } = await purgePatient({ ...wish, client: 'https://other' }, place.url, SECRET, NOW);
    expect(forgotten).toEqual({ audit: 0, cards: 0, feedback: 0, memory: 0, unreadable: 0 });
    expect(await left()).toBe(3);
  });

  it('says that it finds nothing without the secret of the service, or with another one', async () => {
    const { forgotten, report } = await purgePatient(wish, place.url, undefined, NOW);
    expect(forgotten).toMatchObject({ audit: 0, cards: 0, unreadable: 6 });
    expect(report.join('\n')).toMatch(/FEEDBACK_SECRET is not set[^]*6 records of this client/);
    const other = await purgePatient(wish, place.url, `${SECRET}!`, NOW);
    expect(other.report).toEqual([
      'removed: 0 audit records, 0 cards, 0 feedback items, 0 remembered',
      '6 records of this client were hashed with another secret and may be about the patient',
    ]);
  });

  it('works from the command line, and ends with 1 where it may have missed something', () => {
    const env = { ...process.env, DATABASE_URL: place.url };
    const args = [...program('cli/audit'), '--purge', 'Patient/1', '--client', client];
    const run = (more: Readonly<Record<string, string>>) =>
      spawnSync(process.execPath, args, { env: { ...env, ...more }, encoding: 'utf8' });
    const blind = run({});
    expect([blind.status, blind.stdout]).toEqual([1, expect.stringContaining('FEEDBACK_SECRET is not set')]);
    const seeing = run({ FEEDBACK_SECRET: SECRET });
    expect([seeing.status, seeing.stdout]).toEqual([
      0,
      expect.stringContaining('removed: 2 audit records, 2 cards'),
    ]);
  });
});
