import { atOnce, type Steps } from '../chart/at-once.js';
import type { Fact } from '../chart/chart.js';
import { lesionOfOrder } from '../chart/lesions.js';
import { newestOnTop } from '../chart/newest.js';
import { ExpressionError } from '../fhirpath/compile.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { chartedBy, leaves, readsOfPlan, readsOfRule, within, type Graph } from '../knowledge/reads.js';
import type { Rule, SuggestionTemplate } from '../knowledge/types.js';
import type { ScoreResult } from './scored.js';
import { condition, type Condition, type Decision, type ValueOf } from './condition.js';
import type { Case, CompiledInput, Inputs, Subject } from './case.js';
import { costsAmong } from './cost.js';
import { gap, keysAmong, type Gap } from './gap.js';
import { namesUnread, placeLost } from './order-site.js';
import { isInterval, unknown, type Value } from './value.js';
import { drugTypes } from '../resource-table.js';

/**
 * What a rule says of one subject. `applies` is false when the rule has nothing to do with the patient or order at
 * hand: such an outcome says nothing about whether data were there.
 */
export interface Outcome {
  readonly rule: Rule;
  readonly kind: 'fires' | 'silent' | 'unknown' | 'failed';
  readonly applies: boolean;
  readonly subject: Subject;
  /** Ids of the recommendations that it states for this subject. */
  readonly recommendations: readonly string[];
  /** What would have to be known. */
  readonly missing: readonly Gap[];
  /** Prefetch keys of guards that could not be read: whether it was done or asked for already is not known. */
  readonly unchecked: readonly string[];
  /** What may have been done or asked for already: entries without a date, or that cannot be read. */
  readonly unread: readonly Fact[];
  /** Prefetch keys that stand in `unchecked` for those entries alone. */
  readonly entryKeys: readonly string[];
  /** Entries by whose words alone its criterion may hold; absent where there are none. */
  readonly inWordsOnly?: readonly Fact[];
  /** The order at hand is recognised by its words alone. */
  readonly inWords?: true;
  /** What was done or asked for, and answers nothing any more. */
  readonly outdated: readonly Fact[];
  /** Any input as its subject has it, for the card's words and evidence. */
  readonly valueOf: ValueOf;
  /** What was asked and said; `lookedAt` tells the inputs that it was asked of. */
  readonly judgements: Judgements;
  /** Of an outcome that says something, the scores that it rests on. */
  readonly scores: readonly ScoreResult[];
  /** Ids of the suggestions whose own condition does not hold. */
  readonly withheld: ReadonlySet<string>;
  /** What withholds it although its condition holds: a brake or an exclusion of the plan. */
  readonly withheldBy?: string;
  /** What has the same word is told in one card: the plan of a lesion. */
  readonly card?: string;
  /** Why it failed, for the log: names an expression, never data. */
  readonly error?: string;
}

/** The conditions that were asked, with what they said. */
type Judgements = readonly { readonly asked: Condition; readonly decision: Decision }[];

/**
 * The values of all inputs that an outcome was asked of, by name. For the few that are told: all that was not needed to decide is
 * read for it.
 */
export function lookedAt({ judgements }: Pick<Outcome, 'judgements'>): ReadonlyMap<string, Value> {
  return new Map(judgements.flatMap(pairs));
}

/** A rule ready to be asked about any chart. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly when: Condition | undefined;
  readonly condition: Condition | undefined;
  readonly unless: Condition | undefined;
  /** Names of all inputs that the rule can look at, those behind expressions included. */
  readonly inputs: ReadonlySet<string>;
  /** Those that decide whether it speaks: all but what only guards look at. */
  readonly criteria: ReadonlySet<string>;
  /** Resource types that it looks for in the chart, with the ids of value sets. */
  readonly charted: ReadonlyMap<string, ReadonlySet<string>>;
  evaluate(of: Case, memory: Memory): readonly Outcome[];
  /** The same in steps, one for a few lesions or orders. */
  evaluating(of: Case, memory: Memory): Steps<readonly Outcome[]>;
}

/** Values of one request, kept per subject: several rules ask for the same inputs. */
export interface Memory {
  valueOf(subject: Subject): ValueOf;
}

/** Lesions or orders that are judged between two turns of others. */
const subjectsPerStep = 4;

/** Makes the memory of one request. What is about the patient is kept once for all subjects. */
export function remember(inputs: Inputs, of: Case): Memory {
  const patient = new Array<Value | undefined>(inputs.size);
  const perSubject = new Map<Subject, ValueOf>();
  const valueOf = (subject: Subject): ValueOf => {
    const known = perSubject.get(subject);
    if (known !== undefined) return known;
    // Of a lesion or order few are asked.
    const mine = new Map<string, Value>();
    const resolve: ValueOf = (name) => {
      const compiled = inputs.get(name);
      if (compiled === undefined) return unknown([gap('input', name)]);
      if (compiled.scope === 'patient')
        return (patient[compiled.index] ??= compiled.value(subject, of, resolve));
      let value = mine.get(name);
      if (value === undefined) mine.set(name, (value = compiled.value(subject, of, resolve)));
      return value;
    };
    perSubject.set(subject, resolve);
    return resolve;
  };
  return { valueOf };
}

/**
 * Compiles a rule; the loader has checked its names and expressions before.
 * @returns what never throws when it is evaluated: a fault is the outcome `failed`
 */
export function compileRule(
  rule: Rule,
  inputs: Inputs,
  { settings, graph, plan }: Pick<Knowledge, 'settings' | 'graph' | 'plan'>,
): CompiledRule {
  const costOf = costsAmong(graph);
  const compiled = (source: string | undefined): Condition | undefined =>
    source === undefined ? undefined : condition(source, settings, costOf);
  const when = compiled(rule.when);
  const main = compiled(rule.condition);
  const unless = compiled(rule.unless);
  const offersOf = (suggestions: readonly SuggestionTemplate[] = []): readonly Offer[] =>
    suggestions.map((suggestion) => ({
      id: suggestion.id,
      when: compiled(suggestion.when),
      unless: compiled(suggestion.unless),
      isDrug: suggestion.actions.some(({ resource }) => resource?.['resourceType'] === 'MedicationRequest'),
    }));
  const offers = {
    fires: offersOf(rule.card.suggestions),
    unknown: offersOf(rule.unknown?.suggestions),
  };
  const statedIf = Object.entries(rule.statedIf ?? {}).map(([id, source]) => ({
    id,
    condition: condition(source, settings),
  }));
  const items = rule.for === undefined || rule.for === 'lesions' ? undefined : inputs.get(rule.for);
  const reads = readsOfRule(rule);
  const all = within([...reads.criteria, ...reads.all, ...readsOfPlan(rule, plan)], graph);
  const asked = askedBy(unless?.inputs ?? [], inputs, graph);
  // A gate on the patient or the orders can be shut without knowing any lesion (no biopsy was ordered).
  const aboutLesion = (when?.inputs ?? []).some((name) => inputs.get(name)?.scope === 'lesion');
  const conditions: Conditions = { rule, when, main, unless, statedIf, asked, offers };
  const evaluating = function* (of: Case, memory: Memory): Steps<readonly Outcome[]> {
    try {
      const subjects = subjectsOf(rule, items, of);
      if (subjects.blockedBy !== undefined) {
        const subject = of.subjectOf({ eligible: of.lesions });
        const valueOf = memory.valueOf(subject);
        const gate = aboutLesion ? undefined : when?.decide(valueOf);
        return gate?.answer === false
          ? [outcome(rule, 'silent', false, subject, valueOf, said(when, gate), [])]
          : [outcome(rule, 'unknown', false, subject, valueOf, nothingLooked, [subjects.blockedBy])];
      }
      const told: Outcome[] = [];
      for (const subject of subjects.certain) {
        if (told.length % subjectsPerStep === subjectsPerStep - 1) yield;
        told.push(decide(conditions, subject, of, memory.valueOf(subject)));
      }
      for (const subject of subjects.possible) {
        if (told.length % subjectsPerStep === subjectsPerStep - 1) yield;
        told.push(byItsWords(decide(conditions, subject, of, memory.valueOf(subject)), of));
      }
      return told;
    } catch (error) {
      // One failing rule never loses the cards of the others; the engine logs it.
      const subject = { eligible: [] };
      const failed = outcome(rule, 'failed', false, subject, memory.valueOf(subject), nothingLooked, []);
      return [{ ...failed, error: error instanceof ExpressionError ? error.message : 'RULE_FAILED' }];
    }
  };
  return {
    rule,
    when,
    condition: main,
    unless,
    inputs: all,
    charted: chartedBy([...all, ...reads.shown], graph, rule.for === 'lesions'),
    criteria: within(reads.criteria, graph),
    evaluate: (of, memory) => atOnce(evaluating(of, memory)),
    evaluating,
  };
}

const whether: ReadonlySet<string> = new Set(['exists', 'ongoing', 'count']);

/** Inputs behind a guard: those that say whether there is something, and those that read what it says. */
interface Asked {
  readonly whether: readonly string[];
  readonly read: readonly string[];
}

function askedBy(names: readonly string[], inputs: Inputs, graph: Graph): Asked {
  const ends = leaves(names, graph, ({ kind }) => kind === 'selected' || kind === 'answered');
  const saysWhether = (name: string): boolean => {
    const input = inputs.get(name)?.input;
    return input?.kind !== 'selected' || whether.has(input.read);
  };
  return { whether: ends.filter(saysWhether), read: ends.filter((name) => !saysWhether(name)) };
}

interface Subjects {
  readonly certain: readonly Subject[];
  readonly possible: readonly Subject[];
  /** Whether there is anything to ask about cannot be known without this prefetch key. */
  readonly blockedBy?: Gap;
}

function subjectsOf(rule: Rule, items: CompiledInput | undefined, of: Case): Subjects {
  const everyLesion = of.lesions;
  if (rule.for === 'lesions') {
    const eligible = of.lesionsAt(rule.sites);
    const missing = of.missingData('Condition') ?? of.missingData('BodyStructure');
    if (eligible.length === 0 && missing !== undefined)
      return { certain: [], possible: [], blockedBy: missing };
    return { certain: eligible.map((lesion) => of.subjectOf({ lesion, eligible })), possible: [] };
  }
  const patient = of.subjectOf({ eligible: everyLesion });
  if (items === undefined) return { certain: [patient], possible: [] };
  const { certain, possible } = items.facts(patient, of);
  const each = (facts: readonly Fact[]): readonly Subject[] =>
    newestOnTop(facts.filter((fact) => of.isAimedAt(fact))).map((item) => {
      const isLost = placeLost({ item, eligible: everyLesion }, of).length > 0 || namesUnread(item, of);
      const lesion = isLost ? undefined : lesionOfOrder(item, everyLesion, of.sites);
      return of.subjectOf({ item, eligible: everyLesion, ...(lesion !== undefined && { lesion }) });
    });
  return { certain: each(certain), possible: each(possible) };
}

/**
 * An order that only its words name: what would be said of it for certain is told as an info, by the rules that ask for it, and
 * nothing of what would be unknown even then.
 */
function byItsWords(told: Outcome, of: Case): Outcome {
  const { rule, kind, subject } = told;
  if (kind !== 'fires' && kind !== 'unknown') return told;
  const unread = subject.item === undefined ? [] : [subject.item];
  const missing = [...new Set([...told.missing, gap('input', rule.for ?? '')])];
  const entryKeys = [...told.entryKeys, ...unread.map(({ type }) => of.keyOf(type))];
  return {
    ...told,
    kind: 'unknown',
    inWords: true,
    applies: kind === 'fires',
    missing,
    unread: [...unread, ...told.unread],
    entryKeys,
  };
}

interface Offer {
  readonly id: string;
  readonly when: Condition | undefined;
  readonly unless: Condition | undefined;
  readonly isDrug: boolean;
}

interface Conditions {
  readonly rule: Rule;
  readonly when: Condition | undefined;
  readonly main: Condition | undefined;
  readonly unless: Condition | undefined;
  readonly statedIf: readonly { readonly id: string; readonly condition: Condition }[];
  readonly asked: Asked;
  /** What one click can do where the rule fires, and where it is unknown. */
  readonly offers: Readonly<Record<'fires' | 'unknown', readonly Offer[]>>;
}

const holds: Decision = { answer: true, values: [], missing: [] };

function decide(
  { rule, when, main, unless, statedIf, asked, offers }: Conditions,
  subject: Subject,
  of: Case,
  valueOf: ValueOf,
): Outcome {
  const gate = when?.decide(valueOf) ?? holds;
  if (gate.answer !== true) {
    const missing = gate.answer === false ? [] : gate.missing;
    const kind = gate.answer === false ? 'silent' : 'unknown';
    return outcome(rule, kind, false, subject, valueOf, said(when, gate), missing);
  }
  const decided = main?.decide(valueOf) ?? holds;
  const guard = decided.answer === false ? undefined : unless?.decide(valueOf);
  const looked = [...said(when, gate), ...said(main, decided), ...said(unless, guard)];
  if (decided.answer === false || guard?.answer === true)
    return outcome(rule, 'silent', true, subject, valueOf, looked, []);
  const kind = decided.answer === true ? 'fires' : 'unknown';
  const unstated = statedIf.filter((stated) => stated.condition.decide(valueOf).answer !== true);
  const left =
    guard === undefined
      ? nothingLeft
      : leftOpenBy(guard, decided, asked.whether.map(valueOf), () => asked.read.map(valueOf), of);
  const spoken = outcome(rule, kind, true, subject, valueOf, looked, decided.missing, left);
  const inWordsOnly = kind === 'unknown' ? wordsIn(decided) : noFacts;
  const told =
    unstated.length === 0 && inWordsOnly.length === 0
      ? spoken
      : {
          ...spoken,
          ...(inWordsOnly.length > 0 && { inWordsOnly }),
          recommendations: rule.recommendations.filter((each) => unstated.every(({ id }) => id !== each)),
        };
  const offered = offers[kind];
  if (offered.length === 0) return told;
  const drugsUnchecked = told.unread.length > 0 || told.unchecked.some((key) => drugKeys(of).includes(key));
  const withheld = offered.filter(
    (offer) =>
      (offer.when !== undefined && offer.when.decide(valueOf).answer !== true) ||
      offer.unless?.decide(valueOf).answer === true ||
      (offer.isDrug && drugsUnchecked),
  );
  return { ...told, withheld: new Set(withheld.map(({ id }) => id)) };
}

const drugKeys = (of: Case): readonly string[] => drugTypes.map((type) => of.keyOf(type));

type LeftOpen = Pick<Outcome, 'unchecked' | 'unread' | 'entryKeys' | 'outdated'>;

/** Entries by whose words alone the criterion may hold. */
function wordsIn({ values }: Decision): readonly Fact[] {
  const open = values.filter(({ possible }) => possible.length === 0);
  const named = open.flatMap(({ facts }) =>
    facts.filter(({ sets, possibleSets }) => sets.size === 0 && possibleSets.size > 0),
  );
  return named.length === 0 ? noFacts : [...new Set(named)];
}

/** What a guard could not check, and what it saw that answers nothing (any more). */
function leftOpenBy(
  guard: Decision,
  criterion: Decision,
  asked: readonly Value[],
  read: () => readonly Value[],
  of: Case,
): LeftOpen {
  const outdated = outdatedAmong(asked);
  if (guard.answer !== undefined) return outdated.length === 0 ? nothingLeft : { ...nothingLeft, outdated };
  const open = asked.filter(({ possible }) => possible.length === 0);
  // Of a number, what may be one more.
  const counted = asked.filter(({ possible }) => possible.some(isInterval));
  const unread = [
    ...new Set([
      ...open.flatMap(({ facts }) => facts),
      ...[...counted, ...read()].flatMap(({ facts }) =>
        facts.filter(({ possibleSets }) => possibleSets.size > 0),
      ),
    ]),
  ];
  // What the criterion lacks is named as such.
  const absent = keysAmong([
    ...open.flatMap(({ missing }) => missing),
    ...guard.missing.filter((each) => !criterion.missing.includes(each)),
  ]);
  const entryKeys = unread.map(({ type }) => of.keyOf(type)).filter((key) => !absent.includes(key));
  return { unchecked: [...new Set([...absent, ...entryKeys])].sort(), unread, entryKeys, outdated };
}

/** What was done or asked for, and answers nothing any more. */
function outdatedAmong(asked: readonly Value[]): readonly Fact[] {
  const answered = asked.filter(({ possible, facts }) => possible[0] === false && facts.length > 0);
  return answered.length === 0 ? noFacts : [...new Set(answered.flatMap(({ facts }) => facts))];
}

function said(asked: Condition | undefined, decision: Decision | undefined): Judgements {
  return asked === undefined || decision === undefined ? nothingLooked : [{ asked, decision }];
}

const noneWithheld: ReadonlySet<string> = new Set();
const noNames: readonly string[] = [];
const noFacts: readonly Fact[] = [];
const noScores: readonly ScoreResult[] = [];
const nothingLooked: Judgements = [];
const nothingLeft: LeftOpen = { unchecked: noNames, unread: noFacts, entryKeys: noNames, outdated: noFacts };

function outcome(
  rule: Rule,
  kind: Outcome['kind'],
  applies: boolean,
  subject: Subject,
  valueOf: ValueOf,
  judgements: Judgements,
  missing: readonly Gap[],
  { unchecked, unread, entryKeys, outdated }: LeftOpen = nothingLeft,
): Outcome {
  return {
    rule,
    kind,
    applies,
    subject,
    recommendations: rule.recommendations,
    missing,
    unchecked,
    unread,
    entryKeys,
    outdated,
    valueOf,
    judgements,
    scores: kind === 'silent' ? noScores : scoresIn(judgements),
    withheld: noneWithheld,
  };
}

function pairs({ asked, decision }: Judgements[number]): readonly (readonly [string, Value])[] {
  const { values } = decision;
  return asked.inputs.flatMap((name, index) => {
    const value = values[index];
    return value === undefined ? [] : [[name, value] as const];
  });
}

function scoresIn(judgements: Judgements): readonly ScoreResult[] {
  let found: Set<ScoreResult> | undefined;
  for (const { decision } of judgements) {
    for (const { scores } of decision.values) {
      if (scores === undefined) continue;
      found ??= new Set();
      for (const score of scores) found.add(score);
    }
  }
  return found === undefined ? noScores : [...found];
}
