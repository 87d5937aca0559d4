import type { FhirResource } from '../cds-hooks/types.js';
import { buildChart } from '../chart/chart.js';
import { readCoded } from '../chart/coded.js';
import type { CodingValue } from '../chart/element.js';
import { isLesion } from '../chart/lesion-sites.js';
import { countNotUnderstood, type NotUnderstood } from '../chart/not-understood.js';
import { gather } from '../data/gather.js';
import { answer, needsFor, shownCards } from '../engine/answer.js';
import { epochDayOf, openCase } from '../engine/case.js';
import { prepare, type Prepared, type PreparedService } from '../engine/prepare.js';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import type { Language } from '../knowledge/types.js';
import { playedOf, type Played } from './played.js';
import { linesOf, outcomesOf, type Reply } from './said.js';

/** What the service is asked at one moment of the past: a hook call with the whole chart as prefetch. */
export interface Question {
  readonly service: string;
  readonly hook: string;
  readonly patientId: string;
  readonly userId?: string;
  readonly encounterId?: string;
  /** Civil date of the moment, `YYYY-MM-DD`. */
  readonly today: string;
  readonly chart: readonly FhirResource[];
  readonly drafts: readonly FhirResource[];
  readonly language: Language;
}

export interface Reading {
  readonly codings: readonly CodingValue[];
  readonly sets: readonly string[];
}

/** The service as a replay asks it: the engine that answers hooks, without HTTP and store. */
export interface Player {
  readonly played: Played;
  /** In which it can be asked. */
  readonly languages: readonly Language[];
  /** What a resource says that it is: its codings, and the value sets that hold one of them. */
  read(resource: FhirResource): Reading;
  /** The codes, or the text, by which no value set reads a resource; none where it is understood. */
  unread(resource: FhirResource): readonly NotUnderstood[];
  /** The narrowest value set that a text may speak of; undefined where it names nothing. */
  mayBeIn(text: string): string | undefined;
  /** Types whose codes some rule reads. */
  readonly types: ReadonlySet<string>;
  isLesion(condition: FhirResource): boolean;
  /** Whether a resource by itself can make a patient one with a bone metastasis: some of them turn out not to. */
  mayBeOfLesion(resource: FhirResource): boolean;
  hasLesion(chart: readonly FhirResource[], today: string): boolean;
  /** Whether an order is of a kind that some rule of the service reads. */
  concerns(service: string, drafts: readonly FhirResource[], today: string): boolean;
  ask(question: Question): Promise<Reply>;
}

export interface PlayerOptions {
  readonly localKnowledge: string | undefined;
  readonly edition: string;
}

/** Loads the knowledge once. Rejects with a `KnowledgeError` that lists every problem of a hospital's own folder. */
export async function openPlayer({ localKnowledge, edition }: PlayerOptions): Promise<Player> {
  const knowledge = await loadKnowledge(localKnowledge === undefined ? {} : { overlay: localKnowledge });
  return playerOf(prepare(knowledge, edition), edition);
}

/** Problems, drugs and orders are asked about whatever the inputs read. */
const alwaysRead = ['Condition', 'Medication', 'MedicationRequest', 'ServiceRequest', 'Appointment'] as const;

/** Codings of one resource. */
const mostRows = 20;

const noMedications: ReadonlyMap<string, FhirResource> = new Map();

/** No fact lies in the future of this day. */
const farAway = epochDayOf('2199-12-31');

export function playerOf(prepared: Prepared, edition: string): Player {
  const { terminology, sites, lesionSets } = prepared;
  const scored = new Set(lesionSets.scores);
  const read = (resource: FhirResource): Reading => {
    const { codings } = readCoded(resource, 'code', noMedications);
    const sets = codings.flatMap(({ system, code }) => terminology.setsOf(system, code));
    return { codings, sets };
  };
  const isLesionProblem = (condition: FhirResource): boolean => {
    if (read(condition).sets.length === 0) return false;
    const source = { resources: [condition], drafts: [], terminology, today: farAway };
    const [fact] = buildChart(source).ofType(condition.resourceType);
    return fact !== undefined && isLesion(fact, sites, lesionSets);
  };
  const isScored = (resource: FhirResource): boolean =>
    resource.resourceType === 'Observation' && read(resource).sets.some((set) => scored.has(set));
  const played = playedOf(prepared, edition);
  const types = new Set([
    ...played.inputs.flatMap(({ kinds }) => kinds.map(({ type }) => type)),
    ...alwaysRead,
  ]);
  const kinds = new Map<string, boolean>();
  return {
    played,
    languages: prepared.knowledge.languages.map(({ code }) => code),
    read,
    types,
    mayBeIn: (text) =>
      [...terminology.mayBeIn(text)].sort(
        (one, other) =>
          terminology.codesOf(one).length - terminology.codesOf(other).length || (one < other ? -1 : 1),
      )[0],
    unread: (resource) => {
      // What it names stands in a Medication, which is looked at by itself.
      if (resource['medicationReference'] !== undefined) return [];
      const counted = countNotUnderstood({ terminology, sites, types, most: mostRows });
      counted.add(resource);
      return counted.rows();
    },
    isLesion: isLesionProblem,
    mayBeOfLesion: (resource) => {
      if (resource.resourceType === 'Condition') return isLesionProblem(resource);
      return isScored(resource);
    },
    hasLesion: (chart, today) =>
      chart.some((resource) => resource.resourceType === 'Condition' && isLesionProblem(resource)) ||
      // Who scores a lesion says that there is one; other Observations speak of primary tumours too.
      (chart.some(isScored) &&
        openCase(prepared, {
          resources: chart,
          drafts: [],
          missingKeys: new Set(),
          today: epochDayOf(today),
        }).of.lesions.length > 0),
    concerns: (id, drafts, today) => {
      const service = prepared.services.get(id);
      if (service === undefined) return false;
      const kind = `${id} ${kindOf(drafts)}`;
      let concerned = kinds.get(kind);
      if (concerned === undefined) {
        if (kinds.size >= mostKinds) kinds.clear();
        concerned = needsFor(prepared, service, { drafts, selected: 'all', today }).length > 0;
        kinds.set(kind, concerned);
      }
      return concerned;
    },
    ask: (question) => ask(prepared, question),
  };
}

/** Kinds of orders that are remembered. */
const mostKinds = 5000;

/** Elements that say for whom, by whom and in which visit, not what is ordered. */
const circumstances: ReadonlySet<string> = new Set([
  'id',
  'meta',
  'subject',
  'encounter',
  'requester',
  'participant',
]);

/** What is ordered, whenever and for whomever: the same order is asked about many times. */
function kindOf(drafts: readonly FhirResource[]): string {
  const kind = JSON.stringify(drafts, (name, value: unknown) =>
    circumstances.has(name) ? undefined : value,
  );
  return kind.replace(/\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?/g, '');
}

async function ask(prepared: Prepared, question: Question): Promise<Reply> {
  const service = prepared.services.get(question.service);
  if (service === undefined) throw new RangeError(`there is no service ${question.service}`);
  const { patientId, userId, encounterId, today, drafts, language } = question;
  const context = {
    patientId,
    ...(userId !== undefined && { userId }),
    ...(encounterId !== undefined && { encounterId }),
  };
  const gathered = await gather({
    needs: service.needs,
    prefetch: prefetchOf(service, question.chart),
    context,
    patientId,
  });
  if (!gathered.ok)
    throw new Error(gathered.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  const failed = new Set<string>();
  let ids = 0;
  const result = answer({
    prepared,
    service,
    hook: { drafts, selected: 'all', today },
    needs: service.needs,
    gathered: gathered.gathered,
    context: {
      ...context,
      today,
      publicBaseUrl: '',
      newId: () => `card-${++ids}`,
      cardFailed: (rule) => void failed.add(rule),
    },
    language,
  });
  const made = result.kind === 'cards' ? result.cards : [];
  const shown = new Map(
    shownCards(prepared, service, made, language, { tables: false, drafts }).map(({ card }) => [
      card.uuid,
      card,
    ]),
  );
  return {
    said: made.flatMap((each) => linesOf(each, shown.get(each.card.uuid))),
    outcomes: outcomesOf(result.outcomes, failed),
  };
}

/** What an EHR with this chart prefetches: for every key all resources of its type. */
function prefetchOf(
  service: PreparedService,
  chart: readonly FhirResource[],
): Readonly<Record<string, unknown>> {
  const byType = new Map<string, FhirResource[]>();
  for (const resource of chart) {
    const known = byType.get(resource.resourceType);
    if (known === undefined) byType.set(resource.resourceType, [resource]);
    else known.push(resource);
  }
  const medications = (byType.get('Medication') ?? []).map((resource) => ({
    resource,
    search: { mode: 'include' },
  }));
  return Object.fromEntries(
    service.needs.map(({ key, resourceType, template }): readonly [string, unknown] => {
      const found = byType.get(resourceType) ?? [];
      if (!template.includes('?')) return [key, found[0] ?? null];
      const matches = found.map((resource) => ({ resource }));
      const entry = resourceType.startsWith('Medication') ? [...matches, ...medications] : matches;
      return [key, { resourceType: 'Bundle', type: 'searchset', entry }];
    }),
  );
}
