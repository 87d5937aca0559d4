import type { Dispatcher } from 'undici';
import { setTimeout as wait } from 'node:timers/promises';
import { DEEPEST_BODY, isDeeperThan, isFhirResource } from '../cds-hooks/json-value.js';
import type { FhirResource } from '../cds-hooks/types.js';
import { discard } from '../outbound/body.js';
import { readJson, refusalOf } from './response.js';
import { retryDelayMs } from './retry.js';
import { readSearchset, withoutRepeats } from './searchset.js';
import type {
  FetchFailure,
  FhirBudget,
  FhirClient,
  FhirLimits,
  ReadResult,
  SearchEntry,
  SearchResult,
} from './types.js';
import { withinBase } from './within-base.js';

export type FhirClientOptions = {
  /** Already allowed (`allowFhirServer`); with or without trailing slash. */
  readonly baseUrl: string;
  readonly accessToken?: string | undefined;
  readonly budget: FhirBudget;
  readonly limits: FhirLimits;
  readonly dispatcher?: Dispatcher | undefined;
  readonly fetch?: typeof globalThis.fetch;
  /** Told before each request: from then on the call waits for somebody else. */
  readonly onRequest?: () => void;
  /** From 0 to 1; spreads the retries of many calls. */
  readonly jitter?: () => number;
};

type Answer =
  | { readonly ok: true; readonly resource: FhirResource; readonly url: URL }
  | { readonly ok: false; readonly reason: FetchFailure };

const MAX_REDIRECTS = 3;

/**
 * A FHIR client that can only GET, for one hook call and one server. It never throws: what goes wrong is a
 * `FetchFailure`. The token goes to addresses within the base only, and appears in no result.
 */
export function fhirClient(options: FhirClientOptions): FhirClient {
  const { baseUrl, budget, limits } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const jitter = options.jitter ?? Math.random;
  const allowance = { remaining: limits.maxTotalBytes };
  let requests = 0;

  async function send(url: URL): Promise<Response> {
    requests += 1;
    options.onRequest?.();
    const init: RequestInit = {
      method: 'GET',
      redirect: 'manual',
      signal: budget.signal,
      headers: {
        accept: 'application/fhir+json',
        ...(options.accessToken === undefined ? {} : { authorization: `Bearer ${options.accessToken}` }),
      },
    };
    return fetch(
      url,
      options.dispatcher === undefined ? init : Object.assign(init, { dispatcher: options.dispatcher }),
    );
  }

  async function sendWithRetry(url: URL): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const response = await send(url);
      const delay = retryDelayMs(response, attempt, budget.remainingMs(), jitter());
      if (delay === undefined) return response;
      discard(response);
      await wait(delay, undefined, { signal: budget.signal });
    }
  }

  async function get(address: string): Promise<Answer> {
    let url = withinBase(baseUrl, address);
    if (url === undefined) return { ok: false, reason: 'outside-base' };
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await sendWithRetry(url);
      if (response.ok) return answerOf(url, response);
      if (response.status < 300 || response.status > 399) {
        return { ok: false, reason: await refusalOf(response, allowance, budget.signal) };
      }
      discard(response);
      const location = response.headers.get('location');
      url = location === null ? undefined : withinBase(baseUrl, location, url);
      if (url === undefined) return { ok: false, reason: 'redirected' };
    }
    return { ok: false, reason: 'redirected' };
  }

  async function answerOf(url: URL, response: Response): Promise<Answer> {
    const body = await readJson(response, limits.maxBytes, allowance, budget.signal);
    if (!body.ok) return body;
    if (isDeeperThan(body.value, DEEPEST_BODY) || !isFhirResource(body.value))
      return { ok: false, reason: 'not-fhir' };
    if (body.value.resourceType === 'OperationOutcome') return { ok: false, reason: 'operation-outcome' };
    return { ok: true, resource: body.value, url };
  }

  /** Errors of fetch name hosts and addresses; only what kind of failure it was is passed on. */
  async function getSafely(address: string): Promise<Answer> {
    const spent = budget.spent();
    if (spent !== undefined) return { ok: false, reason: spent };
    try {
      return await get(address);
    } catch {
      return { ok: false, reason: budget.spent() ?? 'unreachable' };
    }
  }

  async function read(address: string): Promise<ReadResult> {
    const answer = await getSafely(address);
    if (!answer.ok) return answer;
    return isWhatWasRead(answer.resource, address)
      ? { ok: true, resource: answer.resource }
      : { ok: false, reason: 'wrong-resource' };
  }

  async function search(query: string): Promise<SearchResult> {
    const entries: SearchEntry[] = [];
    const outcomeEntries: FhirResource[] = [];
    const visited = new Set<string>();
    let malformed = 0;
    let total: number | undefined;
    let because: FetchFailure | undefined;
    let address: string | undefined = query;

    while (address !== undefined) {
      const page = await searchPage(address, visited);
      if (!page.ok) {
        if (visited.size === 0) return page;
        because = page.reason;
        break;
      }
      visited.add(page.url.href);
      entries.push(...page.searchset.entries);
      outcomeEntries.push(...page.searchset.outcomes);
      malformed += page.searchset.malformed;
      total ??= page.searchset.total;
      address = page.searchset.next;
      because = address === undefined ? undefined : limitReached(visited.size, entries.length);
      if (because !== undefined) break;
    }
    const distinct = visited.size > 1 ? withoutRepeats(entries) : entries;
    return {
      ok: true,
      entries: distinct,
      resources: distinct.map(({ resource }) => resource),
      outcomeEntries,
      malformed,
      incomplete: because !== undefined,
      ...(total === undefined ? {} : { total }),
      ...(because === undefined ? {} : { because }),
    };
  }

  async function searchPage(address: string, visited: ReadonlySet<string>) {
    const url = withinBase(baseUrl, address);
    if (url !== undefined && visited.has(url.href)) return failed('too-many-pages');
    const answer = await getSafely(address);
    if (!answer.ok) return answer;
    const searchset = readSearchset(answer.resource);
    if (searchset === undefined) return failed('wrong-resource');
    return { ok: true, url: url ?? answer.url, searchset } as const;
  }

  function limitReached(pages: number, resources: number): FetchFailure | undefined {
    if (pages >= limits.maxPages) return 'too-many-pages';
    return resources >= limits.maxResources ? 'too-many-resources' : undefined;
  }

  return { base: baseUrl.replace(/\/$/, ''), read, search, requests: () => requests };
}

function failed(reason: FetchFailure): { readonly ok: false; readonly reason: FetchFailure } {
  return { ok: false, reason };
}

/** A server that answers `Patient/1` with another resource is not believed. */
function isWhatWasRead(resource: FhirResource, address: string): boolean {
  const [, type, id] =
    /(?:^|\/)([A-Z][A-Za-z]*)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(address) ?? [];
  return resource.resourceType === type && resource.id === id;
}
