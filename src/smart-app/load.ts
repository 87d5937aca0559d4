import type { Language } from '../knowledge/types.js';
import { firstSpoken } from '../ui/speech.js';
import { collectionBundle, languageOf, readChart, type PatientChart } from './chart.js';
import { readKnowledge, type AppKnowledge } from './knowledge.js';
import { recordedResults } from './recorded.js';
import { readScores, type ScoresJson } from './results.js';
import type { Session } from './smart-session.js';
import { languages } from './speech.js';

/** Whether the server evaluated the whole chart, or why only recorded forms are shown. */
export type Source = 'evaluated' | 'unauthorised' | 'offline';

/** The patient's chart and what it gives. */
export interface Loaded {
  readonly chart: PatientChart;
  readonly scores: ScoresJson;
  readonly source: Source;
}

const longestWait = 20_000;

async function fetchJson(address: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
  try {
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(longestWait) });
    return { status: response.status, body: response.ok ? await response.json() : undefined };
  } catch {
    return { status: 0, body: undefined };
  }
}

/** The scores, sites and words; undefined when the server does not give them. */
export async function loadKnowledge(): Promise<AppKnowledge | undefined> {
  const { body } = await fetchJson('/smart/knowledge.json', { headers: { Accept: 'application/json' } });
  return readKnowledge(body);
}

/**
 * Reads the chart and has it evaluated. When `POST /scores` refuses or cannot be reached, the recorded forms stand in.
 * @throws ChartFault
 */
export async function loadChart(session: Session, knowledge: AppKnowledge): Promise<Loaded> {
  const chart = await readChart(session.read, session.server, session.patient);
  const { status, body } = await fetchJson('/scores', {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json', Accept: 'application/json' },
    body: JSON.stringify(collectionBundle(chart)),
  });
  const evaluated = readScores(body);
  if (evaluated !== undefined) return { chart, scores: evaluated, source: 'evaluated' };
  const results = recordedResults(knowledge.scores, chart.resources, knowledge.sites);
  return {
    chart,
    scores: { results, strategy: {}, functionalPrognosis: {} },
    source: status === 401 || status === 403 ? 'unauthorised' : 'offline',
  };
}

const storedLanguage = 'score-app-language';

/** Remembers the reader's choice on this machine; where storage is forbidden, for this page only. */
export function keepLanguage(language: Language): void {
  try {
    window.localStorage.setItem(storedLanguage, language);
  } catch {
    return;
  }
}

function keptLanguage(): string | undefined {
  try {
    return window.localStorage.getItem(storedLanguage) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The language before anything is known of the user. */
export function browserLanguage(): Language {
  return firstSpoken([keptLanguage(), ...navigator.languages], languages);
}

/** The reader's choice, else what the EHR says of the launch and of the user, else the browser's, else the patient's. */
export async function sessionLanguage(session: Session, patient: unknown): Promise<Language> {
  const kept = keptLanguage();
  const known = kept ?? session.context.language;
  const user =
    known === undefined && session.author !== undefined
      ? await session.read(session.author).catch(() => undefined)
      : undefined;
  return firstSpoken([known, languageOf(user), ...navigator.languages, languageOf(patient)], languages);
}
