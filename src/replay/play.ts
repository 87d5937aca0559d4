import { extensionName, isTold, type MadeCard } from '../cards/cards.js';
import type { Card, FhirResource } from '../cds-hooks/types.js';
import { buildChart } from '../chart/chart.js';
import { readCoded } from '../chart/coded.js';
import { isObject, list, text, type CodingValue } from '../chart/element.js';
import { isBoneMetastasis } from '../chart/lesion-sites.js';
import { countNotUnderstood, type NotUnderstood } from '../chart/not-understood.js';
import { gather } from '../data/gather.js';
import { answer, needsFor, shownCards } from '../engine/answer.js';
import { epochDayOf, openCase } from '../engine/case.js';
import { prepare, type Prepared, type PreparedService } from '../engine/prepare.js';
import { loadKnowledge } from '../knowledge/load-knowledge.js';
import type { Language } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import { playedOf, type Played } from './played.js';

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

/** One line of what was said: a card, or advice that stands folded in one. */
export interface Said {
  readonly rule: string;
  readonly outcome: string;
  readonly indicator: string;
  readonly recommendations: readonly string[];
  readonly unchecked: readonly string[];
  /** A card of its own among those that are shown. */
  readonly shown: boolean;
  /** The same text as long as it rests on the same facts. */
  readonly facts: string;
  /** Of a card that is shown; absent for folded advice. */
  readonly card?: Card;
}

export interface RuleOutcome {
  readonly kind: Outcome['kind'];
  readonly missing: readonly string[];
}

export interface Reply {
  readonly said: readonly Said[];
  /** One for each rule that was asked: the strongest of its outcomes. */
  readonly outcomes: ReadonlyMap<string, RuleOutcome>;
}

export interface Reading {
  readonly codings: readonly CodingValue[];
  readonly sets: readonly string[];
}

/** The service as a replay asks it: the engine that answers hooks, without HTTP and store. */
export interface Player {
  readonly played: Played;
  /** What a resource says that it is: its codings, and the value sets that hold one of them. */
  read(resource: FhirResource): Reading;
  /** The codes, or the text, by which no value set reads a resource; none where it is understood. */
  unread(resource: FhirResource): readonly NotUnderstood[];
  /** The narrowest value set that a text may speak of; undefined where it names nothing. */
  mayBeIn(text: string): string | undefined;
  /** Types whose codes some rule reads. */
  readonly types: ReadonlySet<string>;
  isBoneMetastasis(condition: FhirResource): boolean;
  /** Whether a resource by itself can make a patient one with a bone metastasis: some of them turn out not to. */
  mayBeOfBoneMetastasis(resource: FhirResource): boolean;
  hasBoneMetastasis(chart: readonly FhirResource[], today: string): boolean;
  /** Whether an order is of a kind that some rule of the service reads. */
  concerns(service: string, drafts: readonly FhirResource[], today: string): boolean;
  ask(question: Question): Promise<Reply>;
}

export interface PlayerOptions {
  readonly localKnowledge: string | undefined;
  readonly edition: '2022' | '2024';
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

const strongest: readonly Outcome['kind'][] = ['failed', 'fires', 'unknown', 'silent'];

export function playerOf(prepared: Prepared, edition: string): Player {
  const { terminology, sites, lesionSets } = prepared;
  const scored = new Set(lesionSets.scores);
  const read = (resource: FhirResource): Reading => {
    const { codings } = readCoded(resource, 'code', noMedications);
    const sets = codings.flatMap(({ system, code }) => terminology.setsOf(system, code));
    return { codings, sets };
  };
  const isMetastasis = (condition: FhirResource): boolean => {
    if (read(condition).sets.length === 0) return false;
    const source = { resources: [condition], drafts: [], terminology, today: farAway };
    const [fact] = buildChart(source).ofType(condition.resourceType);
    return fact !== undefined && isBoneMetastasis(fact, sites, lesionSets);
  };
  const isScored = (resource: FhirResource): boolean =>
    resource.resourceType === 'Observation' && read(resource).sets.some((set) => scored.has(set));
  const played = playedOf(prepared, edition);
  const types = new Set([
    ...played.inputs.flatMap(({ kinds }) => kinds.map(({ type }) => type)),
    ...alwaysRead,
  ]);
  return {
    played,
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
    isBoneMetastasis: isMetastasis,
    mayBeOfBoneMetastasis: (resource) => {
      if (resource.resourceType === 'Condition') return isMetastasis(resource);
      return isScored(resource);
    },
    hasBoneMetastasis: (chart, today) =>
      chart.some((resource) => resource.resourceType === 'Condition' && isMetastasis(resource)) ||
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
      return (
        service !== undefined && needsFor(prepared, service, { drafts, selected: 'all', today }).length > 0
      );
    },
    ask: (question) => ask(prepared, question),
  };
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
  const result = answer(
    prepared,
    service,
    { drafts, selected: 'all', today },
    service.needs,
    gathered.gathered,
    {
      ...context,
      today,
      publicBaseUrl: '',
      newId: () => `card-${++ids}`,
      cardFailed: (rule) => void failed.add(rule),
    },
    language,
  );
  const made = result.kind === 'cards' ? result.cards : [];
  const shown = new Map(shownCards(prepared, made, language).map(({ card }) => [card.uuid, card]));
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

function linesOf({ card, outcomes }: MadeCard, shown: Card | undefined): readonly Said[] {
  const extension = card.extension?.[extensionName];
  const told = isObject(extension) ? extension : {};
  const [lead, ...folded] = outcomes;
  if (lead === undefined) return [];
  const unchecked = textsOf(told['unchecked']);
  const own: Said = {
    rule: typeof told['rule'] === 'string' ? told['rule'] : lead.rule.id,
    outcome: lead.kind,
    indicator: card.indicator,
    recommendations: textsOf(told['recommendations']),
    unchecked,
    shown: shown !== undefined,
    facts: factsOf(lead),
    ...(shown !== undefined && { card: shown }),
  };
  return [
    own,
    ...folded.map((outcome) => ({
      rule: outcome.rule.id,
      outcome: outcome.kind,
      indicator: outcome.kind === 'unknown' ? 'info' : outcome.rule.card.indicator,
      recommendations: outcome.rule.recommendations,
      unchecked: [],
      shown: false,
      facts: factsOf(outcome),
    })),
  ];
}

function textsOf(value: unknown): readonly string[] {
  return list(value).flatMap((each) => text(each) ?? []);
}

/** What an outcome rests on: which facts, not how old they are today. */
function factsOf({ kind, subject, looked }: Outcome): string {
  const references = [...looked().values()].flatMap(({ facts }) => facts.map(({ reference }) => reference));
  const about = [kind, subject.item?.reference ?? '', subject.lesion?.reference ?? ''];
  return [...about, ...[...new Set(references)].sort()].join('|');
}

function outcomesOf(
  outcomes: readonly Outcome[],
  failed: ReadonlySet<string>,
): ReadonlyMap<string, RuleOutcome> {
  const found = new Map<string, { kind: Outcome['kind']; missing: readonly string[] }>();
  for (const outcome of outcomes) {
    const kind = failed.has(outcome.rule.id) && isTold(outcome) ? 'failed' : outcome.kind;
    const known = found.get(outcome.rule.id);
    const missing = kind === 'unknown' ? outcome.missing : [];
    if (known === undefined) found.set(outcome.rule.id, { kind, missing });
    else {
      if (strongest.indexOf(kind) < strongest.indexOf(known.kind)) known.kind = kind;
      known.missing = [...new Set([...known.missing, ...missing])];
    }
  }
  return found;
}
