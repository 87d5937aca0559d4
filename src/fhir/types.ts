import type { FhirResource } from '../cds-hooks/types.js';

/** Why a FHIR call gave no data. Stable: goes to logs, metrics and error answers. */
export type FetchFailure =
  | 'timeout'
  | 'aborted'
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'unknown-type'
  | 'rate-limited'
  | 'rejected'
  | 'server-error'
  | 'operation-outcome'
  | 'not-fhir'
  | 'wrong-resource'
  | 'too-large'
  | 'too-many-pages'
  | 'too-many-resources'
  | 'redirected'
  | 'outside-base';

/** One entry of a searchset; entries of mode `outcome` are kept apart. */
export type SearchEntry = {
  readonly resource: FhirResource;
  readonly mode: 'match' | 'include';
  readonly fullUrl?: string;
};

/** The pages of one search, put together. */
export type SearchResult =
  | {
      readonly ok: true;
      readonly entries: readonly SearchEntry[];
      readonly resources: readonly FhirResource[];
      readonly outcomeEntries: readonly FhirResource[];
      /** Entries that held no resource. */
      readonly malformed: number;
      readonly total?: number;
      /** A page could not be had: what is here is true, what is absent is not known to be absent. */
      readonly incomplete: boolean;
      readonly because?: FetchFailure;
    }
  | { readonly ok: false; readonly reason: FetchFailure };

export type ReadResult =
  | { readonly ok: true; readonly resource: FhirResource }
  | { readonly ok: false; readonly reason: FetchFailure };

/** The port through which one hook call reads from one FHIR server. It can only GET. */
export type FhirClient = {
  /** The server that it reads from, without trailing slash. */
  readonly base: string;
  /** Reads `Type/id`, relative to the base or absolute within it. */
  readonly read: (url: string) => Promise<ReadResult>;
  /** Runs `Type?query`, or follows a page link within the base; gathers all pages within the limits. */
  readonly search: (query: string) => Promise<SearchResult>;
  /** HTTP requests sent so far, retries and redirects included. */
  readonly requests: () => number;
};

/** The time that all FHIR calls of one hook call share. */
export type FhirBudget = {
  /** Aborts at the deadline, or when the caller has gone. */
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
  /** Which of the two it was; undefined while neither. */
  readonly spent: () => 'timeout' | 'aborted' | undefined;
};

export type FhirLimits = {
  readonly maxPages: number;
  readonly maxResources: number;
  /** Of one response, after decompression. */
  readonly maxBytes: number;
  /** Of all responses of one hook call. */
  readonly maxTotalBytes: number;
};
