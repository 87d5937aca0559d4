import type { FhirResource } from '../cds-hooks/types.js';
import type { FactState } from '../knowledge/types.js';
import type { Terminology } from '../terminology/value-sets.js';
import { atOnce, type Steps } from './at-once.js';
import { isFuture, toIsoDay } from './dates.js';
import { readCoded, wordsOf, type CodedReading, type Medications, type ReadElement } from './coded.js';
import { objects, referenceKey, referenceOf, type CodingValue } from './element.js';
import type { Combine } from './combinations.js';
import { push } from './grouped.js';
import { isDraft, isPreliminary, readStatus } from './status.js';
import { eachDraft, once } from './versions.js';
import { mayBeginAfter, readWhen, type When } from './when.js';
import { memo } from '../memo.js';

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
  /**
   * Value sets of which its words name the thing, where none of its codes is known: what it is then stays open, and neither
   * «yes» nor «none» may be said of these because of it. Empty where a code is known, or the words name nothing of the kind.
   */
  readonly possibleSets: ReadonlySet<string>;
  when(): When;
  /** `Type/id` of what an Observation speaks of. */
  focus(): readonly string[];
  coded(element: ReadElement): CodedReading;
  setsOf(element: ReadElement): ReadonlySet<string>;
}

/** One patient's chart, indexed once. */
export interface Chart {
  readonly patient: FhirResource | undefined;
  /** Facts of a type whose code is in the value set. */
  inSet(type: string, valueSet: string): readonly Fact[];
  /** Facts of a type of which only words say that they may be of the value set (`Fact.possibleSets`). */
  possiblyInSet(type: string, valueSet: string): readonly Fact[];
  /** Results of the value set that are not final: none of the other answers holds them. */
  preliminaryInSet(type: string, valueSet: string): readonly Fact[];
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
  /** Resources among the drafts by the `urn:` address under which others refer to them. */
  readonly addresses?: ReadonlyMap<string, FhirResource>;
  readonly terminology: Terminology;
  /** What codes say only together; absent: nothing. */
  readonly combine?: Combine;
  /** Epoch day of today, for results dated in the future. */
  readonly today: number;
}

const none: readonly Fact[] = [];

/**
 * Indexes a chart by type and value set. The cost is one map look-up per coding: resources whose codes no value
 * set holds are counted and never looked at again.
 */
export function buildChart(source: ChartSource): Chart {
  return atOnce(buildingChart(source));
}

/** Resources that are read between two turns of others. */
const resourcesPerStep = 256;

/** The same in steps. */
export function* buildingChart({
  resources,
  drafts,
  addresses,
  terminology,
  combine = (sets) => sets,
  today,
}: ChartSource): Steps<Chart> {
  const setAside = new Map<string, number>();
  const withdrawn = new Set<string>();
  const leave = (reason: string): void => void setAside.set(reason, (setAside.get(reason) ?? 0) + 1);

  const medications = new Map<string, FhirResource>();
  for (const source of [resources, drafts]) {
    for (const resource of source) {
      if (isDrug(resource)) medications.set(referenceOf(resource), resource);
    }
  }

  // A new order may bring its drug along; the order itself stays as it came, for it may be sent back corrected.
  for (const [address, resource] of addresses ?? []) {
    if (isDrug(resource)) medications.set(address, resource);
  }

  const indexed = new Map<string, Fact[]>();
  // What no value set holds is kept as it came, and only looked at when a whole type is asked for.
  const others = new Map<string, Unread[]>();
  const bySet = new Map<string, Map<string, Fact[]>>();
  const unfinished: (readonly [string, FhirResource])[] = [];
  const isoToday = toIsoDay(today);
  let patient: FhirResource | undefined;
  let size = 0;

  const add = (resource: FhirResource, reference: string, draft: boolean): void => {
    size++;
    const type = resource.resourceType;
    if (type === 'Patient') {
      patient ??= resource;
      return;
    }
    const status = readStatus(resource, draft);
    if (!status.counts) {
      leave(status.reason);
      withdrawn.add(reference);
      if (isPreliminary(resource)) unfinished.push([reference, resource]);
      return;
    }
    const code = readCoded(resource, 'code', medications);
    if (code.uncoded) leave('without-code');
    const sets = combine(
      setsOf(code.codings, terminology),
      () => readCoded(resource, 'bodySite', medications).codings,
    );
    const unread: Unread = { resource, reference, draft, state: status.state, code, sets };
    if (sets.size === 0) {
      push(others, type, unread);
      return;
    }
    const fact = new ReadFact(unread, medications, terminology);
    if (fact.state === 'done' && startsInFuture(fact, today, isoToday)) {
      leave('dated-in-the-future');
      return;
    }
    push(indexed, type, fact);
    let ofType = bySet.get(type);
    if (ofType === undefined) bySet.set(type, (ofType = new Map<string, Fact[]>()));
    for (const id of sets) push(ofType, id, fact);
  };

  // A draft stands for the stored version of the same order: it is what will be signed.
  const stored = once(resources, leave);
  for (const [reference, resource] of eachDraft(drafts, leave)) {
    if (stored.named.delete(reference)) leave('duplicate');
    add(resource, reference, isDraft(resource));
  }
  for (const [reference, resource] of stored.named) {
    add(resource, reference, false);
    if (size % resourcesPerStep === 0) yield;
  }
  for (const resource of stored.unnamed) add(resource, resource.resourceType, false);

  const whole = new Map<string, readonly Fact[]>();
  const ofType = (type: string): readonly Fact[] => {
    let facts = whole.get(type);
    if (facts === undefined) {
      const read = (others.get(type) ?? []).map((unread) => new ReadFact(unread, medications, terminology));
      whole.set(type, (facts = [...(indexed.get(type) ?? []), ...read]));
    }
    return facts;
  };

  const named = new Map<string, ReadonlyMap<string, Fact>>();
  const namedOf = (type: string): ReadonlyMap<string, Fact> => {
    let facts = named.get(type);
    if (facts === undefined) {
      const byName = new Map<string, Fact>();
      for (const fact of ofType(type)) if (!byName.has(fact.reference)) byName.set(fact.reference, fact);
      named.set(type, (facts = byName));
    }
    return facts;
  };

  // Words are only looked at where a question is asked about the type, and then once for all questions.
  const worded = new Map<string, ReadonlyMap<string, readonly Fact[]>>();
  const possiblyInSet = (type: string, valueSet: string): readonly Fact[] => {
    if (!others.has(type)) return none;
    let ofWords = worded.get(type);
    if (ofWords === undefined) {
      const named = new Map<string, Fact[]>();
      for (const fact of ofType(type)) for (const id of fact.possibleSets) push(named, id, fact);
      worded.set(type, (ofWords = named));
    }
    return ofWords.get(valueSet) ?? none;
  };

  // A card may name a result that does not count yet; few charts are asked.
  let preliminary: readonly Fact[] | undefined;
  const preliminaryInSet = (type: string, valueSet: string): readonly Fact[] => {
    preliminary ??= unfinished.map(([reference, resource]) => {
      const code = readCoded(resource, 'code', medications);
      const sets = setsOf(code.codings, terminology);
      const unread: Unread = { resource, reference, draft: false, state: 'preliminary', code, sets };
      return new ReadFact(unread, medications, terminology);
    });
    return preliminary.filter((fact) => fact.type === type && fact.sets.has(valueSet));
  };

  return {
    patient,
    possiblyInSet,
    preliminaryInSet,
    inSet: (type, valueSet) => bySet.get(type)?.get(valueSet) ?? none,
    ofType,
    byReference: (reference) => {
      const [type = '', id] = reference.split('/');
      return id === undefined ? undefined : namedOf(type).get(reference);
    },
    isSetAside: (reference) => withdrawn.has(reference),
    setAside,
    size,
  };
}

/** A resource that counts, before anything but its code was read. */
interface Unread {
  readonly resource: FhirResource;
  readonly reference: string;
  readonly draft: boolean;
  readonly state: FactState | undefined;
  readonly code: CodedReading;
  readonly sets: ReadonlySet<string>;
}

/** A result or act dated after today cannot have happened: a wrong date, not a fact. */
function startsInFuture(fact: Fact, today: number, isoToday: string): boolean {
  if (!mayBeginAfter(fact.resource, isoToday)) return false;
  const { start } = fact.when();
  return start !== undefined && isFuture(start, today);
}

const noSets: ReadonlySet<string> = new Set();

/** The terminology gives the same frozen list for the same answer: one Set for each is enough. */
const asSet = memo((ids: readonly string[]): ReadonlySet<string> => new Set(ids));

function setsOf(codings: readonly CodingValue[], terminology: Terminology): ReadonlySet<string> {
  const answers: (readonly string[])[] = [];
  for (const { system, code } of codings) {
    const ids = terminology.setsOf(system, code);
    if (ids.length > 0) answers.push(ids);
  }
  let union: ReadonlySet<string> = noSets;
  for (const ids of terminology.mostExact(answers)) {
    const known = asSet(ids);
    union = union === noSets || union === known ? known : new Set([...union, ...known]);
  }
  return union;
}

function isDrug({ resourceType }: FhirResource): boolean {
  return resourceType === 'Medication' || resourceType === 'Substance';
}

function setsNamedIn(words: readonly string[], terminology: Terminology): ReadonlySet<string> {
  let union = noSets;
  for (const each of words) {
    const named = terminology.mayBeIn(each);
    if (named.size === 0 || named === union) continue;
    union = union.size === 0 ? named : new Set([...union, ...named]);
  }
  return union;
}

/** A class, for a chart may hold tens of thousands: of each only what was read is kept, and no function of its own. */
class ReadFact implements Fact {
  readonly type: string;
  readonly uncoded: boolean;
  readonly resource: FhirResource;
  readonly reference: string;
  readonly draft: boolean;
  readonly state: FactState | undefined;
  readonly sets: ReadonlySet<string>;
  readonly #code: CodedReading;
  readonly #medications: Medications;
  readonly #terminology: Terminology;
  #possible: ReadonlySet<string> | undefined;
  #when: When | undefined;
  #focus: readonly string[] | undefined;
  #readings: Map<ReadElement, CodedReading> | undefined;

  constructor(
    { resource, reference, draft, state, code, sets }: Unread,
    medications: Medications,
    terminology: Terminology,
  ) {
    this.type = resource.resourceType;
    this.uncoded = code.uncoded;
    this.resource = resource;
    this.reference = reference;
    this.draft = draft;
    this.state = state;
    this.sets = sets;
    this.#code = code;
    this.#medications = medications;
    this.#terminology = terminology;
  }

  get possibleSets(): ReadonlySet<string> {
    return (this.#possible ??=
      this.sets.size > 0
        ? noSets
        : setsNamedIn(wordsOf(this.resource, this.#medications), this.#terminology));
  }

  when(): When {
    return (this.#when ??= readWhen(this.resource, this.state));
  }

  focus(): readonly string[] {
    return (this.#focus ??= objects(this.resource['focus']).flatMap((each) => referenceKey(each) ?? []));
  }

  coded(element: ReadElement): CodedReading {
    if (element === 'code') return this.#code;
    let reading = this.#readings?.get(element);
    if (reading === undefined) {
      this.#readings ??= new Map();
      this.#readings.set(element, (reading = readCoded(this.resource, element, this.#medications)));
    }
    return reading;
  }

  setsOf(element: ReadElement): ReadonlySet<string> {
    return element === 'code' ? this.sets : setsOf(this.coded(element).codings, this.#terminology);
  }
}
