import type { CallTrace, StageTimes } from '../call-trace.js';
import type { DataNeed, Gathered } from '../data/types.js';
import { keysMissedBy, type Answer } from '../engine/answer.js';
import type { Prepared, PreparedService } from '../engine/prepare.js';
import type { KnownCard, Said } from '../engine/said-before.js';
import { toldOutcomes, inNames } from '../guideline/attempt.js';
import { knowingIn } from '../guideline/knowing.js';
import type { Language } from '../knowledge/types.js';
import { textIn } from '../text.js';

/** What one call was made of, as its stages left it. */
export interface CallStages {
  readonly service: PreparedService;
  readonly language: Language;
  readonly times: StageTimes;
  readonly needs: readonly DataNeed[];
  readonly gathered: Gathered;
  readonly outcomes: Answer['outcomes'];
  readonly said: Said | undefined;
}

/** Where the stages of calls are kept, by the id of the request. In development only: they hold the facts of a patient. */
export type TraceBook = (requestId: string, trace: () => CallTrace) => void;

const cardStates = ['shown', 'folded', 'repeated', 'declined'] as const;

/** Puts the stages of a call into words. */
export function traceOf(prepared: Prepared, stages: CallStages): CallTrace {
  const { service, language, times, gathered, outcomes, said } = stages;
  const knowing = knowingIn(prepared, language);
  const rules = toldOutcomes(service, outcomes, knowing)
    .map(inNames)
    .map((told) => ({
      ...told,
      title: textIn(prepared.knowledge.rules.get(told.rule)?.title, language) ?? told.rule,
    }));
  const facts = new Map(
    rules.flatMap(({ because }) => because).map((reason) => [reason.input, reason] as const),
  );
  return {
    service: service.definition.id,
    milliseconds: times,
    fhirRequests: gathered.requests,
    data: dataOf(stages),
    facts: [...facts.values()],
    rules,
    cards:
      said === undefined
        ? []
        : cardStates.flatMap((state) => said[state].map((card) => ({ ...cardOf(card), state }))),
  };
}

/** A key that no rule was kept from deciding by is unchecked, not missing. */
function dataOf({ service, needs, gathered, outcomes }: CallStages): CallTrace['data'] {
  const asked = new Set(needs.map(({ key }) => key));
  const criteria = keysMissedBy(outcomes);
  return service.needs.map(({ key, template }) => {
    const provision = gathered.provisions.get(key);
    const common = { key, query: template };
    if (!asked.has(key) || provision === undefined)
      return { ...common, state: 'not-needed' as const, resources: 0 };
    if (provision.state === 'missing') {
      const state = criteria.has(key) ? ('missing' as const) : ('unchecked' as const);
      return { ...common, state, resources: 0, because: provision.reason };
    }
    const { state, resources, because } = provision;
    return { ...common, state, resources: resources.length, ...(because !== undefined && { because }) };
  });
}

function cardOf({ made }: KnownCard): Omit<CallTrace['cards'][number], 'state'> {
  const { uuid, summary } = made.card;
  return { uuid, summary, rule: made.outcomes[0]?.rule.id ?? '' };
}
