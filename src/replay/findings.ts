import type { Unread } from './not-understood.js';
import type { Played } from './played.js';
import type { Grouped } from './state.js';
import type { Count, Tally } from './tally.js';

/** What a replay found: report.json is its public part, report.html shows all of it. */
export interface Findings {
  readonly period: { readonly from: string; readonly to: string };
  readonly tally: Tally;
  readonly grouped: Omit<Grouped, 'fingerprint' | 'key' | 'unread'>;
  readonly played: Played;
  readonly pseudonyms: string;
  readonly unread: readonly Unread[];
  /** Of the first of them: the value set that the text may speak of, empty where a person must decide. */
  readonly suggestedSets: readonly string[];
  /** Ids of the services that were asked. */
  readonly services: readonly string[];
  /** Days of clinicians with an event, by service. */
  readonly clinicianDays: Readonly<Record<string, number>>;
  /** Ids of rules that never fired. */
  readonly neverFired: readonly string[];
  /** Inputs of which the export has no resource at all. */
  readonly dormantInputs: readonly string[];
  readonly failedBuckets: readonly string[];
  readonly changes?: Changes;
}

/** How many cards differ from those of an earlier output, by rule. */
export interface Changes {
  readonly rules: Readonly<Record<string, { came: number; went: number; changed: number }>>;
  /** Some of each rule. */
  readonly examples: readonly Change[];
}

/** A line of changes.ndjson. */
export interface Change {
  readonly change: 'came' | 'went' | 'changed';
  readonly patient: string;
  readonly service: string;
  readonly hook: string;
  readonly at: string;
  readonly rule: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Why a rule never fired, as far as the export tells. */
export type Quiet =
  | { readonly why: 'no-event' }
  | { readonly why: 'no-data'; readonly inputs: readonly string[] }
  | { readonly why: 'missing'; readonly inputs: readonly string[] }
  | { readonly why: 'silent' };

export const noData = 'no resource of this kind in the export';

/** Inputs that are read from charts, and of which the export has nothing. */
export function dormant(played: Played, kinds: readonly string[]): readonly string[] {
  const present = new Set(kinds);
  return played.inputs
    .filter(
      (input) =>
        !input.kinds.some(({ type, set }) => present.has(set === undefined ? type : `${type}|${set}`)),
    )
    .map(({ name }) => name)
    .sort();
}

/** Rules of the services that were asked and that never fired. */
export function quietRules(played: Played, services: ReadonlySet<string>, tally: Tally): readonly string[] {
  return played.rules
    .filter((rule) => rule.services.some((service) => services.has(service)))
    .map(({ id }) => id)
    .filter((id) => (tally.rules[id]?.fires ?? 0) === 0)
    .sort();
}

export function whyQuiet(rule: string, { played, tally, dormantInputs }: Findings): Quiet {
  const counts = tally.rules[rule];
  if (counts === undefined) return { why: 'no-event' };
  const missing = Object.entries(counts.missing)
    .sort(([, one], [, other]) => other - one)
    .map(([name]) => name);
  if (counts.unknown > counts.silent && missing.length > 0)
    return { why: 'missing', inputs: missing.slice(0, 3) };
  const without = new Set(dormantInputs);
  const inputs = (played.rules.find(({ id }) => id === rule)?.inputs ?? []).filter((name) =>
    without.has(name),
  );
  return inputs.length > 0 ? { why: 'no-data', inputs: inputs.slice(0, 5) } : { why: 'silent' };
}

/** All cards, or those that were not said before. */
export const both = ({ first, again }: Count): number => first + again;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Cards for each hundred events, patient-month and clinician's day of a service. */
export function ratesOf(service: string, { tally, clinicianDays }: Findings) {
  const cards = tally.byService[service] ?? { first: 0, again: 0 };
  const events = tally.events[service] ?? 0;
  const days = clinicianDays[service] ?? 0;
  const per = (count: number, of: number, digits: number): number | undefined =>
    of === 0 ? undefined : rounded(count / of, digits);
  return {
    events,
    first: cards.first,
    again: cards.again,
    per100Events: per(100 * both(cards), events, 1),
    firstPer100Events: per(100 * cards.first, events, 1),
    perPatientMonth: per(both(cards), tally.patientMonths, 3),
    perClinicianDay: per(both(cards), days, 3),
  };
}

/** `report.json`. */
export function reportJson(findings: Findings): Readonly<Record<string, unknown>> {
  const { period, tally, grouped, played, services, neverFired, dormantInputs, pseudonyms, changes } =
    findings;
  const rules = played.rules.filter((rule) => rule.services.some((service) => services.includes(service)));
  const ofServices = <T>(value: (service: string) => T | undefined): Readonly<Record<string, T>> =>
    Object.fromEntries(
      services.flatMap((service) => {
        const found = value(service);
        return found === undefined ? [] : [[service, found] as const];
      }),
    );
  return {
    period,
    patients: grouped.patients,
    withLesion: tally.withLesion,
    played: grouped.chosen,
    resources: grouped.resources,
    rejectedLines: grouped.rejectedLines,
    events: ofServices((service) => tally.events[service] ?? 0),
    cards: Object.values(tally.byService).reduce((sum, count) => sum + both(count), 0),
    repeatedCards: Object.values(tally.byService).reduce((sum, { again }) => sum + again, 0),
    cardsPer100Events: ofServices((service) => ratesOf(service, findings).per100Events),
    cardsPerPatientMonth: ofServices((service) =>
      tally.events[service] === undefined ? undefined : ratesOf(service, findings).perPatientMonth,
    ),
    cardsPerClinicianDay: ofServices((service) => ratesOf(service, findings).perClinicianDay),
    rules: Object.fromEntries(
      rules.map(({ id }) => [
        id,
        tally.rules[id] ?? { fires: 0, unknown: 0, silent: 0, failed: 0, missing: {} },
      ]),
    ),
    indicators: tally.byIndicator,
    neverFired,
    dormantInputs: Object.fromEntries(dormantInputs.map((name) => [name, noData])),
    inputs: tally.inputs,
    limits: {
      requestsTakenAsActive: tally.endlessRequests,
      undated: tally.undated,
      eventsWithoutDate: tally.undatedEvents,
      eventsInTheFuture: tally.futureEvents,
      eventsThatFailed: tally.failedEvents,
      patientsSetAside: tally.setAside,
      resourcesWithoutPatient: grouped.withoutPatient,
      resourcesOfOtherTypes: grouped.otherTypes,
      eventsWithoutClinician: tally.eventsWithoutClinician,
    },
    rejected: grouped.rejections,
    engine: { knowledge: played.digest, edition: played.edition },
    pseudonyms,
    ...(changes !== undefined && { changes: changes.rules }),
  };
}
