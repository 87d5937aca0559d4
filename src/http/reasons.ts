import type { FeedbackItem } from '../cds-hooks/types.js';
import type { FeedbackRecord } from '../feedback/types.js';
import { nonAdherenceSystem, ownSystemsAt, ownUri, type Bases } from '../knowledge/canonical-base.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { OverrideReason } from '../knowledge/types.js';

type Reasons = Pick<Knowledge, 'overrideReasons' | keyof Bases>;

interface Coded {
  readonly code: string;
  readonly system?: string;
}

/** Ours of a reason, also where it was given in HL7's codes; some EHRs leave the system out (FB-10). */
function ownReason(knowledge: Reasons, { code, system }: Coded): OverrideReason | undefined {
  const { overrideReasons, canonicalBase } = knowledge;
  const ownSystem = `${ownSystemsAt(canonicalBase)}override-reason`;
  const isOwn = system === undefined || ownUri(knowledge)(system) === ownSystem;
  const own = isOwn ? overrideReasons.get(code) : undefined;
  if (own !== undefined || (system !== undefined && system !== nonAdherenceSystem)) return own;
  return [...overrideReasons.values()].find(({ nonAdherence }) => nonAdherence.includes(code));
}

/** A feedback item with what its reason is counted as, and for whom it speaks. */
export function understood(knowledge: Reasons, item: FeedbackItem): FeedbackRecord {
  const given = item.outcome === 'overridden' ? item.overrideReason?.reason : undefined;
  const own = given === undefined ? undefined : ownReason(knowledge, given);
  return {
    ...item,
    countedAs: own?.code ?? (given === undefined ? '' : 'other'),
    reach: own?.reach ?? 'user',
  };
}
