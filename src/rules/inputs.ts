import type { Fact } from '../chart/chart.js';
import { daySpan, elapsed } from '../chart/dates.js';
import { text } from '../chart/element.js';
import { placesOf } from '../chart/lesion-sites.js';
import type { Lesion } from '../chart/lesions.js';
import { mayCoincide, type Location, type SiteIndex } from '../chart/sites.js';
import type { Knowledge, NamedInput } from '../knowledge/knowledge.js';
import type { LesionsInput, PersonInput, Scope, ScoreInput, Selection } from '../knowledge/types.js';
import type { ScoreResult } from './scored.js';
import { compileAnswered } from './answered-input.js';
import { expression, type CostOf } from './condition.js';
import { costsAmong } from './cost.js';
import { elapsedValue } from './elapsed-input.js';
import { gap, itemGaps } from './gap.js';
import { kindOfInput } from './kind.js';
import { hasSite, lesionAtOrder, orderLocations, placeLost } from './order-site.js';
import { restsOn } from './rests-on.js';
import { nothingSelected, thawed } from './select.js';
import { compileSelected } from './selected-input.js';
import { absent, bounded, known, resting, somewhere, unknown, type Value } from './value.js';
import type { Case, InputReader, Inputs, Subject } from './case.js';

/** What inputs are compiled from. */
type Written = Pick<Knowledge, 'inputs' | 'settings' | 'graph'>;

/** Compiles all inputs; the loader has checked names and expressions before. */
export function compileInputs(knowledge: Written): Inputs {
  const selections = new Map<string, readonly Selection[]>();
  const shared = (selection: readonly Selection[]): readonly Selection[] => {
    const key = JSON.stringify(selection);
    const same = selections.get(key) ?? thawed(selection);
    selections.set(key, same);
    return same;
  };
  const costOf = costsAmong(knowledge.graph);
  return new Map(
    [...knowledge.inputs].map(([name, input], index) => {
      const scope = knowledge.graph.inputs.get(name)?.scope ?? 'patient';
      return [name, { input, index, scope, ...readerOf(input, scope, knowledge, shared, costOf) }];
    }),
  );
}

const plain = (value: InputReader['value']): InputReader => ({ value, facts: () => nothingSelected });

function readerOf(
  input: NamedInput,
  scope: Scope,
  { inputs, settings, graph }: Written,
  shared: (selection: readonly Selection[]) => readonly Selection[],
  costOf: CostOf,
): InputReader {
  switch (input.kind) {
    case 'selected':
      return compileSelected(input, shared(input.select));
    case 'answered':
      return compileAnswered(input, scope);
    case 'site':
      return plain((subject, of) => siteValue(input.sites, scope, input.name, subject, of));
    case 'lesions':
      return plain((subject, of) =>
        input.read === 'places' ? placesValue(input.name, subject) : lesionsValue(input, subject, of),
      );
    case 'expression': {
      const kind = kindOfInput(input, (name) => inputs.get(name));
      const compiled = expression(input.expression, settings, kind, costOf);
      const basis = restsOn(compiled.inputs, inputs, graph);
      return plain((_, __, valueOf) => compiled.value(valueOf, basis));
    }
    case 'elapsed':
      return plain((_, of, valueOf) => elapsedValue(input, of.today, valueOf));
    case 'undecided':
      return plain((_, __, valueOf) => undecidedValue(valueOf(input.of)));
    case 'score':
      return plain((subject, of) => scoreValue(input, subject, of));
    case 'person':
      return plain((_, of) => personValue(input, of));
  }
}

/** Where the lesion, or the order at hand, is. */
function locationsOf(scope: Scope, subject: Subject, of: Case): readonly Location[] {
  if (scope === 'lesion') return subject.lesion?.locations ?? [];
  return orderLocations(subject.item, of);
}

function anyWithin(
  locations: readonly Location[],
  names: readonly string[],
  sites: SiteIndex,
): boolean | undefined {
  const answers = locations.map((location) => sites.within(location, names));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

function siteValue(names: readonly string[], scope: Scope, input: string, subject: Subject, of: Case): Value {
  const locations = locationsOf(scope, subject, of);
  const facts =
    scope === 'lesion' ? (subject.lesion?.facts ?? []) : subject.item === undefined ? [] : [subject.item];
  if (locations.length === 0) {
    const lost = placeLost(subject, of);
    return lost.length > 0 ? absent('boolean', lost, facts) : unknown([gap('input', input)], facts);
  }
  const answer = anyWithin(locations, names, of.sites);
  return answer === undefined ? unknown([gap('input', input)], facts) : known([answer], facts);
}

const siteOfLesion = gap('element', 'bodySite');

function lesionsValue(
  { name, read: readAs, sites, scope, from }: NamedInput & LesionsInput,
  { item }: Subject,
  of: Case,
): Value {
  // What the request records came with it, whatever of the chart is missing.
  const key = from === 'request' ? undefined : of.missingData('Condition');
  const insideSites = (lesion: Lesion): boolean | undefined => {
    if (sites === undefined) return true;
    return lesion.locations.length === 0 ? undefined : anyWithin(lesion.locations, sites, of.sites);
  };
  const asked =
    from === 'request' ? of.lesions.filter(({ facts }) => facts.some(({ draft }) => draft)) : of.lesions;
  const placed = asked.map((lesion) => {
    const there = scope === 'item' ? lesionAtOrder(lesion, item, of) : 'yes';
    const inside = there === 'no' ? false : insideSites(lesion);
    return { lesion, inside: there === 'possible' && inside === true ? undefined : inside };
  });
  const facts = placed.filter(({ inside }) => inside !== false).flatMap(({ lesion }) => diagnosesOf(lesion));
  const certain = placed.filter(({ inside }) => inside === true).length;
  const possible = placed.filter(({ inside }) => inside === undefined).length;
  const inWords = of.lesionsInWords.filter(
    (fact) => (from !== 'request' || fact.draft) && mayLieIn(fact, sites, of),
  );
  if (readAs === 'exists') {
    if (certain > 0) return known([true], facts);
    if (key !== undefined) return absent('boolean', [key]);
    if (inWords.length > 0) return absent('boolean', [gap('input', name)], [...facts, ...inWords]);
    return possible > 0 ? unknown([siteOfLesion], facts) : known([false]);
  }
  if (key !== undefined)
    return certain > 0
      ? somewhere(certain, Number.POSITIVE_INFINITY, [key], facts)
      : absent('number', [key], facts);
  const more = inWords.filter((fact) => mayBeAnother(fact, of));
  return known([bounded(certain, certain + possible + more.length)], [...facts, ...more]);
}

/** «Bone metastasis» without a site says nothing more than the lesions on record, in words as in codes. */
function mayBeAnother(fact: Fact, of: Case): boolean {
  const places = placesOf(fact, of.sites);
  const all = of.lesions.flatMap(({ locations }) => locations);
  if (of.lesions.length === 0) return true;
  return places.length === 0
    ? hasSite(fact)
    : places.some((place) => !all.some((own) => mayCoincide(own, place)));
}

function mayLieIn(fact: Fact, sites: readonly string[] | undefined, of: Case): boolean {
  const places = placesOf(fact, of.sites);
  return sites === undefined || places.length === 0 || anyWithin(places, sites, of.sites) !== false;
}

/** Its Conditions, where there are any: a BodyStructure only repeats, without a date, where it lies. */
function diagnosesOf({ facts }: Lesion): readonly Fact[] {
  const conditions = facts.filter(({ type }) => type === 'Condition');
  return conditions.length > 0 ? conditions : facts;
}

function placesValue(input: string, { lesion }: Subject): Value {
  if (lesion === undefined || lesion.locations.length === 0) return unknown([gap('input', input)]);
  return known([lesion.locations.length], lesion.facts);
}

/** What is not known at all is not undecided: which facts would decide is then said of the input itself. */
function undecidedValue(of: Value): Value {
  const { possible, missing } = of;
  const facts = (): readonly Fact[] => of.facts;
  if (of.absent !== undefined) return absent('boolean', missing, facts);
  return possible.length === 0 ? unknown(missing, facts) : known([possible.length > 1], facts);
}

function scoreValue({ score, part, over, scope }: ScoreInput, subject: Subject, of: Case): Value {
  if (over === 'highest') {
    const meant = of.lesions.filter(
      (lesion) => scope !== 'item' || lesionAtOrder(lesion, subject.item, of) !== 'no',
    );
    const lost = scope === 'item' ? meant.flatMap((lesion) => placeLost({ ...subject, lesion }, of)) : [];
    if (lost.length > 0) return absent('number', [...new Set(lost)]);
    const results = meant.flatMap((lesion) => of.scoreOf(score, lesion) ?? []);
    return results.length === 0 ? notScored(score, part, of) : highest(results);
  }
  const result = of.scoreOf(score, subject.lesion) ?? of.scoreOf(score, undefined);
  if (result === undefined) return notScored(score, part, of);
  return resting(
    part === 'total' ? result.reachable : result.possibleClasses,
    itemGaps(result.missing),
    () => factsIn(result),
    [result],
  );
}

function notScored(score: string, part: ScoreInput['part'], of: Case): Value {
  const key = of.missingData('Observation');
  return key === undefined
    ? unknown([gap('score', score)])
    : absent(part === 'total' ? 'number' : 'code', [key]);
}

/** The highest total over several lesions: at least the greatest of their minima. */
function highest(results: readonly ScoreResult[]): Value {
  const floor = Math.max(...results.map(({ reachable }) => Math.min(...reachable)));
  const totals = new Set(results.flatMap(({ reachable }) => reachable.filter((total) => total >= floor)));
  const open = results.filter(({ reachable }) => reachable.some((total) => total > floor));
  const missing = [...new Set(open.flatMap((result) => itemGaps(result.missing)))];
  return resting([...totals], missing, () => results.flatMap(factsIn), results);
}

const factsIn = ({ items }: ScoreResult): readonly Fact[] => items.flatMap(({ facts }) => facts);

function personValue({ part }: PersonInput, of: Case): Value {
  const patient = of.chart.patient;
  const key = of.missingData('Patient');
  if (patient === undefined)
    return key === undefined
      ? unknown([gap('element', part)])
      : absent(part === 'age' ? 'number' : 'code', [key]);
  if (part === 'gender') {
    const gender = text(patient['gender']);
    return gender === 'male' || gender === 'female' ? known([gender]) : unknown([gap('element', part)]);
  }
  const birth = daySpan(patient['birthDate']);
  if (birth === undefined) return unknown([gap('element', part)]);
  const { min, max } = elapsed(birth, { from: of.today, to: of.today }, 'a');
  return min < 0 ? unknown([gap('element', part)]) : known([bounded(min, max)]);
}
