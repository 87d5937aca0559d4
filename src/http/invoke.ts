import type { Request, RequestHandler, Response } from 'express';
import { contextResources } from '../cds-hooks/context.js';
import type { Problem } from '../cds-hooks/outcome.js';
import { namedHook, readHookRequest } from '../cds-hooks/request.js';
import { checkResponse } from '../cds-hooks/response.js';
import type { HookRequest } from '../cds-hooks/types.js';
import { gather } from '../data/gather.js';
import { REASONS } from '../data/reasons.js';
import type { DataNeed, Gathered, IncompleteReason } from '../data/types.js';
import type { UnservedTypes } from '../data/unserved.js';
import { answering, needing, type HookCase } from '../engine/answer.js';
import type { PreparedService } from '../engine/prepare.js';
import { forgettingShown, say, type Said } from '../engine/said-before.js';
import { allowFhirServer } from '../fhir/allow-list.js';
import { fhirBudget } from '../fhir/budget.js';
import { fhirClient } from '../fhir/client.js';
import type { FhirClient } from '../fhir/types.js';
import { leavePlace } from './admission.js';
import { callerOf, type KnownCaller } from './caller.js';
import { civilDate, type Deployment } from './deployment.js';
import { problem, refuse } from './errors.js';
import { disconnected } from './disconnected.js';
import { callKeys, known, subjectOf } from './known.js';
import { inTurns } from './in-turns.js';
import { languageOf } from './language.js';
import { record } from './record.js';
import { requestIdOf } from './request-id.js';
import { serviceNamed } from './service-ids.js';
import { traceOf, type CallStages, type TraceBook } from './trace.js';
import type { Answered } from './answered.js';

const fhirLimits = {
  maxPages: 50,
  maxResources: 20_000,
  maxBytes: 20 * 1024 * 1024,
  maxTotalBytes: 60 * 1024 * 1024,
};

/** `POST /cds-services/{id}` (CDS Hooks 2.0.1, Calling a CDS Service). */
export function invoke(deployment: Deployment, keep?: TraceBook): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const started = performance.now();
    const named = serviceNamed(deployment.prepared.services, request.params.id);
    if (named === undefined) {
      refuse(response, [
        problem('SERVICE_UNKNOWN', '', 'there is no CDS service of this id; see /cds-services'),
      ]);
      return;
    }
    const { service } = named;
    const taken = named.hook === undefined ? service.definition.hooks : [named.hook];
    const read = readHookRequest(request.body);
    const hook = namedHook(request.body);
    deployment.audit.about(request, {
      service: service.definition.id,
      ...(hook !== undefined && { hook }),
      ...(read.ok && subjectOf(read.request, callerOf(request))),
    });
    if (hook !== undefined && !taken.includes(hook)) {
      const hooks = taken.join(', ');
      const mismatch = problem('HOOK_MISMATCH', 'hook', `this service is published for ${hooks}`);
      // First, as the rest of the body was judged as that of the other hook.
      refuse(response, [mismatch, ...(read.ok ? [] : read.problems)]);
      return;
    }
    if (!read.ok) {
      refuse(response, read.problems);
      return;
    }
    const hookRequest = read.request;
    const requestId = requestIdOf(response);
    const answered = await answerCall(deployment, service, hookRequest, request, response);
    record(deployment, {
      service: service.definition.id,
      request: hookRequest,
      received: request,
      answered,
      ms: performance.now() - started,
      requestId,
    });
    if (keep !== undefined && requestId !== undefined && answered.stages !== undefined) {
      keep(requestId, traceOf(deployment.prepared, answered.stages));
    }
    if (response.destroyed) return;
    if (answered.problems !== undefined) refuse(response, answered.problems);
    else response.type('application/json').send(answered.body);
  };
}

const nothing = {
  outcomes: new Map<string, string>(),
  withheld: new Map<string, string>(),
  failedRules: [],
  missing: new Map<string, string>(),
  setAside: new Map<string, number>(),
  notUnderstood: [],
  fhirRequests: 0,
};

async function answerCall(
  deployment: Deployment,
  service: PreparedService,
  hookRequest: HookRequest,
  request: Request,
  response: Response,
): Promise<Answered> {
  const { prepared, config } = deployment;
  const caller = callerOf(request);
  const server = fhirServerOf(deployment, caller, hookRequest);
  if (!server.ok) return refusal(400, [problem('REQUEST_INVALID', 'fhirServer', server.message)]);

  const patientId = 'patientId' in hookRequest.context ? hookRequest.context.patientId : undefined;
  if (patientId === undefined)
    return refusal(400, [problem('REQUEST_INVALID', 'context.patientId', 'is required')]);
  const today = civilDate(deployment.clock());
  const notKept = notKeptIn(service, caller, hookRequest);
  const hook: HookCase = { ...contextResources(hookRequest), today, notKept };
  const began = performance.now();
  const needs = await neededOf(deployment, service, hook, hookRequest);
  const gathered = await gather({
    needs,
    prefetch: hookRequest.prefetch,
    context: hookRequest.context,
    patientId,
    fhir: server.open(
      config.fhirBudgetMs,
      () => disconnected(request, response),
      () => {
        leavePlace(request);
      },
    ),
    authorization: hookRequest.fhirAuthorization,
    unserved: server.unserved,
  });
  if (!gathered.ok) {
    return refusal(
      400,
      gathered.problems.map(({ path, message }) => problem('REQUEST_INVALID', path, message)),
    );
  }
  const gatheredAt = performance.now();
  const language = languageOf(request, prepared.knowledge, caller.client?.language ?? config.defaultLanguage);
  const failedCards: { readonly rule: string; readonly error: string }[] = [];
  const { userId, encounterId } = hookRequest.context as {
    readonly userId?: string;
    readonly encounterId?: string;
  };
  const context = {
    patientId,
    ...(userId !== undefined && { userId }),
    ...(encounterId !== undefined && { encounterId }),
    today,
    publicBaseUrl: deployment.baseUrl(),
    newId: deployment.newId,
    cardFailed: (rule: string, error: string) => void failedCards.push({ rule, error }),
  };
  const result = await inTurns(
    answering(prepared, service, hook, needs, gathered.gathered, context, language),
  );
  const decidedAt = performance.now();
  const stagesWith = (said: Said | undefined): CallStages => ({
    service,
    language,
    needs,
    said,
    gathered: gathered.gathered,
    outcomes: result.outcomes,
    times: { gather: gatheredAt - began, decide: decidedAt - gatheredAt, say: performance.now() - decidedAt },
  });
  const traces = {
    outcomes: summaryOf(result.outcomes),
    withheld: new Map(
      result.outcomes.flatMap(({ rule, withheldBy }) =>
        withheldBy === undefined ? [] : [[rule.id, withheldBy] as const],
      ),
    ),
    failedRules: [
      ...failedCards,
      ...result.outcomes.flatMap(({ kind, rule, error }) =>
        kind === 'failed' ? [{ rule: rule.id, error: error ?? 'RULE_FAILED' }] : [],
      ),
    ],
    missing: missingOf(needs, gathered.gathered.provisions),
    notUnderstood: result.notUnderstood,
    fhirRequests: gathered.gathered.requests,
  };
  if (result.kind === 'data-unavailable') {
    const problems = result.missing.map((key) =>
      problem('DATA_UNAVAILABLE', `prefetch.${key}`, whyMissing(traces.missing.get(key))),
    );
    return { ...nothing, ...traces, status: 412, problems, stages: stagesWith(undefined) };
  }
  const keys = callKeys(deployment.keyed, hookRequest, caller, patientId);
  const said = say(
    prepared,
    service,
    language,
    result.cards.map((made) => known(deployment.keyed, keys, made)),
    caller.client?.saysAgain === true ? forgettingShown(deployment.recall) : deployment.recall,
    { hook: hookRequest.hook, now: deployment.clock(), civilDate, ...keys },
    { tables: caller.client?.tables === true, drafts: hook.drafts },
  );
  const body = { cards: keys.shadow ? [] : said.shown.map(({ made }) => made.card) };
  if (!config.production) mustConform(body);
  response.set('Content-Language', language);
  const setAside = new Map([...result.setAside, ...gathered.gathered.setAside]);
  return {
    ...traces,
    status: 200,
    body: JSON.stringify(body),
    said,
    keys,
    setAside,
    stages: stagesWith(said),
  };
}

const refusal = (status: number, problems: readonly Problem[]): Answered => ({
  ...nothing,
  status,
  problems,
});

type ServerChoice =
  | {
      readonly ok: true;
      readonly unserved?: UnservedTypes;
      open(budgetMs: number, gone: () => AbortSignal, onRequest: () => void): FhirClient | undefined;
    }
  | { readonly ok: false; readonly message: string };

function fhirServerOf(
  { config, fhirDispatcher, unserved }: Deployment,
  { client }: KnownCaller,
  request: HookRequest,
): ServerChoice {
  const { fhirServer, fhirAuthorization } = request;
  if (fhirServer === undefined) return { ok: true, open: () => undefined };
  const verdict = allowFhirServer(fhirServer, {
    production: config.production,
    allowed: client?.fhirServers ?? [],
  });
  if (!verdict.ok)
    return { ok: false, message: `is not a FHIR server that this service may call (${verdict.reason})` };
  // Outside development, data without authorization are not asked for at all (FHIR-10).
  if (fhirAuthorization === undefined && config.production) return { ok: true, open: () => undefined };
  return {
    ok: true,
    unserved: unserved(client?.name ?? '', verdict.base),
    open: (budgetMs, gone, onRequest) =>
      fhirClient({
        baseUrl: verdict.base,
        accessToken: fhirAuthorization?.access_token,
        budget: fhirBudget(budgetMs, gone()),
        limits: fhirLimits,
        dispatcher: fhirDispatcher(client?.issuer),
        onRequest,
      }),
  };
}

/** All keys when they came; else only those that the request's drafts make necessary. */
async function neededOf(
  deployment: Deployment,
  service: PreparedService,
  hook: HookCase,
  request: HookRequest,
): Promise<readonly DataNeed[]> {
  const kept = service.needs.filter(({ resourceType }) => hook.notKept?.has(resourceType) !== true);
  const given = kept.every(({ key }) => Object.hasOwn(request.prefetch, key));
  return given ? kept : inTurns(needing(deployment.prepared, service, hook));
}

/** Types that the EHR keeps elsewhere; one that it sends all the same is read. */
function notKeptIn(
  { needs }: PreparedService,
  { client }: KnownCaller,
  { prefetch }: HookRequest,
): ReadonlySet<string> {
  const sent = needs
    .filter(({ key }) => Object.hasOwn(prefetch, key) && prefetch[key] !== null)
    .map(({ resourceType }) => resourceType);
  return new Set((client?.notKept ?? []).filter((type) => !sent.includes(type)));
}

function missingOf(
  needs: readonly DataNeed[],
  provisions: Gathered['provisions'],
): ReadonlyMap<string, IncompleteReason> {
  return new Map(
    needs.flatMap(({ key }) => {
      const provision = provisions.get(key);
      const why = provision?.state === 'missing' ? provision.reason : provision?.because;
      return why === undefined ? [] : [[key, why] as const];
    }),
  );
}

/** The stable code of the reason, and what it means. */
function whyMissing(reason: IncompleteReason | undefined): string {
  return reason === undefined ? 'could not be had' : `could not be had: ${reason} (${REASONS[reason]})`;
}

/** One word for each rule: the strongest of its outcomes. */
function summaryOf(
  outcomes: readonly { readonly kind: string; readonly rule: { readonly id: string } }[],
): ReadonlyMap<string, string> {
  const rank = ['failed', 'fires', 'unknown', 'silent'];
  const found = new Map<string, string>();
  for (const { kind, rule } of outcomes) {
    const known = found.get(rule.id);
    if (known === undefined || rank.indexOf(kind) < rank.indexOf(known)) found.set(rule.id, kind);
  }
  return found;
}

/** In development an answer that breaks the standard is our own bug, and must be seen. */
function mustConform(body: unknown): void {
  const problems = checkResponse(body);
  if (problems.length > 0) {
    throw new Error(
      `the answer breaks CDS Hooks: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
    );
  }
}
