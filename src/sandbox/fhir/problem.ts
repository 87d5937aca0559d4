import type { FhirResource } from './resource.js';

/** The codes of the FHIR value set `issue-type` that the sandbox uses. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'login'
  | 'forbidden'
  | 'not-found'
  | 'deleted'
  | 'not-supported'
  | 'conflict'
  | 'too-long'
  | 'exception';

/** One thing that is wrong, with the element (FHIRPath) or search parameter that it is about. */
export interface Issue {
  readonly code: IssueCode;
  readonly diagnostics: string;
  readonly expression?: string;
}

/** A request that is answered with an HTTP status and an OperationOutcome. */
export class FhirProblem extends Error {
  constructor(
    readonly status: number,
    readonly issues: readonly Issue[],
  ) {
    super(issues.map((issue) => issue.diagnostics).join('; '));
  }
}

/** A problem with a single issue. */
export function fhirProblem(status: number, code: IssueCode, diagnostics: string): FhirProblem {
  return new FhirProblem(status, [{ code, diagnostics }]);
}

/** The OperationOutcome that lists the issues; its texts never hold patient data or stacks. */
export function operationOutcome(issues: readonly Issue[]): FhirResource {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ code, diagnostics, expression }) => ({
      severity: 'error',
      code,
      diagnostics,
      ...(expression === undefined ? {} : { expression: [expression] }),
    })),
  };
}
