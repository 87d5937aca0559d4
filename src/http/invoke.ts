import type { Request, RequestHandler, Response } from 'express';
import { contextResources, whoIsNamed } from '../cds-hooks/context.js';
import type { Problem } from '../cds-hooks/outcome.js';
import { namedHook, readHookRequest } from '../cds-hooks/request.js';
import { checkResponse } from '../cds-hooks/response.js';
import type { HookRequest } from '../cds-hooks/types.js';
import { gather } from '../data/gather.js';
import type { DataNeed, Gathered } from '../data/types.js';
import { answering, needing, type Answer, type HookCase } from '../engine/answer.js';
import type { PreparedService } from '../engine/prepare.js';
import { forgettingShown, say } from '../engine/said-before.js';
import type { Language } from '../knowledge/types.js';
import { leavePlace } from './admission.js';
import { refused, tracesOf, unavailable, type Answered, type FailedRule, type Traces } from './answered.js';
import { callerOf, type KnownCaller } from './caller.js';
import { civilDate, type Deployment } from './deployment.js';
import { disconnected } from './disconnected.js';
import { problem, refuse } from './errors.js';
import { fhirAccessOf } from './fhir-access.js';
import { inTurns } from './in-turns.js';
import { callKeys, known, subjectOf } from './known.js';
import { languageOf } from './language.js';
import { record } from './record.js';
import { requestIdOf } from './request-id.js';
import { serviceNamed } from './service-ids.js';
import { traceOf, type CallStages, type TraceBook } from './trace.js';

/** A hook call that is understood: which service is asked, by whom, about whom. */
interface Call {
  readonly service: PreparedService;
  readonly request: HookRequest;
  readonly caller: KnownCaller;
  readonly patientId: string;
  readonly hook: HookCase;
  readonly language: Language;
  readonly received: Request;
  readonly response: Response;
}

/** What was asked for, and what of it was had. */
interface Data {
  readonly needs: readonly DataNeed[];
  readonly gathered: Gathered;
}

type Checked<Result> =
  ({ readonly ok: true } & Result) | { readonly ok: false; readonly problems: readonly Problem[] };

const refusing = (
  ...problems: readonly Problem[]
): { readonly ok: false; readonly problems: typeof problems } => ({
  ok: false,
  problems,
});

/**
 * `POST /cds-services/{id}` (CDS Hooks 2.0.1, Calling a CDS Service), step by step as the README tells it.
 * @param keep in development, where the stages of calls are kept for the page that plays the EHR
 */
export function invoke(deployment: Deployment, keep?: TraceBook): RequestHandler<{ id: string }> {
  return async (received, response) => {
    const started = performance.now();
    const found = findService(deployment, received);
    if (!found.ok) {
      refuse(response, found.problems);
      return;
    }
    const answered = await answerCall(deployment, found.service, found.request, received, response);
    const requestId = requestIdOf(response);
    record(deployment, {
      service: found.service.definition.id,
      request: found.request,
      received,
      answered,
      ms: performance.now() - started,
      requestId,
    });
    const { stages } = answered;
    if (keep !== undefined && requestId !== undefined && stages !== undefined)
      keep(requestId, () => traceOf(deployment.prepared, stages));
    if (response.destroyed) return;
    if (answered.problems !== undefined) refuse(response, answered.problems);
    else response.type('application/json').send(answered.body);
  };
}

async function answerCall(
  deployment: Deployment,
  service: PreparedService,
  request: HookRequest,
  received: Request<{ id: string }>,
  response: Response,
): Promise<Answered> {
  const understood = understand(deployment, service, request, received, response);
  if (!understood.ok) return refused(understood.problems);
  const { call } = understood;
  const began = performance.now();
  const had = await gatherData(deployment, call);
  if (!had.ok) return refused(had.problems);
  const gatheredAt = performance.now();
  const { result, traces } = await decide(deployment, call, had);
  const decidedAt = performance.now();
  const answered =
    result.kind === 'cards' ? tell(deployment, call, result, traces) : unavailable(result.missing, traces);
  if (deployment.config.production) return answered;
  const times = {
    gather: gatheredAt - began,
    decide: decidedAt - gatheredAt,
    say: performance.now() - decidedAt,
  };
  return { ...answered, stages: stagesOf(call, had, result, answered, times) };
}

/** Step 1 and 2: reads the request and finds the service; its hook must be one of the service's. */
function findService(
  deployment: Deployment,
  received: Request<{ id: string }>,
): Checked<{ readonly service: PreparedService; readonly request: HookRequest }> {
  const named = serviceNamed(deployment.prepared.services, received.params.id);
  if (named === undefined)
    return refusing(problem('SERVICE_UNKNOWN', '', 'there is no CDS service of this id; see /cds-services'));
  const { service } = named;
  const read = readHookRequest(received.body);
  const hook = namedHook(received.body);
  deployment.audit.about(received, {
    service: service.definition.id,
    ...(hook !== undefined && { hook }),
    ...(read.ok && subjectOf(read.request, callerOf(received))),
  });
  const taken = named.hook === undefined ? service.definition.hooks : [named.hook];
  if (hook !== undefined && !taken.includes(hook)) {
    const mismatch = problem('HOOK_MISMATCH', 'hook', `this service is published for ${taken.join(', ')}`);
    // First, as the rest of the body was judged as that of the other hook.
    return refusing(mismatch, ...(read.ok ? [] : read.problems));
  }
  return read.ok ? { ok: true, service, request: read.request } : refusing(...read.problems);
}

/** About whom the call is, on which day and in which language. */
function understand(
  { prepared, config, clock }: Deployment,
  service: PreparedService,
  request: HookRequest,
  received: Request<{ id: string }>,
  response: Response,
): Checked<{ readonly call: Call }> {
  const caller = callerOf(received);
  const { patientId } = whoIsNamed(request.context);
  if (patientId === undefined)
    return refusing(problem('REQUEST_INVALID', 'context.patientId', 'is required'));
  const hook: HookCase = {
    ...contextResources(request),
    today: civilDate(clock()),
    notKept: notKeptIn(service, caller, request),
  };
  const language = languageOf(
    received,
    prepared.knowledge,
    caller.client?.language ?? config.defaultLanguage,
  );
  return { ok: true, call: { service, request, caller, patientId, hook, language, received, response } };
}

/** Step 3: per key given, fetched or missing; only what these orders make necessary. */
async function gatherData(deployment: Deployment, call: Call): Promise<Checked<Data>> {
  const { request, caller, patientId, received, response } = call;
  const access = fhirAccessOf(deployment, caller, request);
  if (!access.ok) return refusing(problem('REQUEST_INVALID', 'fhirServer', access.message));
  const needs = await neededOf(deployment, call);
  const fhir = access.open?.(deployment.config.fhirBudgetMs, disconnected(received, response), () => {
    leavePlace(received);
  });
  const result = await gather({
    needs,
    prefetch: request.prefetch,
    context: request.context,
    patientId,
    fhir,
    authorization: request.fhirAuthorization,
    unserved: access.unserved,
  });
  if (result.ok) return { ok: true, needs, gathered: result.gathered };
  return refusing(...result.problems.map(({ path, message }) => problem('REQUEST_INVALID', path, message)));
}

/** Step 4 to 7: chart, scores, rules, cards, in turns with other calls. */
async function decide(
  deployment: Deployment,
  { service, request, patientId, hook, language }: Call,
  { needs, gathered }: Data,
): Promise<{ readonly result: Answer; readonly traces: Traces }> {
  const failedCards: FailedRule[] = [];
  const { userId, encounterId } = whoIsNamed(request.context);
  const context = {
    patientId,
    ...(userId !== undefined && { userId }),
    ...(encounterId !== undefined && { encounterId }),
    today: hook.today,
    publicBaseUrl: deployment.baseUrl(),
    newId: deployment.newId,
    cardFailed: (rule: string, error: string) => void failedCards.push({ rule, error }),
  };
  const { prepared } = deployment;
  const result = await inTurns(answering({ prepared, service, hook, needs, gathered, context, language }));
  return { result, traces: tracesOf(result, needs, gathered, failedCards) };
}

/** Step 8: of the cards, those that were not said or declined before, as the body of the answer. */
function tell(
  deployment: Deployment,
  { service, request, caller, patientId, hook, language, response }: Call,
  { cards }: Extract<Answer, { readonly kind: 'cards' }>,
  traces: Traces,
): Answered {
  const { prepared, config, keyed, recall, clock } = deployment;
  const keys = callKeys(keyed, request, caller, patientId);
  const said = say(
    prepared,
    service,
    language,
    cards.map((made) => known(keyed, keys, made)),
    caller.client?.saysAgain === true ? forgettingShown(recall) : recall,
    { hook: request.hook, now: clock(), civilDate, ...keys },
    { tables: caller.client?.tables === true, drafts: hook.drafts },
  );
  const body = { cards: keys.shadow ? [] : said.shown.map(({ made }) => made.card) };
  if (!config.production) mustConform(body);
  response.set('Content-Language', language);
  return { ...traces, status: 200, body: JSON.stringify(body), said, keys };
}

const stagesOf = (
  { service, language }: Call,
  { needs, gathered }: Data,
  { outcomes }: Answer,
  { said }: Answered,
  times: CallStages['times'],
): CallStages => ({ service, language, needs, said, gathered, outcomes, times });

/** All keys when they came; else only those that the request's drafts make necessary. */
async function neededOf(
  { prepared }: Deployment,
  { service, hook, request: { prefetch } }: Call,
): Promise<readonly DataNeed[]> {
  const kept = service.needs.filter(({ resourceType }) => hook.notKept?.has(resourceType) !== true);
  const given = kept.every(({ key }) => Object.hasOwn(prefetch, key));
  return given ? kept : inTurns(needing(prepared, service, hook));
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

/** In development an answer that breaks the standard is our own bug, and must be seen. */
function mustConform(body: unknown): void {
  const problems = checkResponse(body);
  if (problems.length > 0) {
    throw new Error(
      `the answer breaks CDS Hooks: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
    );
  }
}
