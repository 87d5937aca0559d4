import type { Card, FeedbackItem } from '../../cds-hooks/types.js';
import type { Language } from '../../knowledge/types.js';
import type { Signer } from './jwt.js';
import { issueTexts, jsonOf, listOf, RequestFailed, textOf } from './json.js';
import { fillPrefetch } from './prefetch.js';
import { isObject, type JsonObject } from '../../json.js';

/** One entry of the discovery document. */
export interface Service {
  readonly id: string;
  readonly hook: string;
  readonly title: string;
  readonly prefetch: Readonly<Record<string, string>>;
}

/** One call as it went over the wire, for the integrator to read; only what would let another use it is left out. */
export interface Exchange {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
  readonly milliseconds: number;
  /** Under which the service logged it. */
  readonly requestId: string | undefined;
}

export interface Call {
  readonly service: Service;
  readonly context: JsonObject;
  readonly withPrefetch: boolean;
}

/** The CDS service as the EHR sees it. Every call is signed, recorded, and made in the user's language. */
export interface CdsClient {
  readonly services: readonly Service[];
  /** @throws RequestFailed */
  readonly call: (call: Call) => Promise<readonly Card[]>;
  /** @throws RequestFailed */
  readonly sendFeedback: (serviceId: string, feedback: FeedbackItem) => Promise<void>;
}

export interface CdsClientOptions {
  readonly baseUrl: string;
  readonly sign: Signer;
  readonly language: () => Language;
  readonly record: (exchange: Exchange) => void;
}

function isService(value: unknown): value is Service {
  return isObject(value) && typeof value.id === 'string' && typeof value.hook === 'string';
}

function isCard(value: unknown): value is Card {
  return (
    isObject(value) &&
    typeof value.summary === 'string' &&
    typeof value.indicator === 'string' &&
    isObject(value.source)
  );
}

function isText(entry: readonly [string, unknown]): entry is readonly [string, string] {
  return typeof entry[1] === 'string';
}

async function discovered(request: (path: string) => Promise<unknown>): Promise<readonly Service[]> {
  const answer = await request('/cds-services');
  return listOf(isObject(answer) ? answer.services : undefined)
    .filter(isService)
    .map((service) => ({
      id: service.id,
      hook: service.hook,
      title: textOf(service.title) ?? service.id,
      prefetch: isObject(service.prefetch)
        ? Object.fromEntries(Object.entries(service.prefetch).filter(isText))
        : {},
    }));
}

/** Reads the discovery document and gives the calls that it allows. */
export async function connect(options: CdsClientOptions): Promise<CdsClient> {
  const { baseUrl, sign, language, record } = options;

  async function request(path: string, body?: unknown): Promise<unknown> {
    const url = `${baseUrl}${path}`;
    const headers = {
      accept: 'application/json',
      'accept-language': language(),
      authorization: await sign(url),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const method = body === undefined ? 'GET' : 'POST';
    const before = performance.now();
    const response = await fetch(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    const answer = response === undefined ? undefined : await jsonOf(response);
    const milliseconds = Math.round(performance.now() - before);
    const status = response?.status ?? 0;
    const requestId = response?.headers.get('x-request-id') ?? undefined;
    const id = crypto.randomUUID();
    record(withoutSecrets({ id, method, url, headers, body, status, answer, milliseconds, requestId }));
    if (response?.ok !== true) throw new RequestFailed(status, issueTexts(answer));
    return answer;
  }

  return {
    services: await discovered(request),
    async call({ service, context, withPrefetch }) {
      const [prefetch, fhirAuthorization] = await Promise.all([
        withPrefetch ? fillPrefetch(service.prefetch, context) : {},
        authorize(textOf(context.patientId)),
      ]);
      const answer = await request(`/cds-services/${service.id}`, {
        hook: service.hook,
        hookInstance: crypto.randomUUID(),
        fhirServer: `${baseUrl}/sandbox/fhir`,
        ...(fhirAuthorization !== undefined && { fhirAuthorization }),
        context,
        ...(Object.keys(prefetch).length > 0 && { prefetch }),
      });
      return listOf(isObject(answer) ? answer.cards : undefined).filter(isCard);
    },
    async sendFeedback(serviceId, feedback) {
      await request(`/cds-services/${serviceId}/feedback`, { feedback: [feedback] });
    },
  };
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}

/** The token of the FHIR server that a hook call hands to the service, for this patient's chart only. */
async function authorize(patient: string | undefined): Promise<JsonObject | undefined> {
  if (patient === undefined) return undefined;
  const response = await fetch('/sandbox/ehr/fhir-authorization', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ patient }),
  }).catch(() => undefined);
  const answer = response?.ok === true ? await jsonOf(response) : undefined;
  return isObject(answer) ? answer : undefined;
}

/** Signature and access token do not leave the call: what is shown on a screen or pasted in a ticket cannot be used. */
function withoutSecrets(exchange: Exchange): Exchange {
  const { headers, body } = exchange;
  const given = isObject(body) ? body.fhirAuthorization : undefined;
  return {
    ...exchange,
    headers: {
      ...headers,
      ...(headers.authorization !== undefined && {
        authorization: headers.authorization.replace(/(?<![^.])[^.]+$/, '…'),
      }),
    },
    ...(isObject(body) &&
      isObject(given) && { body: { ...body, fhirAuthorization: { ...given, access_token: '…' } } }),
  };
}

/**
 * The call as a shell command. Signature and access token are left out: in development service and FHIR server answer
 * this machine anyway. The body comes from standard input: as an argument, a long chart is more than a shell takes.
 */
export function asCurl(exchange: Exchange): string {
  const headers = Object.entries(exchange.headers).filter(([name]) => name !== 'authorization');
  const command = [
    `curl -X ${exchange.method} ${quoted(exchange.url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  if (exchange.body === undefined) return command.join(' \\\n  ');
  const body = isObject(exchange.body)
    ? Object.fromEntries(Object.entries(exchange.body).filter(([name]) => name !== 'fhirAuthorization'))
    : exchange.body;
  return `${[...command, "--data-binary @- <<'JSON'"].join(' \\\n  ')}\n${JSON.stringify(body)}\nJSON\n`;
}
