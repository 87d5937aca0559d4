import type { AuditEvent } from 'fhir/r4.js';
import type { AuditRecord } from '../feedback/types.js';
import type { GuidelineNames } from '../knowledge/guideline-names.js';

const eventType = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const restful = 'http://hl7.org/fhir/restful-interaction';
const sourceType = 'http://terminology.hl7.org/CodeSystem/security-source-type';
const objectType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role';

/** 0 success; 4 the caller must mend something (its request, its data); 8 a fault of ours. R4 AuditEvent.outcome. */
function outcomeOf(status: number): '0' | '4' | '8' {
  if (status < 400) return '0';
  return status < 500 ? '4' : '8';
}

type Entity = NonNullable<AuditEvent['entity']>[number];

/** Whom the call was about: in clear only where the operator wants it so, else as the keyed hash. */
function patientEntity({ patient, patientKey }: AuditRecord, base: string): readonly Entity[] {
  const what =
    patient !== undefined
      ? { reference: patient }
      : patientKey !== undefined
        ? { identifier: { system: `${base}/patient-hash`, value: patientKey } }
        : undefined;
  return what === undefined
    ? []
    : [
        {
          what,
          type: { system: objectType, code: '1', display: 'Person' },
          role: { system: objectRole, code: '1', display: 'Patient' },
        },
      ];
}

const identified = (system: string, value: string): readonly Entity[] =>
  value.trim() === '' ? [] : [{ what: { identifier: { system, value } } }];

/** By whose program the calls were answered, and what the systems of its identifiers begin with. */
export type AuditSource = Pick<GuidelineNames, 'publisher' | 'canonicalBase'>;

function sourceOf({ publisher }: AuditSource): AuditEvent['source'] {
  return {
    observer: { display: publisher },
    type: [{ system: sourceType, code: '4', display: 'Application Server' }],
  };
}

/** That calls were answered whose records are missing, or that a patient's records were removed. */
function eventOfStore({ kind, time, issuer, times }: AuditRecord, source: AuditSource): AuditEvent {
  const isLost = kind === 'lost';
  return {
    resourceType: 'AuditEvent',
    type: isLost
      ? { system: dicom, code: '110100', display: 'Application Activity' }
      : { system: dicom, code: '110101', display: 'Audit Log Used' },
    action: isLost ? 'E' : 'D',
    recorded: time.toISOString(),
    outcome: isLost ? '8' : '0',
    outcomeDesc: isLost
      ? times === 0
        ? 'The process ended; records of its last calls may be missing after this moment.'
        : `${times} calls are missing: they could not be written for too long.`
      : `${times} records of one patient were removed.`,
    agent: [
      {
        who: issuer === undefined ? { display: source.publisher } : { identifier: { value: issuer } },
        requestor: !isLost,
      },
    ],
    source: sourceOf(source),
  };
}

/**
 * One audit record as FHIR R4 AuditEvent: who called what, for whom, what came of each rule, how long it took. No data of
 * the chart.
 */
export function auditEvent(record: AuditRecord, source: AuditSource): AuditEvent {
  if (record.kind !== 'call') return eventOfStore(record, source);
  const { canonicalBase } = source;
  const {
    time,
    issuer,
    tenant,
    user,
    endpoint,
    hook,
    hookInstance,
    service,
    outcomes,
    status,
    code,
    ms,
    times,
  } = record;
  const details = [
    { type: 'hook', valueString: hook },
    ...(tenant === undefined ? [] : [{ type: 'tenant', valueString: tenant }]),
    { type: 'http-status', valueString: String(status) },
    ...(code === undefined ? [] : [{ type: 'error', valueString: code }]),
    ...(times === 1 ? [] : [{ type: 'calls', valueString: String(times) }]),
    { type: 'duration-ms', valueString: String(ms) },
    ...Object.entries(outcomes).map(([rule, outcome]) => ({ type: `rule ${rule}`, valueString: outcome })),
  ].filter(({ valueString }) => valueString.trim() !== '');
  const called = service === '' ? endpoint : service;
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
      ...(user === undefined || user.trim() === ''
        ? []
        : [{ who: { identifier: { system: `${canonicalBase}/user`, value: user } }, requestor: false }]),
    ],
    source: sourceOf(source),
    entity: [
      {
        what: { identifier: { system: `${canonicalBase}/cds-service`, value: called } },
        role: { system: objectRole, code: '24', display: 'Query' },
        name: called,
        detail: details,
      },
      ...patientEntity(record, canonicalBase),
      ...identified(`${canonicalBase}/hook-instance`, hookInstance),
    ],
  };
}
