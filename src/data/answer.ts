import { isList, member } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import type { SearchEntry } from '../fhir/types.js';
import type { IncompleteReason, SetAsideReason } from './types.js';
import { isObject } from '../json.js';

/** What came for one key, before it is known whose data it is. */
export type KeyAnswer = {
  readonly entries: readonly SearchEntry[];
  readonly outcomes: readonly FhirResource[];
  readonly malformed: number;
  readonly total?: number;
  /** Why it is known not to be all. */
  readonly because?: IncompleteReason;
};

export type SortedAnswer =
  | {
      readonly ok: true;
      readonly entries: readonly SearchEntry[];
      readonly setAside: readonly SetAsideReason[];
      readonly because?: IncompleteReason;
    }
  | { readonly ok: false };

/** Types that servers send along with what was asked for. */
const COMPANION_TYPES = new Set(['Medication', 'Substance', 'BodyStructure']);

/**
 * Keeps what a key asks for and its companions, and sets the rest aside. Not ok when nothing that was asked for
 * is left although something else came: that is a wrong answer, not an empty one.
 */
export function sortAnswer(answer: KeyAnswer, resourceType: string): SortedAnswer {
  const isWanted = ({ resource, mode }: SearchEntry) =>
    resource.resourceType === resourceType ||
    mode === 'include' ||
    COMPANION_TYPES.has(resource.resourceType);
  const entries = answer.entries.filter(isWanted);
  const others = answer.entries.length - entries.length;
  if (entries.length === 0 && others + answer.malformed > 0) return { ok: false };

  const because = incompleteness(answer);
  return {
    ok: true,
    entries,
    setAside: [
      ...Array.from({ length: others }, () => 'other-type' as const),
      ...Array.from({ length: answer.malformed }, () => 'malformed-entry' as const),
      ...answer.outcomes.map(() => 'outcome' as const),
    ],
    ...(because === undefined ? {} : { because }),
  };
}

function incompleteness(answer: KeyAnswer): IncompleteReason | undefined {
  if (answer.because !== undefined) return answer.because;
  if (answer.malformed > 0) return 'malformed-entry';
  if (answer.outcomes.some(isFailure)) return 'outcome';
  // A client may cut the list and leave out the link to the next page.
  const matches = answer.entries.filter(({ mode }) => mode === 'match').length;
  return answer.total !== undefined && answer.total > matches ? 'fewer-than-total' : undefined;
}

/** An OperationOutcome that cannot be read counts as a failure: it may say that data were left out. */
function isFailure(outcome: FhirResource): boolean {
  const issues = member(outcome, 'issue');
  if (!isList(issues) || issues.length === 0) return true;
  return issues.some((issue) => {
    const severity = isObject(issue) ? member(issue, 'severity') : undefined;
    return severity !== 'warning' && severity !== 'information';
  });
}
