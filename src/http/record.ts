import type { Request } from 'express';
import type { HookRequest } from '../cds-hooks/types.js';
import type { KnownCard, Said } from '../engine/said-before.js';
import type { CardKeys, CardRecord, CardState } from '../feedback/types.js';
import { callerOf } from './caller.js';
import type { Deployment } from './deployment.js';
import type { Answered } from './answered.js';
import { subjectOf, type CallKeys } from './known.js';

export interface Call {
  readonly service: string;
  readonly request: HookRequest;
  readonly received: Request;
  readonly answered: Answered;
  readonly ms: number;
  readonly requestId: string | undefined;
}

/**
 * The traces of one hook call: one log line, metrics, and in one record of the store the audit, which card belonged to
 * which rule, and what was shown. The log line and the metrics hold no data of the patient.
 */
export function record(
  deployment: Deployment,
  { service, request, received, answered, ms, requestId }: Call,
): void {
  const { log, metrics, audit, config } = deployment;
  const { status, said, outcomes, failedRules, missing, setAside, fhirRequests, problems } = answered;
  const outcomeOfRule = Object.fromEntries(outcomes);
  const { hook, hookInstance } = request;
  log.info(
    {
      service,
      hook,
      hookInstance,
      ...(requestId !== undefined && { requestId }),
      status,
      ms: Math.round(ms * 10) / 10,
      cards: said?.shown.length ?? 0,
      // Which rules fired says much about a patient: in production only who looks for a fault is told.
      ...(!config.production && { outcomes: outcomeOfRule }),
      fhirRequests,
      ...(missing.size > 0 && { missing: Object.fromEntries(missing) }),
      ...(setAside.size > 0 && { setAside: Object.fromEntries(setAside) }),
    },
    'hook call',
  );
  for (const { type, system } of answered.notUnderstood) {
    log.info(
      { service, hook: request.hook, type, system: metrics.orderNotUnderstood(service, type, system) },
      'order not understood',
    );
  }
  const withheld = Object.fromEntries(answered.withheld);
  if (config.production) log.debug({ service, hookInstance, outcomes: outcomeOfRule }, 'outcomes of rules');
  if (answered.withheld.size > 0)
    log.debug({ service, hookInstance, withheld }, 'advice withheld by the plan');
  for (const failed of failedRules) log.error(failed, 'rule failed');
  metrics.hookAnswered(service, hook, status, ms / 1000);
  metrics.ruleOutcomes(service, outcomes);
  for (const reason of missing.values()) metrics.fhirFailed(reason);
  for (const { made } of said?.shown ?? []) {
    const [lead] = made.outcomes;
    if (lead === undefined) continue;
    metrics.cardShown(service, lead.rule.id, made.card.indicator);
    if (made.own.unchecked !== undefined) metrics.cardUnchecked(service, lead.rule.id);
  }

  const caller = callerOf(received);
  const code = problems?.[0]?.code;
  audit.record(
    received,
    {
      endpoint: 'hook',
      caller,
      subject: { service, ...subjectOf(request, caller) },
      outcomes: outcomeOfRule,
      status,
      ...(code !== undefined && { code }),
      ms,
    },
    said === undefined || answered.keys === undefined
      ? { cards: [], memory: [] }
      : keptOf(deployment, service, request, said, answered.keys),
  );
}

const states: readonly CardState[] = ['shown', 'folded', 'repeated', 'declined'];

/** Every card that was made, with what became of it; and what was shown to whom. */
function keptOf(
  { clock }: Deployment,
  service: string,
  { hook, hookInstance }: HookRequest,
  said: Said,
  call: CallKeys,
): {
  readonly cards: readonly CardRecord[];
  readonly memory: Parameters<Deployment['audit']['record']>[2]['memory'];
} {
  const { client, shadow, patientKey, userKey, encounterKey } = call;
  const issuedAt = clock();
  const keysOf = (subjectKey: string): CardKeys => ({
    patientKey,
    subjectKey,
    ...(userKey !== undefined && { userKey }),
    ...(encounterKey !== undefined && { encounterKey }),
  });
  const cardRecord = ({ made, subjectKey }: KnownCard, state: CardState): readonly CardRecord[] => {
    const [lead] = made.outcomes;
    if (lead === undefined) return [];
    const { card, own } = made;
    return [
      {
        card: card.uuid,
        client,
        service,
        hook,
        hookInstance,
        rule: lead.rule.id,
        ruleVersion: lead.rule.version,
        recommendations: own.recommendations,
        indicator: card.indicator,
        outcome: lead.kind === 'unknown' ? 'unknown' : 'fires',
        unchecked: own.unchecked ?? [],
        state,
        shadow,
        suggestions: (card.suggestions ?? []).map(({ uuid }) => uuid),
        keys: keysOf(subjectKey),
        issuedAt,
      },
    ];
  };
  return {
    cards: states.flatMap((state) => said[state].flatMap((card) => cardRecord(card, state))),
    memory: said.remember.map(({ subjectKey }) => ({
      kind: 'shown' as const,
      client,
      ...keysOf(subjectKey),
      at: issuedAt,
    })),
  };
}
