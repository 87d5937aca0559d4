import type { Fact } from '../chart/chart.js';
import { daySpan, elapsed } from '../chart/dates.js';
import { text } from '../chart/element.js';
import { placesOf } from '../chart/lesion-sites.js';
import type { Lesion } from '../chart/lesions.js';
import { mayCoincide, type Location, type SiteIndex } from '../chart/sites.js';
import type { NamedInput } from '../knowledge/knowledge.js';
import type { LesionsInput, PersonInput, Scope, ScoreInput, Selection, Setting } from '../knowledge/types.js';
import type { ScoreResult } from '../scores/result.js';
import { compileAnswered } from './answered-input.js';
import { expression, type CostOf } from './condition.js';
import { costsAmong } from './cost.js';
import { elapsedValue } from './elapsed-input.js';
import { kindOfInput } from './kind.js';
import { hasSite, lesionAtOrder, orderLocations, placeLost } from './order-site.js';
import { restsOn } from './rests-on.js';
import { nothingSelected } from './select.js';
import { compileSelected } from './selected-input.js';
import { absent, bounded, known, resting, somewhere, unknown, type Kind, type Value } from './value.js';
import type { Subject, Case, CompiledInput, Inputs } from './case.js';

/** Compiles all inputs; the loader has checked names and expressions before. */
export function compileInputs(
  inputs: ReadonlyMap<string, NamedInput>,
  settings: ReadonlyMap<string, Setting>,
): Inputs {
  const compiled = new Map<string, CompiledInput>();
  const kindOf = (input: NamedInput): Kind => kindOfInput(input, (name) => inputs.get(name));
  const visiting = new Set<string>();
  const selections = new Map<string, readonly Selection[]>();
  const shared = (selection: readonly Selection[]): readonly Selection[] => {
    const key = JSON.stringify(selection);
    const same = selections.get(key);
    if (same === undefined) selections.set(key, selection);
    return same ?? selection;
  };
  const get = (name: string): CompiledInput | undefined => {
    const done = compiled.get(name);
    if (done !== undefined) return done;
    const input = inputs.get(name);
    if (input === undefined || visiting.has(name)) return undefined;
    visiting.add(name);
    const result = compileInput(input, settings, get, kindOf, shared, costOf);
    visiting.delete(name);
    compiled.set(name, result);
    return result;
  };
  const costOf = costsAmong(get);
  for (const name of inputs.keys()) get(name);
  return compiled;
}

function compileInput(
  input: NamedInput,
  settings: ReadonlyMap<string, Setting>,
  get: (name: string) => CompiledInput | undefined,
  kindOf: (input: NamedInput) => Kind,
  shared: (selection: readonly Selection[]) => readonly Selection[],
  costOf: CostOf,
): CompiledInput {
  const narrowest = (names: readonly string[]): Scope => {
    const scopes = names.map((name) => get(name)?.scope ?? 'patient');
    return scopes.includes('item') ? 'item' : scopes.includes('lesion') ? 'lesion' : 'patient';
  };
  const plain = (
    scope: Scope,
    value: CompiledInput['value'],
    uses: readonly string[] = [],
  ): CompiledInput => ({
    input,
    uses,
    scope: input.scope ?? scope,
    value,
    facts: () => nothingSelected,
  });
  switch (input.kind) {
    case 'selected':
      return compileSelected(input, shared(input.select));
    case 'answered':
      return compileAnswered(input, input.scope ?? narrowest(input.finding ?? []));
    case 'site':
      return plain('lesion', (subject, of) =>
        siteValue(input.sites, input.scope ?? 'lesion', input.name, subject, of),
      );
    case 'lesions':
      return plain(input.read === 'places' ? 'lesion' : 'patient', (subject, of) =>
        input.read === 'places' ? placesValue(input.name, subject) : lesionsValue(input, subject, of),
      );
    case 'expression': {
      const compiled = expression(input.expression, settings, kindOf(input), costOf);
      const basis = restsOn(compiled.inputs, get);
      return plain(
        narrowest(compiled.inputs),
        (_, __, valueOf) => compiled.value(valueOf, basis),
        compiled.inputs,
      );
    }
    case 'elapsed': {
      const ends = [input.from, ...(input.to === undefined ? [] : [input.to])];
      return plain(narrowest(ends), (_, of, valueOf) => elapsedValue(input, of.today, valueOf), ends);
    }
    case 'undecided':
      return plain(narrowest([input.of]), (_, __, valueOf) => undecidedValue(valueOf(input.of)), [input.of]);
    case 'score':
      return plain(input.over === undefined ? 'lesion' : 'patient', (subject, of) =>
        scoreValue(input, subject, of),
      );
    case 'person':
      return plain('patient', (_, of) => personValue(input, of));
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
    return lost.length > 0 ? absent('boolean', lost, facts) : unknown([input], facts);
  }
  const answer = anyWithin(locations, names, of.sites);
  return answer === undefined ? unknown([input], facts) : known([answer], facts);
}

function lesionsValue(
  { name, read: readAs, sites, scope, from }: NamedInput & LesionsInput,
  { item }: Subject,
  of: Case,
): Value {
  // What the request records came with it, whatever of the chart is missing.
  const key = from === 'request' ? undefined : of.missingKey('Condition');
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
    if (inWords.length > 0) return absent('boolean', [name], [...facts, ...inWords]);
    return possible > 0 ? unknown(['bodySite'], facts) : known([false]);
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
  if (lesion === undefined || lesion.locations.length === 0) return unknown([input]);
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
    result.missing,
    () => factsIn(result),
    [result],
  );
}

function notScored(score: string, part: ScoreInput['part'], of: Case): Value {
  const key = of.missingKey('Observation');
  return key === undefined ? unknown([score]) : absent(part === 'total' ? 'number' : 'code', [key]);
}

/** The highest total over several lesions: at least the greatest of their minima. */
function highest(results: readonly ScoreResult[]): Value {
  const floor = Math.max(...results.map(({ reachable }) => Math.min(...reachable)));
  const totals = new Set(results.flatMap(({ reachable }) => reachable.filter((total) => total >= floor)));
  const open = results.filter(({ reachable }) => reachable.some((total) => total > floor));
  const missing = [...new Set(open.flatMap((result) => result.missing))];
  return resting([...totals], missing, () => results.flatMap(factsIn), results);
}

const factsIn = ({ items }: ScoreResult): readonly Fact[] => items.flatMap(({ facts }) => facts);

function personValue({ part }: PersonInput, of: Case): Value {
  const patient = of.chart.patient;
  const key = of.missingKey('Patient');
  if (patient === undefined)
    return key === undefined ? unknown([part]) : absent(part === 'age' ? 'number' : 'code', [key]);
  if (part === 'gender') {
    const gender = text(patient['gender']);
    return gender === 'male' || gender === 'female' ? known([gender]) : unknown([part]);
  }
  const birth = daySpan(patient['birthDate']);
  if (birth === undefined) return unknown([part]);
  const { min, max } = elapsed(birth, { from: of.today, to: of.today }, 'a');
  return min < 0 ? unknown([part]) : known([bounded(min, max)]);
}
