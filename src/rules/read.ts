import type { Chart, Fact } from '../chart/chart.js';
import { addCalendar, type DaySpan } from '../chart/dates.js';
import { codings, objects, text } from '../chart/element.js';
import { latestFirst, newestOnTop, possiblyNewest, seen } from '../chart/newest.js';
import { measure, plainInterval, type Interval } from '../chart/quantity.js';
import type { UnitSpellings } from '../chart/unit-spellings.js';
import { ExpressionError } from '../fhirpath/compile.js';
import type { SelectedInput, Setting } from '../knowledge/types.js';
import { gap, type Gap } from './gap.js';
import { calendarUnit, type Selected } from './select.js';
import {
  absent,
  bounded,
  known,
  numbersAmong,
  somewhere,
  unknown,
  type Facts,
  type Kind,
  type Possibility,
  type Value,
} from './value.js';
import { isObject, type JsonObject } from '../json.js';
import { orderTypes } from '../resource-table.js';

/** What reading a fact needs besides the fact. */
export interface ReadContext {
  readonly chart: Chart;
  readonly today: number;
  readonly spellings: UnitSpellings;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Whether a code system is one of the project's own: an answer in one of them is preferred. */
  isOwnSystem(system: string): boolean;
}

type Path = ((resource: unknown) => readonly unknown[]) | undefined;

/**
 * Makes the value of an input from what was selected.
 * @param keys prefetch keys that could not be had: what is not found there is not known to be absent
 */
export function read(
  input: SelectedInput & { readonly name: string },
  path: Path,
  { certain, possible }: Selected,
  keys: readonly Gap[],
  context: ReadContext,
): Value {
  const facts = (): readonly Fact[] => newestOnTop(certain);
  switch (input.read) {
    case 'exists':
      if (certain.length > 0) return known([true], facts);
      return whereNone(input.name, possible, keys);
    case 'ongoing': {
      const going = certain.filter((fact) => fact.when().open);
      if (going.length > 0) return known([true], () => newestOnTop(going));
      return whereNone(
        input.name,
        possible.filter((fact) => fact.when().open),
        keys,
      );
    }
    case 'count':
      if (keys.length > 0) {
        return certain.length === 0
          ? absent('number', keys)
          : somewhere(certain.length, Number.POSITIVE_INFINITY, keys, facts);
      }
      return known([bounded(certain.length, certain.length + possible.length)], () => [
        ...facts(),
        ...possible,
      ]);
    default:
  }
  if (keys.length > 0) return whereIncomplete(input, path, certain, keys, context);
  if (input.read === 'date' || input.read === 'first-date') {
    const courseBreak = courseBreakOf(input, context);
    if (mayMoveTheDay(input.read, certain, possible, courseBreak !== undefined)) {
      const looked = (): readonly Fact[] => [...possible, ...facts()];
      return certain.length === 0
        ? whereOpen('number', [gap('input', input.name)], possible, looked)
        : unknown([gap('input', input.name)], looked);
    }
    return readDate(input, certain, context.today, courseBreak);
  }
  if (input.read === 'highest') return highestReading(input, path, certain, possible, context);
  return newestReading(input, path, certain, possible, context);
}

/** What only words name may say anything: a choice between «there is» and «there is none» must not take it for either. */
function whereOpen(kind: Kind, missing: readonly Gap[], possible: readonly Fact[], looked: Facts): Value {
  return possible.some(({ possibleSets }) => possibleSets.size > 0)
    ? absent(kind, missing, looked)
    : unknown(missing, looked);
}

/** Nothing certain was found. What may be the thing is there, whatever else could not be had: it is not none either. */
function whereNone(name: string, possible: readonly Fact[], keys: readonly Gap[]): Value {
  if (possible.length > 0) return whereOpen('boolean', [...keys, gap('input', name)], possible, possible);
  return keys.length > 0 ? absent('boolean', keys) : known([false]);
}

const kinds: Readonly<Partial<Record<SelectedInput['read'], Kind>>> = {
  boolean: 'boolean',
  answer: 'code',
  display: 'code',
};

/** A result that could not be had may be newer than those that were; what is on record bounds a day and a highest value. */
function whereIncomplete(
  input: SelectedInput & { readonly name: string },
  path: Path,
  facts: readonly Fact[],
  keys: readonly Gap[],
  context: ReadContext,
): Value {
  const told = ({ possible }: Value): readonly number[] => numbersAmong(possible);
  if (input.read === 'highest') {
    const [least] = told(highestReading(input, path, facts, [], context));
    if (least !== undefined) return somewhere(least, Number.POSITIVE_INFINITY, keys, facts);
  }
  // Doses that could not be had may make one course of two, or begin another.
  if ((input.read === 'date' || input.read === 'first-date') && input.courseBreak === undefined) {
    const days = told(readDate(input, facts, context.today, undefined));
    const latest = input.select.some(({ type }) => orderTypes.includes(type)) ? distantDay : context.today;
    if (days.length > 0) {
      return input.read === 'date'
        ? somewhere(Math.min(...days), Math.max(latest, ...days), keys, facts)
        : somewhere(-distantDay / 10, Math.max(...days), keys, facts);
    }
  }
  return absent(kinds[input.read] ?? 'number', keys, facts);
}

const courseBreakOf = ({ courseBreak }: SelectedInput, { settings }: ReadContext): Setting | undefined =>
  courseBreak === undefined ? undefined : settings.get(courseBreak);

/** The first day of the newest course: each drug is looked at apart, and a break longer than the limit begins another course. */
function newestCourse(facts: readonly Fact[], limit: Setting): DaySpan {
  const starts = byDrug(facts).map((doses) => {
    const [first, ...later] = doses.flatMap(spanOfDose).sort((a, b) => a.start.from - b.start.from);
    let start = first?.start ?? { from: -Infinity, to: -Infinity };
    let last = first?.last ?? start.to;
    for (const dose of later) {
      if (dose.start.from > addCalendar(last, limit.value, calendarUnit(limit.unit))) start = dose.start;
      last = Math.max(last, dose.last);
    }
    return start;
  });
  return {
    from: Math.max(...starts.map(({ from }) => from)),
    to: Math.max(...starts.map(({ to }) => to)),
  };
}

/** A drug that is still taken has no break after it. */
function spanOfDose(fact: Fact): readonly { readonly start: DaySpan; readonly last: number }[] {
  const { start, end, open } = fact.when();
  if (start === undefined) return [];
  return [{ start, last: open ? distantDay : (end ?? start).to }];
}

/** Days beyond all that a chart holds, from which calendar arithmetic is still safe. */
const distantDay = 1_000_000;

/** Facts that share a code are of one drug. */
function byDrug(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  let groups: { readonly codes: ReadonlySet<string>; readonly facts: readonly Fact[] }[] = [];
  for (const fact of facts) {
    const codes = fact.coded('code').codings.map(({ system, code }) => `${system ?? ''}|${code}`);
    const same = groups.filter((group) => codes.some((code) => group.codes.has(code)));
    groups = [
      ...groups.filter((group) => !same.includes(group)),
      {
        codes: new Set([...codes, ...same.flatMap((group) => [...group.codes])]),
        facts: [...same.flatMap((group) => group.facts), fact],
      },
    ];
  }
  return groups.map((group) => group.facts);
}

/** Whether a fact of which it is not known that it counts may be newer than the newest, older than the first, or part of a course. */
function mayMoveTheDay(
  read: 'date' | 'first-date',
  certain: readonly Fact[],
  possible: readonly Fact[],
  ofCourse: boolean,
): boolean {
  if (possible.length === 0) return false;
  if (ofCourse || certain.length === 0) return true;
  if (read === 'date') {
    const dated = seen(certain);
    return possible.some((fact) => !dated.isBehind(fact));
  }
  const firsts = certain.flatMap((fact) => fact.when().start?.to ?? []);
  return possible.some((fact) => {
    const { start } = fact.when();
    return start === undefined || firsts.length === 0 || start.from < Math.min(...firsts);
  });
}

function readDate(
  input: SelectedInput & { readonly name: string },
  facts: readonly Fact[],
  today: number,
  courseBreak: Setting | undefined,
): Value {
  const shown = (): readonly Fact[] => newestOnTop(facts);
  const spans = facts.flatMap((fact) => {
    const { start, end: last, open } = fact.when();
    // What is planned over some days may take place on the first of them.
    const end = fact.type === 'ServiceRequest' ? (start ?? last) : last;
    // A planned act without a date is taken as meant for today .
    const meantForToday = fact.draft && orderTypes.includes(fact.type);
    if (input.read === 'first-date') {
      return start !== undefined ? [start] : meantForToday ? [{ from: today, to: today }] : [];
    }
    if (open || (end === undefined && fact.draft)) return [{ from: today, to: today }];
    return end === undefined ? [] : [end];
  });
  const [first, ...rest] = spans;
  if (first === undefined || spans.length < facts.length) return unknown([gap('input', input.name)], shown);
  if (courseBreak !== undefined) {
    const { from, to } = newestCourse(facts, courseBreak);
    return known([bounded(from, to)], shown);
  }
  const pick = input.read === 'first-date' ? Math.min : Math.max;
  const bounds = rest.reduce(
    (sofar, span) => ({ from: pick(sofar.from, span.from), to: pick(sofar.to, span.to) }),
    first,
  );
  return known([bounded(bounds.from, bounds.to)], shown);
}

/**
 * What the possibly newest results say, of those that say something. A result of which it is not known whether it counts (no
 * date, not readable as this or as anything else) is one more possibility beside those that do; alone it leaves the value open.
 */
function newestReading(
  input: SelectedInput & { readonly name: string },
  path: Path,
  facts: readonly Fact[],
  possible: readonly Fact[],
  context: ReadContext,
): Value {
  const certain = saying(input, path, latestFirst(facts), context);
  if (certain.length === 0) return noReading(input, facts, possible);
  const perhaps = possible.length === 0 ? [] : saying(input, path, possible, context);
  const newest = possiblyNewest(certain, ({ fact }) => fact);
  const counting = seen(newest.map(({ fact }) => fact));
  const all = [...inOrder(newest), ...perhaps.filter(({ fact }) => !counting.isBehind(fact))];
  const together = all.map(({ fact }) => fact);
  const readings = all.map(({ reading }) => reading);
  if (readings.includes('unusable')) return unknown([gap('input', input.name)], together);
  return known(unique(readings.flatMap((each) => (typeof each === 'string' ? [] : each))), together);
}

/** Nothing that counts says anything. What may count may say anything: it is not none either. */
function noReading(
  { name, read: readAs }: SelectedInput & { readonly name: string },
  facts: readonly Fact[],
  possible: readonly Fact[],
): Value {
  const looked = (): readonly Fact[] => [...newestOnTop(facts), ...possible];
  return whereOpen(kinds[readAs] ?? 'number', [gap('input', name)], possible, looked);
}

/** What newest results say, in the order in which they are shown. */
function inOrder(said: readonly Said[]): readonly Said[] {
  if (said.length < 2) return said;
  const byFact = new Map(said.map((each) => [each.fact, each]));
  return newestOnTop([...byFact.keys()]).flatMap((fact) => byFact.get(fact) ?? []);
}

/** The highest of all results. One that cannot be read, or may not count, may be higher than those that can. */
function highestReading(
  input: SelectedInput & { readonly name: string },
  path: Path,
  facts: readonly Fact[],
  possible: readonly Fact[],
  context: ReadContext,
): Value {
  const read = facts.map((fact) => ({ fact, reading: readOne(input, path, fact, context) }));
  const said = read.flatMap(({ fact, reading }) =>
    typeof reading === 'string' ? [] : reading.map((value) => ({ fact, ...endsOf(value) })),
  );
  if (said.length === 0) return noReading(input, facts, possible);
  const isOpen = possible.length > 0 || read.some(({ reading }) => reading === 'unusable');
  const min = Math.max(...said.map((each) => each.min));
  const max = isOpen ? Number.POSITIVE_INFINITY : Math.max(...said.map((each) => each.max));
  const highest = said.filter((each) => each.max >= min).map(({ fact }) => fact);
  return known([bounded(min, max)], () => newestOnTop([...new Set(highest)]));
}

function endsOf(value: Possibility): { readonly min: number; readonly max: number } {
  return typeof value === 'object' ? value : { min: Number(value), max: Number(value) };
}

interface Said {
  readonly fact: Fact;
  readonly reading: Reading;
}

/** Results that say something, of facts that stand latest first; those behind one that is certainly later than all the rest are not read. */
function saying(
  input: SelectedInput,
  path: Path,
  facts: readonly Fact[],
  context: ReadContext,
): readonly Said[] {
  const said: Said[] = [];
  const newer = seen();
  for (const fact of facts) {
    if (newer.isBehind(fact)) continue;
    const reading = readOne(input, path, fact, context);
    if (reading === 'nothing') continue;
    said.push({ fact, reading });
    newer.add(fact);
  }
  return said;
}

function unique(values: readonly Possibility[]): readonly Possibility[] {
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...seen.values()];
}

type Reading = readonly Possibility[] | 'nothing' | 'unusable';

function readOne(input: SelectedInput, path: Path, fact: Fact, context: ReadContext): Reading {
  const found = path === undefined ? observationValues(fact) : follow(path, fact);
  if (found === 'unusable') return found;
  if (found.length === 0) return 'nothing';
  const readings = found.map((value) => readValue(input, value, context));
  if (readings.includes('unusable')) return 'unusable';
  const values = readings.flatMap((reading) => (typeof reading === 'string' ? [] : reading));
  return values.length === 0 ? 'nothing' : values;
}

/** An element of a wrong shape where a function wants a text is the resource's fault: no reason for the rule to fail. */
function follow(path: NonNullable<Path>, { resource }: Fact): readonly unknown[] | 'unusable' {
  try {
    return path(resource);
  } catch (error) {
    if (error instanceof ExpressionError) return 'unusable';
    throw error;
  }
}

const valueElements = [
  'valueQuantity',
  'valueInteger',
  'valueCodeableConcept',
  'valueBoolean',
  'valueRatio',
  'valueRange',
  'valueString',
];

function observationValues({ resource }: Fact): readonly unknown[] {
  return valueElements.map((name) => resource[name]).filter((value) => value !== undefined && value !== null);
}

function readValue(input: SelectedInput, value: unknown, context: ReadContext): Reading {
  switch (input.read) {
    case 'number':
    case 'highest':
      return withinBounds(readNumber(input, value, context), input, context);
    case 'boolean':
      return typeof value === 'boolean' ? [value] : 'nothing';
    case 'answer': {
      const all = codings(value);
      const own = all.filter(({ system }) => system !== undefined && context.isOwnSystem(system));
      const chosen = (own.length > 0 ? own : all).map(({ code }) => code);
      return chosen.length > 0 ? chosen : 'unusable';
    }
    case 'interval':
      return readInterval(value);
    case 'display':
      return text(value) === undefined ? 'nothing' : [text(value) ?? ''];
    default:
      return 'nothing';
  }
}

/** A value that cannot be true is not left out: it would let an older one speak in its place. */
function withinBounds(reading: Reading, bounds: SelectedInput, { settings }: ReadContext): Reading {
  if (typeof reading === 'string') return reading;
  const boundOf = (bound: number | string): number =>
    typeof bound === 'number' ? bound : (settings.get(bound)?.value ?? Number.NaN);
  const min = boundOf(bounds.min ?? -Infinity);
  const max = boundOf(bounds.max ?? Infinity);
  const isTrueAt = (value: Possibility): boolean =>
    typeof value === 'object'
      ? value.min <= max && value.max >= min
      : Number(value) >= min && Number(value) <= max;
  return reading.every(isTrueAt) ? reading : 'unusable';
}

function readNumber({ unit, molarMass }: SelectedInput, value: unknown, { spellings }: ReadContext): Reading {
  if (typeof value === 'number') return unit === undefined || unit === '1' ? [value] : 'unusable';
  if (!isObject(value)) return 'unusable';
  if (isObject(value['numerator']) && isObject(value['denominator'])) return readRatio(value, unit);
  if ('low' in value || 'high' in value) return readRange(value, unit, molarMass, spellings);
  if (unit === undefined) {
    if (typeof value['value'] !== 'number') return 'nothing';
    const interval = plainInterval(value);
    return interval === undefined ? 'unusable' : [exactly(interval)];
  }
  const measured = measure(value, { unit, ...(molarMass !== undefined && { molarMass }) }, spellings);
  if (measured.ok) return [exactly(measured.interval)];
  return measured.reason === 'no-value' ? 'nothing' : 'unusable';
}

function exactly(interval: Interval): Possibility {
  return interval.min === interval.max ? interval.min : interval;
}

/**
 * A fraction such as 1:3, as a percentage or as a plain number; its exactness matters at one third. Two parts in different
 * units, and one that is only bounded, are no fraction.
 */
function readRatio(value: JsonObject, unit: string | undefined): Reading {
  const [top, bottom] = ['numerator', 'denominator'].map((name) => partOf(value[name]));
  if (top === undefined || bottom === undefined || bottom.value === 0 || top.unit !== bottom.unit)
    return 'unusable';
  return [unit === '%' ? (100 * top.value) / bottom.value : top.value / bottom.value];
}

function partOf(quantity: unknown): { readonly value: number; readonly unit: string } | undefined {
  if (!isObject(quantity)) return undefined;
  const { value, comparator } = quantity;
  if (typeof value !== 'number' || (comparator !== undefined && comparator !== null)) return undefined;
  return { value, unit: text(quantity['code']) ?? text(quantity['unit']) ?? '1' };
}

function readRange(
  value: Readonly<Record<string, unknown>>,
  unit: string | undefined,
  molarMass: number | undefined,
  spellings: UnitSpellings,
): Reading {
  const end = (side: 'low' | 'high', open: number): number | undefined => {
    if (value[side] === undefined) return open;
    const measured = measure(
      value[side],
      { unit: unit ?? '1', ...(molarMass !== undefined && { molarMass }) },
      spellings,
    );
    return measured.ok ? measured.interval.min : undefined;
  };
  const min = end('low', 0);
  const max = end('high', Number.POSITIVE_INFINITY);
  if (min === undefined || max === undefined || max < min) return 'unusable';
  return [min === max ? min : { min, max, minOpen: false, maxOpen: max === Number.POSITIVE_INFINITY }];
}

const daysPer: ReadonlyMap<string, number> = new Map([
  ['h', 1 / 24],
  ['d', 1],
  ['wk', 7],
  ['mo', 30.4375],
  ['a', 365.25],
]);

/** A mean month is 30.4375 days, which nobody counts in: from a week on, whole days are meant. */
const wholeDays = (days: number): number => (days > 7 ? Math.round(days) : days);

/** Days between two doses, of a `Timing.repeat` («1 time per 28 d», «every month», «every 4 to 6 weeks»). */
function readInterval(value: unknown): Reading {
  const days = objects(value).flatMap((repeat): readonly Possibility[] => {
    const { period, periodMax = period, frequency = 1, frequencyMax = frequency } = repeat;
    const perUnit = daysPer.get(text(repeat['periodUnit']) ?? '');
    const numbers = [period, periodMax, frequency, frequencyMax];
    if (perUnit === undefined || !numbers.every(isPositive)) return [];
    const [shortest = 0, longest = 0, fewest = 1, most = 1] = numbers;
    if (longest < shortest || most < fewest) return [];
    return [bounded(wholeDays((shortest * perUnit) / most), wholeDays((longest * perUnit) / fewest))];
  });
  return days.length > 0 ? days : 'nothing';
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0;
