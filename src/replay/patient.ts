import type { FhirResource } from '../cds-hooks/types.js';
import { referenceKey } from '../chart/element.js';
import { toIsoDay } from '../chart/dates.js';
import type { Language } from '../knowledge/types.js';
import { chartAt, isUndated, pastOf, type Past } from './as-of.js';
import { eventsOf, type ReplayEvent } from './events.js';
import { hashOf } from './hash.js';
import { holdsName, namesOf } from './names.js';
import type { Moment } from './moment.js';
import type { Player, Question } from './play.js';
import type { Said } from './said.js';
import type { Pseudonyms } from './pseudonym.js';
import { countCard, increase, keepSample, monthOf, ruleOf, wouldKeep, type Tally } from './tally.js';
import { inEach } from '../text.js';

/** What is asked of every chart. */
export interface Terms {
  /** Ids of the services that are asked; all of them when undefined. */
  readonly services: ReadonlySet<string> | undefined;
  /** Epoch days: events from `from` on and before `to`. */
  readonly from: number;
  readonly to: number;
  /** Epoch day of today: nothing happened after it. */
  readonly today: number;
  readonly language: Language;
  readonly allPatients: boolean;
}

/** More than the service itself reads of a chart over FHIR: such a chart it would call incomplete. */
const mostResources = 20_000;
/** More lesions than a skeleton has places: an error of the export, over which the engine would sit for hours. */
const mostLesions = 500;

/**
 * Plays one patient: asks the service at each moment of the past, counts into the tally, and gives the lines of
 * cards.ndjson.
 * @param resources of one patient, each once, with the Medications that they name
 */
export async function playPatient(
  player: Player,
  patientId: string,
  resources: readonly FhirResource[],
  terms: Terms,
  names: Pseudonyms,
  tally: Tally,
): Promise<readonly string[]> {
  tally.patients++;
  if (resources.length > mostResources) {
    increase(tally.setAside, 'too-many-resources');
    return [];
  }
  const lesions = new Set(
    resources.filter((each) => each.resourceType === 'Condition' && player.isLesion(each)),
  );
  if (lesions.size > mostLesions) {
    tally.withLesion++;
    increase(tally.setAside, 'too-many-lesions');
    return [];
  }
  const today = toIsoDay(terms.today);
  const hasOne = lesions.size > 0 || player.hasLesion(resources, today);
  if (hasOne) tally.withLesion++;
  if (!hasOne && !terms.allPatients) return [];
  if (hasOne) countInputs(player, resources, tally);

  const { events, undated } = eventsOf(resources, (each) => lesions.has(each));
  tally.undatedEvents += undated;
  const past = pastOf(resources);
  countLimits(past, player.types, tally);
  const told: Told = { before: new Set(), names: namesOfPatient(resources), days: new Set() };
  const lines: string[] = [];
  for (const event of events) {
    if (event.at.day > terms.today) {
      tally.futureEvents++;
      continue;
    }
    if (event.at.day < terms.from || event.at.day >= terms.to) continue;
    lines.push(...(await playEvent(player, patientId, past, event, { terms, names, tally, told })));
  }
  const months = [...told.days].map(monthIndex);
  if (months.length > 0) tally.patientMonths += Math.max(...months) - Math.min(...months) + 1;
  return lines;
}

/** What is remembered of one patient while it is played. */
interface Told {
  /** Rule and facts of what was said. */
  readonly before: Set<string>;
  readonly names: ReadonlySet<string>;
  /** Days with an event. */
  readonly days: Set<string>;
}

interface Around {
  readonly terms: Terms;
  readonly names: Pseudonyms;
  readonly tally: Tally;
  readonly told: Told;
}

async function playEvent(
  player: Player,
  patientId: string,
  past: readonly Past[],
  event: ReplayEvent,
  around: Around,
): Promise<readonly string[]> {
  const { terms, tally, told } = around;
  const day = toIsoDay(event.at.day);
  const services = player.played.services.filter(
    ({ id, hooks }) => hooks.includes(event.hook) && (terms.services === undefined || terms.services.has(id)),
  );
  let chart: readonly FhirResource[] | undefined;
  const lines: string[] = [];
  for (const { id: service } of services) {
    const drafts = event.draft === undefined ? [] : [event.draft, ...drugsOf(event.draft, past)];
    if (event.hook === 'order-sign' && !player.concerns(service, drafts, day)) continue;
    chart ??= chartAt(past, event.at, event.draft === undefined ? undefined : event.about);
    const { userId, encounterId } = event;
    const question: Question = {
      service,
      hook: event.hook,
      patientId,
      ...(userId !== undefined && { userId }),
      ...(encounterId !== undefined && { encounterId }),
      today: day,
      chart,
      drafts,
      language: terms.language,
    };
    countEvent(event, service, day, tally, told);
    try {
      const reply = await player.ask(question);
      for (const [rule, { kind, missing }] of reply.outcomes) {
        const counts = ruleOf(tally, rule);
        counts[kind]++;
        for (const name of missing) increase(counts.missing, name);
      }
      for (const said of reply.said) {
        lines.push(await cardLine(player, question, event.at, said, around));
      }
    } catch {
      // One moment that cannot be asked about must not cost the others; how many there were is told.
      tally.failedEvents++;
    }
  }
  return lines;
}

function countEvent(event: ReplayEvent, service: string, day: string, tally: Tally, told: Told): void {
  increase(tally.events, service);
  monthOf(tally, day.slice(0, 7), service).events++;
  told.days.add(day);
  if (tally.firstDay === '' || day < tally.firstDay) tally.firstDay = day;
  if (day > tally.lastDay) tally.lastDay = day;
  if (event.userId === undefined) tally.eventsWithoutClinician++;
  else (tally.clinicianDays[service] ??= []).push(hashOf(`${event.userId} ${day}`));
}

async function cardLine(
  player: Player,
  question: Question,
  at: Moment,
  said: Said,
  { names, tally, told }: Around,
): Promise<string> {
  const { service, hook, patientId } = question;
  const key = `${said.rule}|${said.facts}`;
  const repeat = told.before.has(key);
  told.before.add(key);
  if (said.shown) {
    countCard(tally.byService, service, repeat);
    countCard(tally.byRule, said.rule, repeat);
    countCard(tally.byIndicator, said.indicator, repeat);
    const month = monthOf(tally, question.today.slice(0, 7), service);
    if (repeat) month.again++;
    else month.first++;
    await sample(
      player,
      question,
      said,
      tally,
      told,
      hashOf(`${names.rankOf(patientId)} ${at.text} ${said.rule}`),
    );
  }
  return JSON.stringify({
    patient: names.nameOf(patientId),
    service,
    hook,
    at: at.text,
    rule: said.rule,
    outcome: said.outcome,
    indicator: said.indicator,
    recommendations: said.recommendations,
    unchecked: said.unchecked,
    repeat,
    shown: said.shown,
  });
}

/** Keeps the card to be read, in the other languages too, where it is among those that are kept and names nobody. */
async function sample(
  player: Player,
  question: Question,
  said: Said,
  tally: Tally,
  told: Told,
  rank: number,
): Promise<void> {
  const { card, rule, indicator } = said;
  if (card === undefined || !wouldKeep(tally, rule, rank)) return;
  const cards = new Map([[question.language, card]]);
  for (const language of player.languages.filter((each) => each !== question.language)) {
    const other = await player.ask({ ...question, language });
    const twin = other.said.find((each) => each.shown && each.rule === rule && each.facts === said.facts);
    if (twin?.card === undefined) return;
    cards.set(language, twin.card);
  }
  const summary = inEach(player.languages, (language) => cards.get(language)?.summary ?? '');
  const detail = inEach(player.languages, (language) => cards.get(language)?.detail ?? '');
  if (holdsName([...Object.values(summary), ...Object.values(detail)].join(' '), told.names)) return;
  const month = question.today.slice(0, 7);
  keepSample(tally, { rule, rank, hook: question.hook, month, indicator, summary, detail });
}

/** The Medications that an order names. */
function drugsOf(draft: FhirResource, past: readonly Past[]): readonly FhirResource[] {
  const key = referenceKey(draft['medicationReference']);
  if (key === undefined) return [];
  return past.filter(({ reference }) => reference === key).map(({ resource }) => resource);
}

function namesOfPatient(resources: readonly FhirResource[]): ReadonlySet<string> {
  return new Set(
    resources
      .filter(({ resourceType }) => resourceType === 'Patient')
      .flatMap((patient) => [...namesOf(patient)]),
  );
}

function countInputs(player: Player, resources: readonly FhirResource[], tally: Tally): void {
  const medications = new Map(
    resources
      .filter(({ resourceType }) => resourceType === 'Medication')
      .map((each) => [`Medication/${each.id ?? ''}`, each]),
  );
  const present = new Set<string>();
  for (const resource of resources) {
    present.add(resource.resourceType);
    const drug = medications.get(referenceKey(resource['medicationReference']) ?? '');
    const readings = [player.read(resource), ...(drug === undefined ? [] : [player.read(drug)])];
    for (const set of readings.flatMap(({ sets }) => sets)) present.add(`${resource.resourceType}|${set}`);
  }
  for (const { name, kinds } of player.played.inputs) {
    if (kinds.some(({ type, set }) => present.has(set === undefined ? type : `${type}|${set}`)))
      increase(tally.inputs, name);
  }
}

const requests: ReadonlySet<string> = new Set(['MedicationRequest', 'ServiceRequest']);

/** What no rule reads does not matter. */
function countLimits(past: readonly Past[], types: ReadonlySet<string>, tally: Tally): void {
  for (const { resource, endless } of past) {
    if (endless && requests.has(resource.resourceType)) tally.endlessRequests++;
    if (types.has(resource.resourceType) && isUndated(resource))
      increase(tally.undated, resource.resourceType);
  }
}

const monthIndex = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
