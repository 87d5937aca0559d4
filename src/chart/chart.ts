import type { FhirResource } from '../cds-hooks/types.js';
import type { CodedElement, FactState } from '../knowledge/types.js';
import type { Terminology } from '../terminology/value-sets.js';
import { isFuture } from './dates.js';
import { readCoded, type CodedReading } from './coded.js';
import { referenceOf, text } from './element.js';
import { readStatus } from './status.js';
import { readWhen, type When } from './when.js';

/** A resource whose status counts, with what rules ask of it. */
export interface Fact {
  readonly resource: FhirResource;
  readonly type: string;
  readonly reference: string;
  /** It came with the request's context (draft order, appointment to book, condition to record). */
  readonly draft: boolean;
  readonly state: FactState | undefined;
  /** Value sets that hold one of its codes. */
  readonly sets: ReadonlySet<string>;
  /** What it is was written without a code. */
  readonly uncoded: boolean;
  when(): When;
  coded(element: CodedElement): CodedReading;
  setsOf(element: CodedElement): ReadonlySet<string>;
}

/** One patient's chart, indexed once. */
export interface Chart {
  readonly patient: FhirResource | undefined;
  /** Facts of a type whose code is in the value set. */
  inSet(type: string, valueSet: string): readonly Fact[];
  ofType(type: string): readonly Fact[];
  byReference(reference: string): Fact | undefined;
  /** The resource was sent, but its status does not count. */
  isSetAside(reference: string): boolean;
  /** How many resources were set aside, by reason: never silently, never with their content. */
  readonly setAside: ReadonlyMap<string, number>;
  readonly size: number;
}

export interface ChartSource {
  readonly resources: readonly FhirResource[];
  readonly drafts: readonly FhirResource[];
  readonly terminology: Terminology;
  /** Epoch day of today, for results dated in the future. */
  readonly today: number;
}

const none: readonly Fact[] = [];
const recorded: ReadonlySet<FactState | undefined> = new Set<FactState | undefined>(['done']);

/**
 * Indexes a chart by type and value set. The cost is one map look-up per coding: resources whose codes no value
 * set holds are counted and never looked at again.
 */
export function buildChart({ resources, drafts, terminology, today }: ChartSource): Chart {
  const setAside = new Map<string, number>();
  const withdrawn = new Set<string>();
  const leave = (reason: string): void => void setAside.set(reason, (setAside.get(reason) ?? 0) + 1);

  const medications = new Map<string, FhirResource>();
  for (const resource of [...resources, ...drafts]) {
    if (resource.resourceType === 'Medication') medications.set(referenceOf(resource), resource);
  }

  const byType = new Map<string, Fact[]>();
  const bySet = new Map<string, Map<string, Fact[]>>();
  const byReference = new Map<string, Fact>();
  let patient: FhirResource | undefined;
  let size = 0;

  const add = (resource: FhirResource, draft: boolean): void => {
    size++;
    if (resource.resourceType === 'Patient') {
      patient ??= resource;
      return;
    }
    const reference = referenceOf(resource);
    if (text(resource.id) !== undefined && byReference.has(reference)) {
      leave('duplicate');
      return;
    }
    const status = readStatus(resource, draft);
    if (!status.counts) {
      leave(status.reason);
      withdrawn.add(reference);
      return;
    }
    const fact = makeFact(resource, reference, draft, status.state, medications, terminology);
    if (!draft && recorded.has(fact.state) && fact.sets.size > 0 && startsInFuture(fact, today)) {
      leave('dated-in-the-future');
      return;
    }
    if (text(resource.id) !== undefined) byReference.set(reference, fact);
    push(byType, fact.type, fact);
    if (fact.uncoded) leave('without-code');
    let sets = bySet.get(fact.type);
    if (sets === undefined) bySet.set(fact.type, (sets = new Map()));
    for (const id of fact.sets) push(sets, id, fact);
  };

  // A draft stands for the stored version of the same order: it is what will be signed.
  for (const resource of drafts) add(resource, true);
  for (const resource of resources) add(resource, false);

  return {
    patient,
    inSet: (type, valueSet) => bySet.get(type)?.get(valueSet) ?? none,
    ofType: (type) => byType.get(type) ?? none,
    byReference: (reference) => byReference.get(reference),
    isSetAside: (reference) => withdrawn.has(reference),
    setAside,
    size,
  };
}

function push<Key>(map: Map<Key, Fact[]>, key: Key, fact: Fact): void {
  const facts = map.get(key);
  if (facts === undefined) map.set(key, [fact]);
  else facts.push(fact);
}

/** A result or act dated after today cannot have happened: a wrong date, not a fact. */
function startsInFuture(fact: Fact, today: number): boolean {
  const { start } = fact.when();
  return start !== undefined && isFuture(start, today);
}

const noSets: ReadonlySet<string> = new Set();

function makeFact(
  resource: FhirResource,
  reference: string,
  draft: boolean,
  state: FactState | undefined,
  medications: ReadonlyMap<string, FhirResource>,
  terminology: Terminology,
): Fact {
  const readings = new Map<CodedElement, CodedReading>();
  const coded = (element: CodedElement): CodedReading => {
    let reading = readings.get(element);
    if (reading === undefined) readings.set(element, (reading = readCoded(resource, element, medications)));
    return reading;
  };
  const setsOf = (element: CodedElement): ReadonlySet<string> => {
    let found: Set<string> | undefined;
    for (const { system, code } of coded(element).codings) {
      for (const id of terminology.setsOf(system, code)) (found ??= new Set()).add(id);
    }
    return found ?? noSets;
  };
  const sets = setsOf('code');
  let when: When | undefined;
  return {
    resource,
    type: resource.resourceType,
    reference,
    draft,
    state,
    sets,
    uncoded: coded('code').uncoded,
    when: () => (when ??= readWhen(resource, state)),
    coded,
    setsOf,
  };
}
