import { bounds } from '../bounds.js';
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';

type IssueType = OperationOutcomeIssue['code'];

/** Stable error codes with their HTTP status and FHIR R4 issue type; public interface, never renamed. */
const ERRORS = {
  REQUEST_INVALID: { status: 400, issue: 'invalid' },
  HOOK_MISMATCH: { status: 400, issue: 'not-supported' },
  UNAUTHORIZED: { status: 401, issue: 'login' },
  FORBIDDEN: { status: 403, issue: 'forbidden' },
  SERVICE_UNKNOWN: { status: 404, issue: 'not-found' },
  NOT_FOUND: { status: 404, issue: 'not-found' },
  METHOD_NOT_ALLOWED: { status: 405, issue: 'not-supported' },
  DATA_UNAVAILABLE: { status: 412, issue: 'incomplete' },
  BODY_TOO_LARGE: { status: 413, issue: 'too-long' },
  HOST_UNKNOWN: { status: 421, issue: 'security' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, issue: 'not-supported' },
  RATE_LIMITED: { status: 429, issue: 'throttled' },
  INTERNAL: { status: 500, issue: 'exception' },
  OVERLOADED: { status: 503, issue: 'transient' },
  STORE_UNAVAILABLE: { status: 503, issue: 'no-store' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly issue: IssueType }>>;

export type ErrorCode = keyof typeof ERRORS;

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

export const errorCodes: readonly ErrorCode[] = Object.keys(ERRORS).filter(isErrorCode);

/** Why one value was refused, as an R4 issue type; finer than the error code. */
export type ProblemReason = Extract<
  IssueType,
  'required' | 'structure' | 'value' | 'invariant' | 'too-long' | 'not-supported'
>;

/** One thing that is wrong, where it is, and what was expected. Never holds a value taken from the input. */
export interface Problem {
  readonly code: ErrorCode;
  readonly reason?: ProblemReason;
  /** FHIRPath-like, such as `context.patientId`; empty for the whole body. */
  readonly path: string;
  readonly message: string;
}

/** The HTTP status of an error code. */
export function statusOf(code: ErrorCode): number {
  return ERRORS[code].status;
}

/**
 * The body of a non-2xx answer (3.0 "Returning OperationOutcome"), one issue per problem.
 * @param base what the code system of the error codes begins with
 */
export function operationOutcome(problems: readonly Problem[], base: string): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: problems.slice(0, bounds.problems).map(({ code, reason, path, message }) => ({
      severity: code === 'INTERNAL' ? 'fatal' : 'error',
      code: reason ?? ERRORS[code].issue,
      details: { coding: [{ system: `${base}/CodeSystem/error`, code }] },
      diagnostics: message,
      ...(path === '' ? {} : { expression: [path] }),
    })),
  };
}
