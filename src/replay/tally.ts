import type { Text } from '../knowledge/types.js';

/** How often something was said, for the first time and again about the same facts. */
export interface Count {
  first: number;
  again: number;
}

export interface RuleTally {
  fires: number;
  unknown: number;
  silent: number;
  failed: number;
  /** Inputs that were missing where the outcome was unknown. */
  readonly missing: Record<string, number>;
}

/** A card to be read, in both languages; never with a patient's name. */
export interface Sample {
  readonly rule: string;
  /** Which samples are kept is decided by this number, whatever the order of the work. */
  readonly rank: number;
  readonly hook: string;
  readonly month: string;
  readonly indicator: string;
  readonly summary: Text;
  readonly detail: Text;
}

/** Counts over patients; those of two parts of a population add up (`addTally`). Plain JSON. */
export interface Tally {
  patients: number;
  withLesion: number;
  /** Charts that were not played, by reason. */
  readonly setAside: Record<string, number>;
  /** By service. */
  readonly events: Record<string, number>;
  readonly rules: Record<string, RuleTally>;
  readonly byService: Record<string, Count>;
  readonly byRule: Record<string, Count>;
  readonly byIndicator: Record<string, Count>;
  /** `YYYY-MM` → service → cards and events. */
  readonly months: Record<string, Record<string, Count & { events: number }>>;
  patientMonths: number;
  /** Per service: a hash for each clinician and day, and events without a clinician. */
  readonly clinicianDays: Record<string, number[]>;
  eventsWithoutClinician: number;
  /** Patients with a bone metastasis of whom an input has data. */
  readonly inputs: Record<string, number>;
  /** Requests that are over today, of which nobody says since when. */
  endlessRequests: number;
  /** Resources without any date, by type. */
  readonly undated: Record<string, number>;
  undatedEvents: number;
  futureEvents: number;
  failedEvents: number;
  firstDay: string;
  lastDay: string;
  readonly samples: Sample[];
}

export function emptyTally(): Tally {
  return {
    patients: 0,
    withLesion: 0,
    setAside: {},
    events: {},
    rules: {},
    byService: {},
    byRule: {},
    byIndicator: {},
    months: {},
    patientMonths: 0,
    clinicianDays: {},
    eventsWithoutClinician: 0,
    inputs: {},
    endlessRequests: 0,
    undated: {},
    undatedEvents: 0,
    futureEvents: 0,
    failedEvents: 0,
    firstDay: '',
    lastDay: '',
    samples: [],
  };
}

/** Samples that are kept of one rule. */
const samplesPerRule = 3;

export function increase(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

export function countCard(counts: Record<string, Count>, name: string, again: boolean): void {
  const count = (counts[name] ??= { first: 0, again: 0 });
  if (again) count.again++;
  else count.first++;
}

export function ruleOf(tally: Tally, rule: string): RuleTally {
  return (tally.rules[rule] ??= { fires: 0, unknown: 0, silent: 0, failed: 0, missing: {} });
}

export function monthOf(tally: Tally, month: string, service: string): Count & { events: number } {
  const services = (tally.months[month] ??= {});
  return (services[service] ??= { first: 0, again: 0, events: 0 });
}

/** Whether a sample of this rank would be kept. */
export function wouldKeep({ samples }: Tally, rule: string, rank: number): boolean {
  const own = samples.filter((sample) => sample.rule === rule);
  return own.length < samplesPerRule || own.some((sample) => rank < sample.rank);
}

export function keepSample({ samples }: Tally, sample: Sample): void {
  samples.push(sample);
  const own = samples.filter(({ rule }) => rule === sample.rule);
  if (own.length <= samplesPerRule) return;
  const worst = own.reduce((one, other) => (other.rank > one.rank ? other : one));
  samples.splice(samples.indexOf(worst), 1);
}

function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(from)) increase(into, name, count);
}

function addCards(into: Record<string, Count>, from: Readonly<Record<string, Count>>): void {
  for (const [name, { first, again }] of Object.entries(from)) {
    const count = (into[name] ??= { first: 0, again: 0 });
    count.first += first;
    count.again += again;
  }
}

/** Adds the counts of another part of the population; `clinicianDays` are left to the caller, who counts them apart. */
export function addTally(into: Tally, from: Tally): void {
  into.patients += from.patients;
  into.withLesion += from.withLesion;
  into.patientMonths += from.patientMonths;
  into.eventsWithoutClinician += from.eventsWithoutClinician;
  into.endlessRequests += from.endlessRequests;
  into.undatedEvents += from.undatedEvents;
  into.futureEvents += from.futureEvents;
  into.failedEvents += from.failedEvents;
  addCounts(into.setAside, from.setAside);
  addCounts(into.events, from.events);
  addCounts(into.inputs, from.inputs);
  addCounts(into.undated, from.undated);
  addCards(into.byService, from.byService);
  addCards(into.byRule, from.byRule);
  addCards(into.byIndicator, from.byIndicator);
  for (const [rule, counts] of Object.entries(from.rules)) {
    const own = ruleOf(into, rule);
    own.fires += counts.fires;
    own.unknown += counts.unknown;
    own.silent += counts.silent;
    own.failed += counts.failed;
    addCounts(own.missing, counts.missing);
  }
  for (const [month, services] of Object.entries(from.months)) {
    for (const [service, { first, again, events }] of Object.entries(services)) {
      const own = monthOf(into, month, service);
      own.first += first;
      own.again += again;
      own.events += events;
    }
  }
  if (from.firstDay !== '' && (into.firstDay === '' || from.firstDay < into.firstDay))
    into.firstDay = from.firstDay;
  if (from.lastDay > into.lastDay) into.lastDay = from.lastDay;
  for (const sample of from.samples) keepSample(into, sample);
}
