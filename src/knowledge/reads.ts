import { variablesOf } from '../fhirpath/syntax.js';
import { selectionsOf, selectionsOfParts } from './acts.js';
import { speaksWhenUnknown } from './types.js';
import type { AdvicePlace, Input, Plan, Rule, Scope, Score, Selection, Setting } from './types.js';

/** What an input, a score or a condition reads itself; what stands behind the inputs that it names is theirs. */
export interface Reads {
  /** Names of inputs, each once, in the order in which they are named. */
  readonly inputs: readonly string[];
  readonly settings: readonly string[];
  /** Ids of scores. */
  readonly scores: readonly string[];
  /** Facts of the request or of the chart, by resource type and value sets. */
  readonly facts: readonly Selection[];
  /** Of the facts, those that are looked for in the chart. */
  readonly charted: readonly Selection[];
  /** Whether it asks which bone lesions there are, or where. */
  readonly lesions: boolean;
  /** Whether it asks for the patient's age or sex. */
  readonly person: boolean;
}

/** What an input reads, and what it is about. */
export interface InputReads extends Reads {
  readonly kind: Input['kind'];
  readonly scope: Scope;
}

/** What every input and score reads: worked out once from the parsed expressions, and asked by all who need to know. */
export interface Graph {
  readonly inputs: ReadonlyMap<string, InputReads>;
  readonly scores: ReadonlyMap<string, Reads>;
}

/** What the graph is made from. */
interface Readers {
  readonly inputs: ReadonlyMap<string, Input>;
  readonly scores: ReadonlyMap<string, Score>;
  readonly settings: ReadonlyMap<string, Setting>;
}

/** Makes the graph; names that lead nowhere, and inputs that are made of themselves, are the loader's to report. */
export function graphOf({ inputs, scores, settings }: Readers): Graph {
  const made = new Map<string, InputReads>();
  const visiting = new Set<string>();
  const add = (name: string): InputReads | undefined => {
    const known = made.get(name);
    const input = inputs.get(name);
    if (known !== undefined || input === undefined || visiting.has(name)) return known;
    visiting.add(name);
    const reads = readsOfInput(input, settings);
    const scope = scopeOf(input, narrowest(reads.inputs.map((each) => add(each)?.scope)));
    visiting.delete(name);
    // What is about a lesion asks which there are; a score asks for itself.
    const lesions = reads.lesions || (scope === 'lesion' && input.kind !== 'score');
    const own = { ...reads, kind: input.kind, scope, lesions };
    made.set(name, own);
    return own;
  };
  for (const name of inputs.keys()) add(name);
  return {
    inputs: made,
    scores: new Map([...scores].map(([id, score]) => [id, readsOfScore(score, settings)])),
  };
}

/** The inputs named, and those that they are made of; what an end is made of is not looked at. */
export function within(
  names: Iterable<string>,
  { inputs }: Graph,
  isEnd: (reads: InputReads) => boolean = () => false,
): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string): void => {
    const reads = inputs.get(name);
    if (reads === undefined || found.has(name)) return;
    found.add(name);
    if (!isEnd(reads)) reads.inputs.forEach(add);
  };
  for (const name of names) add(name);
  return found;
}

/** Those of them at which the look ends: what is made of no others, and the ends. */
export function leaves(
  names: Iterable<string>,
  graph: Graph,
  isEnd: (reads: InputReads) => boolean,
): readonly string[] {
  return [...within(names, graph, isEnd)].filter((name) => {
    const reads = graph.inputs.get(name);
    return reads !== undefined && (isEnd(reads) || reads.inputs.length === 0);
  });
}

/** The same as `within`, each after those that it is made of. */
export function madeFirst(names: Iterable<string>, graph: Graph): readonly string[] {
  const seen = new Set<string>();
  const look = (name: string): readonly string[] => {
    const reads = graph.inputs.get(name);
    if (reads === undefined || seen.has(name)) return [];
    seen.add(name);
    return [...reads.inputs.flatMap(look), name];
  };
  return [...names].flatMap(look);
}

/**
 * What the inputs named look for in the chart, through the scores that they read: resource types with the ids of value sets.
 * @param ofLesions whether they are asked of each bone lesion
 */
export function chartedBy(
  names: Iterable<string>,
  { inputs, scores }: Graph,
  ofLesions: boolean,
): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map<string, Set<string>>();
  const add = (type: string, ids: readonly string[] = []): void => {
    const known = types.get(type) ?? new Set();
    ids.forEach((id) => known.add(id));
    types.set(type, known);
  };
  const addLesions = (): void => {
    add('Condition');
    add('BodyStructure');
  };
  if (ofLesions) addLesions();
  const seen = new Set<Reads>();
  const look = (reads: Reads | undefined): void => {
    if (reads === undefined || seen.has(reads)) return;
    seen.add(reads);
    for (const { type, codes = [], possibly = [] } of reads.charted) add(type, [...codes, ...possibly]);
    if (reads.lesions) addLesions();
    if (reads.person) add('Patient');
    for (const id of reads.scores) look(scores.get(id));
    for (const name of reads.inputs) look(inputs.get(name));
  };
  for (const name of names) look(inputs.get(name));
  return types;
}

/** Variables that a rule looks at. */
export interface RuleReads {
  /** What decides whether it speaks: its gate, its criterion, and what it takes one by one. */
  readonly criteria: readonly string[];
  /** All, with what silences it, what its card offers, states and names as evidence. */
  readonly all: readonly string[];
  /** What the words and acts of its cards name: looked at when one is shown. */
  readonly shown: readonly string[];
}

/** What a rule looks at; what is behind the inputs is the graph's. */
export function readsOfRule(rule: Rule): RuleReads {
  const { when, condition, unless, card, unknown, unread, inWords, statedIf = {}, evidence = [] } = rule;
  const items = rule.for === undefined || rule.for === 'lesions' ? [] : [rule.for];
  const offers = [...(card.suggestions ?? []), ...(unknown?.suggestions ?? [])];
  const asked = [
    ...[when, condition, unless],
    ...offers.flatMap((offer) => [offer.when, offer.unless]),
    ...Object.values(statedIf),
  ];
  return {
    criteria: [...variablesIn([when, condition]), ...items],
    all: [...new Set([...variablesIn(asked), ...items, ...evidence])],
    shown: [
      ...new Set([
        ...stringsIn([card, unknown, unread, inWords]).flatMap(placesIn),
        ...offers.flatMap(({ actions }) =>
          actions.flatMap(({ of, set }) => [...given([of]), ...Object.values(set ?? {})]),
        ),
      ]),
    ],
  };
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** Names that may stand in a message. It is parsed when it is shown first: a word too many here is no name of an input. */
const placesIn = (message: string): readonly string[] =>
  [...message.matchAll(/\{(\w+)/g)].flatMap(([, name]) => name ?? []);

/** Variables by which the plan withholds advice of a rule, asks for what is missing, or says where it lies. */
export function readsOfPlan(rule: Rule, plan: Plan): readonly string[] {
  const brakes = Object.values(plan.brakes).filter(({ withholds }) => withholds.includes(rule.kind ?? ''));
  const exclusions = Object.values(plan.exclusions).filter(({ withholds }) => isNamed(rule, withholds));
  const { finding } = placeOf(rule, plan) ?? {};
  const atLesions = [
    ...exclusions.map(({ when }) => when),
    ...(speaksWhenUnknown(rule) ? [plan.opening.completeWhen] : []),
  ];
  return [
    ...variablesIn(brakes.map(({ when }) => when)),
    ...(rule.for === 'lesions' ? variablesIn(atLesions) : []),
    ...(finding === undefined ? [] : [finding]),
  ];
}

/** Whether the plan means a rule, by its own name or by the kind of its advice. */
export const isNamed = ({ id, kind }: Rule, names: readonly string[]): boolean =>
  names.includes(id) || (kind !== undefined && names.includes(kind));

/** Where the plan says that advice of a rule lies. */
export const placeOf = ({ id, kind }: Rule, { places }: Plan): AdvicePlace | undefined =>
  places[id] ?? places[kind ?? ''];

const variablesIn = (sources: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(sources.flatMap((source) => (source === undefined ? [] : variablesOf(source)))),
];

const nothing: Reads = {
  inputs: [],
  settings: [],
  scores: [],
  facts: [],
  charted: [],
  lesions: false,
  person: false,
};

type Settings = Readers['settings'];

/** What expressions name. */
function readsOfSources(sources: readonly (string | undefined)[], settings: Pick<Settings, 'has'>): Reads {
  const names = variablesIn(sources);
  return {
    ...nothing,
    inputs: names.filter((name) => !settings.has(name)),
    settings: names.filter((name) => settings.has(name)),
  };
}

/** What an input reads by itself. */
export function readsOfInput(input: Input, settings: Pick<Settings, 'has'>): Reads {
  switch (input.kind) {
    case 'selected': {
      const { select, scope, since, until, reach, courseBreak, plus, min, max } = input;
      return {
        ...nothing,
        inputs: given([since, until]),
        settings: given([...select.map(({ within }) => within), plus, reach, courseBreak, min, max]),
        facts: select,
        // What is read of the order at hand came with the request.
        charted: scope === 'item' ? [] : select.filter(({ from }) => from !== 'request'),
        lesions:
          scope !== 'item' &&
          select.some(
            ({ sameSite, notAt, notIn, sited }) =>
              sameSite === true || notAt !== undefined || notIn !== undefined || sited === true,
          ),
      };
    }
    case 'answered': {
      const { finding = [], within: age, earlierWithin, unsitedWithin, parts, from } = input;
      const facts = [...selectionsOf(input), ...selectionsOfParts(input).flat()];
      return {
        ...nothing,
        inputs: finding,
        settings: given([age, earlierWithin, unsitedWithin, parts?.within]),
        facts,
        charted: from === 'request' ? [] : facts,
        lesions: true,
      };
    }
    case 'site':
      return nothing;
    case 'lesions':
      return { ...nothing, lesions: true };
    case 'expression':
      return readsOfSources([input.expression], settings);
    case 'elapsed':
      return { ...nothing, inputs: given([input.from, input.to]) };
    case 'undecided':
      return { ...nothing, inputs: [input.of] };
    case 'score':
      return { ...nothing, scores: [input.score] };
    case 'person':
      return { ...nothing, person: true };
  }
}

/** Of a bound that is a number or the name of a setting, the name. */
const given = (names: readonly (string | number | undefined)[]): readonly string[] => [
  ...new Set(names.filter((name) => typeof name === 'string')),
];

function readsOfScore({ id, per, when, items, flags }: Score, settings: Settings): Reads {
  const sources = items.flatMap(({ answers }) => answers.flatMap(({ fact, derived }) => [fact, derived]));
  const recorded = [{ type: 'Observation', codes: [id, ...items.map((item) => item.id)] }];
  return {
    ...readsOfSources([when, ...sources, ...flags.map((flag) => flag.if)], settings),
    facts: recorded,
    charted: recorded,
    lesions: per === 'lesion',
  };
}

const narrowest = (scopes: readonly (Scope | undefined)[]): Scope =>
  scopes.includes('item') ? 'item' : scopes.includes('lesion') ? 'lesion' : 'patient';

/** What an input is about where it does not say so: what is made of others is about what the narrowest of them is. */
function scopeOf(input: Input, narrowest: Scope): Scope {
  const { scope } = input;
  switch (input.kind) {
    case 'selected':
      // What lies at the site of one order is found anew for each order.
      return scope !== 'lesion' && input.select.some(({ sameSite }) => sameSite === true)
        ? 'item'
        : (scope ?? 'patient');
    case 'site':
      return scope ?? 'lesion';
    case 'lesions':
      return scope ?? (input.read === 'places' ? 'lesion' : 'patient');
    case 'score':
      return scope ?? (input.over === undefined ? 'lesion' : 'patient');
    case 'person':
      return scope ?? 'patient';
    default:
      return scope ?? narrowest;
  }
}
