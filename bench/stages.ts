import type * as shape from '../src/http/json-shape.js';
import type * as request from '../src/cds-hooks/request.js';
import type * as response from '../src/cds-hooks/response.js';
import type * as gathering from '../src/data/gather.js';
import type * as answering from '../src/engine/answer.js';
import type * as opening from '../src/engine/case.js';
import type * as saying from '../src/engine/said-before.js';
import type * as hashes from '../src/feedback/keyed-hash.js';
import type * as knowing from '../src/http/known.js';
import type * as starting from '../src/start.js';
import type { Gathered } from '../src/data/types.js';
import type { Answer, HookCase } from '../src/engine/answer.js';
import type { Prepared, PreparedService } from '../src/engine/prepare.js';
import { hookRequest, prefetchOf, type Lesions, type Size } from './charts.js';

/** The functions of the service that a call passes through. */
export type Functions = Pick<typeof shape, 'jsonExcess' | 'limitsFor'> &
  Pick<typeof request, 'readHookRequest'> &
  Pick<typeof response, 'checkResponse'> &
  Pick<typeof gathering, 'gather'> &
  Pick<typeof answering, 'answer' | 'openChart'> &
  Pick<typeof opening, 'epochDayOf' | 'openCase'> &
  Pick<typeof saying, 'say'> &
  Pick<typeof hashes, 'keyedHash'> &
  Pick<typeof knowing, 'known'> &
  Pick<typeof starting, 'loadPrepared'>;

const modules = [
  'http/json-shape',
  'cds-hooks/request',
  'cds-hooks/response',
  'data/gather',
  'engine/answer',
  'engine/case',
  'engine/said-before',
  'feedback/keyed-hash',
  'http/known',
  'start',
] as const;

/** Those of the built service: what `tsx` makes of the sources names each function anew whenever it is made, and is slower. */
export async function builtFunctions(): Promise<Functions> {
  const loaded: readonly unknown[] = await Promise.all(
    modules.map((name) => import(new URL(`../dist/${name}.js`, import.meta.url).href)),
  );
  return Object.assign({}, ...loaded) as Functions;
}

/** The stages of one call that are work of this process alone, in their order. */
export const stages = [
  'text',
  'request',
  'gather',
  'chart',
  'rules and cards',
  'say',
  'check',
  'write',
] as const;
export type Stage = (typeof stages)[number];

/** Rounds of which the least is told: what else the machine does only ever adds. */
const rounds = 7;
const callsPerRound = 200;

/** Processor time of this process so far, in microseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The review of a chart, stage by stage, in processor time of this process. */
interface Run {
  readonly bytes: number;
  readonly cards: number;
  readonly microseconds: Readonly<Record<Stage, number>>;
}

/** One call worked off as `http/invoke` does it, each stage measured. */
class Call {
  readonly #with: Functions;
  readonly #prepared: Prepared;
  readonly #service: PreparedService;
  readonly #text: Uint8Array;
  readonly #keyed: ReturnType<Functions['keyedHash']>;
  #spent: Record<Stage, number>;

  constructor(functions: Functions, prepared: Prepared, service: PreparedService, body: string) {
    this.#with = functions;
    this.#keyed = functions.keyedHash('a key for the bench alone');
    this.#prepared = prepared;
    this.#service = service;
    this.#text = new TextEncoder().encode(body);
    this.#spent = nothingSpent();
  }

  spent(): Readonly<Record<Stage, number>> {
    const spent = this.#spent;
    this.#spent = nothingSpent();
    return spent;
  }

  async run(): Promise<number> {
    const [prepared, service] = [this.#prepared, this.#service];
    const today = '2026-11-20';
    const { jsonExcess, limitsFor, readHookRequest, gather, openCase, say, known, checkResponse } =
      this.#with;
    const body = this.#timed('text', (): unknown => {
      if (jsonExcess(this.#text, limitsFor(10 * 1024 * 1024)) !== undefined) throw new RangeError('too long');
      return JSON.parse(new TextDecoder().decode(this.#text));
    });
    const read = this.#timed('request', () => readHookRequest(body));
    if (!read.ok) throw new Error('the request is not read');
    const { prefetch, context } = read.request;
    const needs = service.needs;
    const before = processorTime();
    const result = await gather({ needs, prefetch, context, patientId: 'bench' });
    this.#spent.gather += processorTime() - before;
    if (!result.ok) throw new Error('the request is refused');
    const { gathered } = result;
    const hook: HookCase = { drafts: [], selected: 'all', today };
    this.#timed('chart', () => openCase(prepared, this.#sourceOf(gathered, today)));
    const told = this.#timed('rules and cards', () => this.#answerTo(hook, gathered, today));
    if (told.kind !== 'cards') throw new Error('nothing is said');
    const keys = { client: '', shadow: false, patientKey: this.#keyed.patient('', '', 'bench') };
    const said = this.#timed('say', () =>
      say(
        prepared,
        service,
        'en',
        told.cards.map((made) => known(this.#keyed, keys, made)),
        { declinesOf: () => [], shownAt: () => undefined },
        { hook: 'patient-view', now: new Date(), civilDate: () => today, ...keys },
        { tables: false, drafts: [] },
      ),
    );
    const response = { cards: said.shown.map(({ made }) => made.card) };
    this.#timed('check', () => checkResponse(response));
    this.#timed('write', () => JSON.stringify(response));
    return response.cards.length;
  }

  #sourceOf(gathered: Gathered, today: string): Parameters<Functions['openCase']>[1] {
    return {
      resources: resourcesOf(gathered),
      drafts: [],
      missingKeys: new Set<string>(),
      today: this.#with.epochDayOf(today),
    };
  }

  #answerTo(hook: HookCase, gathered: Gathered, today: string): Answer {
    const [prepared, service] = [this.#prepared, this.#service];
    const context = {
      patientId: 'bench',
      userId: 'Practitioner/bench',
      today,
      publicBaseUrl: 'https://cds.example.org',
      newId: () => crypto.randomUUID(),
    };
    return this.#with.answer({
      prepared,
      service,
      hook,
      needs: service.needs,
      gathered,
      context,
      language: 'en',
    });
  }

  #timed<Result>(stage: Stage, work: () => Result): Result {
    const before = processorTime();
    const result = work();
    this.#spent[stage] += processorTime() - before;
    return result;
  }
}

const nothingSpent = (): Record<Stage, number> => ({
  text: 0,
  request: 0,
  gather: 0,
  chart: 0,
  'rules and cards': 0,
  say: 0,
  check: 0,
  write: 0,
});

const resourcesOf = ({ provisions }: Gathered) =>
  [...provisions.values()].flatMap((provision) => (provision.state === 'missing' ? [] : provision.resources));

/** The stages of the review of one chart, after so many calls that the code is compiled. */
export async function stagesOf(
  functions: Functions,
  prepared: Prepared,
  size: Size,
  lesions: Lesions,
  calls: { readonly warm: number; readonly perRound: number } = { warm: 4000, perRound: callsPerRound },
): Promise<Run> {
  const service = prepared.services.get('bone-metastasis-review');
  if (service === undefined) throw new Error('there is no review');
  const templates = Object.fromEntries(service.needs.map(({ key, template }) => [key, template]));
  const body = hookRequest('patient-view', prefetchOf(templates, size, lesions));
  const call = new Call(functions, prepared, service, body);
  let cards = 0;
  for (let index = 0; index < calls.warm; index++) cards = await call.run();
  const best = nothingSpent();
  call.spent();
  for (const stage of stages) best[stage] = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < calls.perRound; index++) cards = await call.run();
    const spent = call.spent();
    for (const stage of stages) best[stage] = Math.min(best[stage], spent[stage] / calls.perRound);
  }
  // `answer` opens the chart once more: what is told of it is the rest.
  best['rules and cards'] = Math.max(0, best['rules and cards'] - best.chart);
  return { bytes: body.length, cards, microseconds: best };
}

/** Prints where the time of a review goes, in µs per call. */
export async function printStages(
  sizes: readonly Size[],
  lesions: readonly Lesions[],
  warm: number,
): Promise<void> {
  const functions = await builtFunctions();
  const prepared = await functions.loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });
  const rows: Record<string, Record<string, number>> = {};
  for (const kind of lesions) {
    for (const size of sizes) {
      const { bytes, cards, microseconds } = await stagesOf(functions, prepared, size, kind, {
        warm: size === 'large' || size === 'huge' ? Math.ceil(warm / 4) : warm,
        perRound: callsPerRound,
      });
      const all = Object.values(microseconds).reduce((sum, each) => sum + each, 0);
      rows[`${kind}, ${size}`] = {
        kB: Math.round(bytes / 1024),
        cards,
        ...Object.fromEntries(Object.entries(microseconds).map(([stage, each]) => [stage, Math.round(each)])),
        all: Math.round(all),
      };
    }
  }
  console.log('review, µs of processor time per call in this process, the least of seven rounds');
  console.table(rows);
}
