import type { Language } from '../knowledge/types.js';
import { searchAll, type Resource } from './chart.js';
import { recordsIn } from './element.js';
import type { AppKnowledge } from './knowledge.js';
import type { Loaded } from './load.js';
import type { Session } from './smart-session.js';
import { isObject, type JsonObject } from '../json.js';

/** A card of the service, as the summary shows it. */
export interface Recommendation {
  readonly id: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  readonly summary: string;
  /** The first paragraph of the card's detail, without its emphasis. */
  readonly reason: string;
  /** What the card offers to order. */
  readonly proposals: readonly string[];
  readonly source: string;
  /** Ids of the guideline's recommendations. */
  readonly codes: readonly string[];
}

/** `record`: this session may not ask, the alerts in the record say it. `unavailable`: nobody could answer. */
export type Advice =
  | {
      readonly kind: 'given';
      readonly recommendations: readonly Recommendation[];
      /** Types that the record did not give. */
      readonly unread: readonly string[];
    }
  | { readonly kind: 'record' }
  | { readonly kind: 'unavailable' };

const longestWait = 20_000;

type Answer = { readonly status: number; readonly body: unknown };

async function ask(address: string, language: Language, body?: unknown): Promise<Answer> {
  try {
    const response = await fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        Accept: 'application/json',
        'Accept-Language': language,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(longestWait),
    });
    return { status: response.status, body: response.ok ? await response.json() : undefined };
  } catch {
    return { status: 0, body: undefined };
  }
}

function plain(markdown: string): string {
  const [first = ''] = markdown.split(/\n\s*\n/);
  return (
    first
      .replace(/\*\*(.+?)\*\*/g, '$1')
      .replace(/\\([^\w\s])/g, '$1')
      // Not the spaces that French keeps before its punctuation.
      .replace(/[ \n]+/g, ' ')
      .trim()
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function recommendationIn(card: JsonObject, cardExtension: string): readonly Recommendation[] {
  const { uuid, summary, indicator, detail, source, suggestions, extension } = card;
  if (typeof summary !== 'string') return [];
  const own = isObject(extension) ? extension[cardExtension] : undefined;
  const codes: unknown = isObject(own) ? own['recommendations'] : undefined;
  return [
    {
      id: textOf(uuid),
      indicator: indicator === 'critical' || indicator === 'warning' ? indicator : 'info',
      summary,
      reason: plain(textOf(detail)),
      proposals: recordsIn(suggestions).map(({ label }) => textOf(label)),
      source: isObject(source) ? textOf(source['label']) : '',
      codes: Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [],
    },
  ];
}

/** The prefetch templates of the review, with the patient in the place of the token; undefined without discovery. */
function queriesIn(
  discovery: unknown,
  service: string,
  patient: string,
): readonly (readonly [string, string])[] | undefined {
  const services = recordsIn(isObject(discovery) ? discovery['services'] : undefined);
  const templates = services.find(({ id }) => id === service)?.['prefetch'];
  if (!isObject(templates)) return undefined;
  return Object.entries(templates).flatMap(([key, template]) =>
    typeof template === 'string'
      ? [[key, template.replace(/\{\{\s*context\.patientId\s*\}\}/g, encodeURIComponent(patient))]]
      : [],
  );
}

const bundleOf = (resources: readonly Resource[]): JsonObject => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({ resource })),
});

type Fetched = { readonly type: string; readonly key: string; readonly value?: unknown };

/** What one template asks for; without a value when the record refuses: a missing key is «not known», never «none». */
async function fetchKey(session: Session, key: string, query: string): Promise<Fetched> {
  const [type = ''] = query.split(/[/?]/);
  try {
    if (!query.includes('?')) return { type, key, value: await session.read(query) };
    return { type, key, value: bundleOf(await searchAll(session.read, session.server, query)) };
  } catch {
    return { type, key };
  }
}

/**
 * What the service recommends for the chart of this session: a `patient-view` call from the browser, with the chart that
 * the app's own token may read as prefetch. The token stays here. Where the service answers signed calls of the EHR only
 * (production), nothing is sent, and the summary says where the recommendations are. Never throws.
 */
export async function readAdvice(
  session: Session,
  source: Loaded['source'],
  { review, cardExtension }: Pick<AppKnowledge, 'review' | 'cardExtension'>,
  language: Language,
): Promise<Advice> {
  if (source === 'unauthorised') return { kind: 'record' };
  const { author, patient } = session;
  if (source === 'offline' || author === undefined || author.startsWith('Organization/')) {
    return { kind: 'unavailable' };
  }
  const discovery = await ask('/cds-services', language);
  if (discovery.status === 401 || discovery.status === 403) return { kind: 'record' };
  const queries = queriesIn(discovery.body, review, patient);
  if (queries === undefined) return { kind: 'unavailable' };
  const fetched = await Promise.all(queries.map(([key, query]) => fetchKey(session, key, query)));
  const answered = await ask(`/cds-services/${review}`, language, {
    hook: 'patient-view',
    hookInstance: crypto.randomUUID(),
    context: { userId: author, patientId: patient },
    prefetch: Object.fromEntries(
      fetched.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
    ),
  });
  if (answered.status === 401 || answered.status === 403) return { kind: 'record' };
  if (!isObject(answered.body) || !Array.isArray(answered.body['cards'])) return { kind: 'unavailable' };
  return {
    kind: 'given',
    recommendations: recordsIn(answered.body['cards']).flatMap((card) =>
      recommendationIn(card, cardExtension),
    ),
    unread: [...new Set(fetched.flatMap(({ type, value }) => (value === undefined ? [type] : [])))],
  };
}
