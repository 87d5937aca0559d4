import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../feedback/types.js';

/** Prometheus metrics: no label ever holds patient data. */
export interface Metrics {
  readonly registry: Registry;
  hookAnswered(service: string, hook: string, status: number, seconds: number): void;
  /** @param outcomes by rule */
  ruleOutcomes(service: string, outcomes: ReadonlyMap<string, string>): void;
  cardShown(service: string, rule: string, indicator: string): void;
  /** A card shown although a guard of its rule (done, ordered, decided already) could not be read. */
  cardUnchecked(service: string, rule: string): void;
  fhirFailed(reason: string): void;
  /** Once for each type that a client's FHIR server does not serve. */
  typeUnserved(client: string, resourceType: string, reason: string): void;
  /**
   * An order of a kind that the service is for, of whose code nothing is known.
   * @returns the system as it is counted, which is safe to log
   */
  orderNotUnderstood(service: string, resourceType: string, system: string): string;
  refused(code: string): void;
}

const ruleOutcomes = ['fires', 'silent', 'unknown', 'failed'] as const;

interface Counted {
  /**
   * Published override reasons; any other code that an EHR sends is counted as `other`, as it may hold whatever was typed
   * in, and each new one would be a time series of its own.
   */
  readonly reasons?: ReadonlySet<string>;
  /** Rules by service: they are counted from zero, as Prometheus sees no increase in a series that begins at one. */
  readonly rules?: ReadonlyMap<string, readonly string[]>;
}

export function createMetrics(
  store: Pick<Store, 'feedbackCounts' | 'queueCounts'>,
  { reasons = new Set(), rules = new Map() }: Counted = {},
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'cds_hook_duration_seconds',
    help: 'Time to answer a hook call',
    labelNames: ['service', 'hook', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const outcomes = new Map<string, Map<string, Map<string, number>>>();
  for (const [service, ids] of rules) {
    for (const id of ids)
      inner(outcomes, service).set(id, new Map(ruleOutcomes.map((outcome) => [outcome, 0])));
  }
  new Counter({
    name: 'cds_rule_outcomes_total',
    help: 'Outcomes of rules: fires, silent, unknown, failed',
    labelNames: ['service', 'rule', 'outcome'],
    registers,
    // A review has two hundred of them: they are counted here, as the library works out a key of all labels each time.
    collect() {
      this.reset();
      for (const [service, told] of outcomes) {
        for (const [rule, kinds] of told)
          for (const [outcome, count] of kinds) this.inc({ service, rule, outcome }, count);
      }
    },
  });
  const cards = new Counter({
    name: 'cds_cards_total',
    help: 'Cards shown',
    labelNames: ['service', 'rule', 'indicator'],
    registers,
  });
  const unchecked = new Counter({
    name: 'cds_cards_unchecked_total',
    help: 'Cards shown although a guard of their rule could not be read',
    labelNames: ['service', 'rule'],
    registers,
  });
  const failures = new Counter({
    name: 'cds_fhir_failures_total',
    help: 'Prefetch keys that could not be had, by reason',
    labelNames: ['reason'],
    registers,
  });
  const unserved = new Counter({
    name: 'cds_fhir_types_unserved_total',
    help: 'Resource types that the FHIR server of a client was found not to serve, counted once each',
    labelNames: ['client', 'type', 'reason'],
    registers,
  });
  const notUnderstood = new Counter({
    name: 'cds_orders_not_understood_total',
    help: 'Orders and drafts without a code that any value set reads, by the code system that they carry',
    labelNames: ['service', 'type', 'system'],
    registers,
  });
  const systems = new Set<string>();
  const refusals = new Counter({
    name: 'cds_refused_total',
    help: 'Requests answered with an error, by code',
    labelNames: ['code'],
    registers,
  });
  new Gauge({
    name: 'cds_feedback_stored_total',
    help: 'Feedback items in the store, by rule, outcome and reason',
    labelNames: ['service', 'rule', 'outcome', 'reason'],
    // All processes read one store: their counts are the same, not parts of a sum.
    aggregator: 'first',
    registers,
    async collect() {
      const counts = await store.feedbackCounts().catch(() => undefined);
      // A store that cannot be read must not look like a store without feedback: the last counts stay.
      if (counts === undefined) return;
      this.reset();
      for (const { service, rule, outcome, reason, count } of counts) {
        const known = reason === '' || reasons.has(reason) ? reason : 'other';
        this.inc({ service, rule, outcome, reason: known }, count);
      }
    },
  });
  new Gauge({
    name: 'cds_store_queue',
    help: 'Records that wait to be written, were dropped, or writes that failed',
    labelNames: ['state'],
    registers,
    collect() {
      const { waiting, dropped, faults } = store.queueCounts();
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'dropped' }, dropped);
      this.set({ state: 'faults' }, faults);
    },
  });
  return {
    registry,
    hookAnswered: (service, hook, status, seconds) => {
      durations.observe({ service, hook, status: String(status) }, seconds);
    },
    ruleOutcomes: (service, told) => {
      const known = inner(outcomes, service);
      for (const [rule, outcome] of told) {
        const kinds = inner(known, rule);
        kinds.set(outcome, (kinds.get(outcome) ?? 0) + 1);
      }
    },
    cardShown: (service, rule, indicator) => {
      cards.inc({ service, rule, indicator });
    },
    cardUnchecked: (service, rule) => {
      unchecked.inc({ service, rule });
    },
    fhirFailed: (reason) => {
      failures.inc({ reason });
    },
    typeUnserved: (client, type, reason) => {
      unserved.inc({ client, type, reason });
    },
    orderNotUnderstood: (service, type, system) => {
      const counted = bounded(systems, system);
      notUnderstood.inc({ service, type, system: counted });
      return counted;
    },
    refused: (code) => {
      refusals.inc({ code });
    },
  };
}

/** Different code systems that have a time series of their own. */
const mostSystems = 50;

/** A code system comes from the caller: what is no address, and more different ones than a hospital has, is `other`. */
function bounded(known: Set<string>, system: string): string {
  if (system === '') return 'none';
  const isAddress = /^(https?:\/\/[\w.-]|urn:(oid|uuid):)[\w.:/~%-]*$/.test(system) && system.length <= 200;
  if (!isAddress || (!known.has(system) && known.size >= mostSystems)) return 'other';
  known.add(system);
  return system;
}

function inner<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  let map = maps.get(key);
  if (map === undefined) maps.set(key, (map = new Map<string, Value>()));
  return map;
}
