import type { FhirResource } from '../cds-hooks/types.js';
import type { FetchFailure, FhirClient } from '../fhir/types.js';
import type { UnservedTypes } from './unserved.js';

/** One prefetch key of a service: its query, and what the answer consists of. */
export type DataNeed = {
  readonly key: string;
  readonly resourceType: string;
  readonly template: string;
};

/** Why a key has no data. Never the same as "the patient has none": that is a provision without resources. */
export type MissingReason =
  | 'no-fhir-access'
  | 'token-expired'
  | 'scope'
  | 'token-unresolved'
  | 'failed-prefetch'
  | 'wrong-shape'
  | 'incomplete-page'
  | FetchFailure;

/**
 * What is had for one key. With `incomplete` the resources present may be used, but a resource that is absent
 * is not known to be absent; `because` says what kept it from being complete.
 */
export type Provision =
  | {
      readonly state: 'given' | 'fetched';
      readonly resources: readonly FhirResource[];
      readonly incomplete: boolean;
      readonly because?: IncompleteReason;
    }
  | { readonly state: 'missing'; readonly reason: MissingReason };

export type IncompleteReason = SetAsideReason | MissingReason | 'fewer-than-total';

/** Why a resource that arrived is not used. */
export type SetAsideReason =
  'another-patient' | 'other-type' | 'outcome' | 'malformed-entry' | 'unresolved-medication';

export type Gathered = {
  readonly provisions: ReadonlyMap<string, Provision>;
  /** Medications that a resource (or a draft order of the context) refers to, read one by one. */
  readonly companions: readonly FhirResource[];
  /** Counts only, for the log. */
  readonly setAside: ReadonlyMap<SetAsideReason, number>;
  readonly requests: number;
};

/** A reason to refuse the request; holds no patient data. */
export type DataProblem = { readonly path: string; readonly message: string };

export type GatherResult =
  | { readonly ok: true; readonly gathered: Gathered }
  | { readonly ok: false; readonly problems: readonly DataProblem[] };

/** The part of `fhirAuthorization` that decides whether a query may be tried. */
export type FhirAccess = {
  readonly scope?: string | undefined;
  readonly expires_in?: number | undefined;
  readonly patient?: string | undefined;
};

export type GatherRequest = {
  readonly needs: readonly DataNeed[];
  /** As received; absent and null are the same as empty. */
  readonly prefetch?: unknown;
  /** The hook's context after reading. */
  readonly context: object;
  /** `123` or `Patient/123`. */
  readonly patientId: string;
  /** Absent: this request has no FHIR access. */
  readonly fhir?: FhirClient | undefined;
  /** What this server was found not to serve; it is not asked for it again. */
  readonly unserved?: UnservedTypes | undefined;
  /** Absent: a server that asks for no authorization; whether that is allowed was decided by the caller. */
  readonly authorization?: FhirAccess | undefined;
};
