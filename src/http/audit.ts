import type { Request, RequestHandler } from 'express';
import type { KeyedHash } from '../feedback/keyed-hash.js';
import type { AuditRecord, CallRecord, Store } from '../feedback/types.js';
import { callerOf, type KnownCaller } from './caller.js';
import { refusedCode } from './errors.js';

/** Where a call goes, for the audit. */
export type Endpoint = 'hook' | 'feedback' | 'discovery' | 'scores' | 'extract';

/** What a handler knows of a call. Patient and user are as the caller names them. */
export interface CallSubject {
  readonly service?: string;
  readonly hook?: string;
  readonly hookInstance?: string;
  readonly userId?: string;
  readonly patientId?: string;
  readonly fhirBase?: string;
}

/** What came of a call, beside the cards of an answer. */
export interface CallEnd {
  readonly endpoint: Endpoint;
  readonly caller: KnownCaller;
  readonly subject: CallSubject;
  readonly outcomes?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code?: string;
  readonly ms: number;
}

/** The audit of all calls. */
export interface Audit {
  /** What a handler has found out; tells nothing yet. */
  readonly about: (request: Request, subject: CallSubject) => void;
  /** Records a call with what is kept of it; the handler `watch` then has nothing to add. */
  readonly record: (request: Request, end: CallEnd, kept: Pick<CallRecord, 'cards' | 'memory'>) => void;
  /** Records every call that passes and that no handler records itself. */
  readonly watch: (endpoint: Endpoint) => RequestHandler;
  /** Writes what is still counted together. */
  readonly close: () => void;
}

export interface AuditOptions {
  readonly store: Pick<Store, 'recordCall'>;
  readonly clock: () => Date;
  readonly keyed: KeyedHash;
  /** Whether a patient is named in clear. */
  readonly patientInClear: boolean;
}

/** Refusals that cost a caller nothing: many alike are counted in one record, so that nobody can fill the store with them. */
const countedTogether: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'RATE_LIMITED', 'OVERLOADED']);
const TOGETHER_MS = 10_000;

interface Together {
  readonly record: AuditRecord;
  more: number;
}

/** The audit over a store; whom it is about is hashed, unless the operator wants patients in clear. */
export function createAudit({ store, clock, keyed, patientInClear }: AuditOptions): Audit {
  const subjects = new WeakMap<Request, CallSubject>();
  const recorded = new WeakSet<Request>();
  let together = new Map<string, Together>();
  let timer: NodeJS.Timeout | undefined;

  const recordOf = ({ endpoint, caller, subject, outcomes, status, code, ms }: CallEnd): AuditRecord => {
    const { patientId, userId, fhirBase = '' } = subject;
    return {
      kind: 'call',
      time: clock(),
      ...(caller.issuer !== undefined && { issuer: caller.issuer }),
      ...(caller.tenant !== undefined && { tenant: caller.tenant }),
      ...(userId !== undefined && { user: userId }),
      ...(patientId !== undefined && {
        patientKey: keyed.patient(caller.issuer ?? '', fhirBase, patientId),
        ...(patientInClear && { patient: `Patient/${patientId}` }),
      }),
      endpoint,
      hook: subject.hook ?? '',
      hookInstance: subject.hookInstance ?? '',
      service: subject.service ?? '',
      outcomes: outcomes ?? {},
      status,
      ...(code !== undefined && { code }),
      ms: Math.round(ms * 10) / 10,
      times: 1,
    };
  };

  const writeTogether = (): void => {
    const counted = together;
    together = new Map();
    timer = undefined;
    for (const { record, more } of counted.values()) {
      if (more === 0) continue;
      store.recordCall({ audit: { ...record, time: clock(), times: more }, cards: [], memory: [] });
    }
  };

  /** The first is recorded at once; those like it within the next seconds become one further record. */
  const isCounted = (record: AuditRecord): boolean => {
    const { issuer, tenant, endpoint, service, code } = record;
    if (code === undefined || !countedTogether.has(code)) return false;
    const key = JSON.stringify([issuer, tenant, endpoint, service, code]);
    const known = together.get(key);
    if (known === undefined) together.set(key, { record, more: 0 });
    else known.more += 1;
    timer ??= setTimeout(writeTogether, TOGETHER_MS).unref();
    return known !== undefined;
  };

  const record: Audit['record'] = (request, end, kept) => {
    recorded.add(request);
    const audit = recordOf(end);
    if (isCounted(audit)) return;
    const { fhirBase } = end.subject;
    store.recordCall({ audit, ...kept, ...(fhirBase !== undefined && { fhirBase }) });
  };

  return {
    about: (request, subject) => {
      subjects.set(request, { ...subjects.get(request), ...subject });
    },
    record,
    watch: (endpoint) => (request, response, next) => {
      const started = performance.now();
      response.once('close', () => {
        const code = refusedCode(response);
        // Discovery tells nothing of a patient: only who was refused is of interest.
        if (recorded.has(request) || (endpoint === 'discovery' && code === undefined)) return;
        const end: CallEnd = {
          endpoint,
          caller: callerOf(request),
          subject: subjects.get(request) ?? {},
          status: response.statusCode,
          ...(code !== undefined && { code }),
          ms: performance.now() - started,
        };
        record(request, end, { cards: [], memory: [] });
      });
      next();
    },
    close: () => {
      clearTimeout(timer);
      writeTogether();
    },
  };
}
