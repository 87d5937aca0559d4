import { extensionName } from '../cards/cards.js';
import type { HookRequest } from '../cds-hooks/types.js';
import type { CardRecord } from '../feedback/types.js';
import type { KnownCaller } from './caller.js';
import type { Deployment } from './deployment.js';
import type { Answered } from './invoke.js';

export interface Call {
  readonly service: string;
  readonly request: HookRequest;
  readonly caller: KnownCaller;
  readonly answered: Answered;
  readonly ms: number;
  readonly requestId: string | undefined;
}

/**
 * The traces of one hook call: one log line, metrics, the audit record, and which card belonged to which rule. None
 * holds data of the patient.
 */
export function record(
  deployment: Deployment,
  { service, request, caller, answered, ms, requestId }: Call,
): void {
  const { log, metrics, store, clock } = deployment;
  const { status, cards, outcomes, failedRules, missing, setAside, fhirRequests } = answered;
  const outcomeOfRule = Object.fromEntries(outcomes);
  log.info(
    {
      service,
      hook: request.hook,
      hookInstance: request.hookInstance,
      ...(requestId !== undefined && { requestId }),
      status,
      ms: Math.round(ms * 10) / 10,
      cards: cards.length,
      outcomes: outcomeOfRule,
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
  for (const failed of failedRules) log.error(failed, 'rule failed');
  metrics.hookAnswered(service, request.hook, status, ms / 1000);
  metrics.ruleOutcomes(service, outcomes);
  for (const reason of missing.values()) metrics.fhirFailed(reason);

  const issuedAt = clock();
  const records = cards.flatMap(({ card, outcomes: [lead], subjectKey }): readonly CardRecord[] => {
    if (lead === undefined) return [];
    const extension = card.extension?.[extensionName] as { readonly recommendations: readonly string[] };
    metrics.cardShown(service, lead.rule.id, card.indicator);
    return [
      {
        card: card.uuid,
        service,
        hook: request.hook,
        hookInstance: request.hookInstance,
        rule: lead.rule.id,
        ruleVersion: lead.rule.version,
        recommendations: extension.recommendations,
        outcome: lead.kind === 'unknown' ? 'unknown' : 'fires',
        suggestions: (card.suggestions ?? []).map(({ uuid }) => uuid),
        ...(subjectKey !== undefined && { subjectKey }),
        issuedAt,
      },
    ];
  });
  if (records.length > 0) store.recordCards(records);
  store.appendAudit({
    time: issuedAt,
    ...(caller.issuer !== undefined && { issuer: caller.issuer }),
    ...(caller.tenant !== undefined && { tenant: caller.tenant }),
    hook: request.hook,
    hookInstance: request.hookInstance,
    service,
    outcomes: outcomeOfRule,
    status,
    ms: Math.round(ms * 10) / 10,
  });
}
