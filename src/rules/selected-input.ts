import type { Fact } from '../chart/chart.js';
import { addCalendar, type DaySpan } from '../chart/dates.js';
import { lesionOf, type Lesion } from '../chart/lesions.js';
import { compilePath } from '../fhirpath/compile.js';
import type { NamedInput } from '../knowledge/knowledge.js';
import type { Aim, Scope, SelectedInput, Selection, Setting } from '../knowledge/types.js';
import type { Case, InputReader, Subject } from './case.js';
import type { Gap } from './gap.js';
import { kindOfInput } from './kind.js';
import {
  factAtLesion,
  factAtOrder,
  isAimed,
  isSited,
  lesionKeys,
  liesOff,
  liesWithin,
  placesLost,
  saysWhere,
} from './order-site.js';
import { read } from './read.js';
import {
  calendarUnit,
  nothingSelected,
  select,
  type Match,
  type Selected,
  type SelectionContext,
} from './select.js';
import { absent, numbersAmong, resting, unknown, type Possibility, type Value } from './value.js';

/**
 * Compiles an input that selects resources and reads them.
 * @param selection that of the input; the same object for all inputs that select the same, so that whether there is a
 *   calcium, of what day, and what it is are found in a chart once
 */
export function compileSelected(
  input: NamedInput & SelectedInput,
  selection: readonly Selection[],
): InputReader {
  const path = input.path === undefined ? undefined : compilePath(input.path);
  const scope = input.scope ?? 'patient';
  const types = [...new Set(input.select.filter(({ from }) => from !== 'request').map(({ type }) => type))];
  // What lies at the site of one order is worked out anew for each order.
  const placed = input.select.some(({ sameSite }) => sameSite === true);
  const elsewhere = input.select.some(
    ({ notAt, notIn, sited, aimed }) =>
      notAt !== undefined || notIn !== undefined || sited === true || aimed !== undefined,
  );
  const looksAround = placed || scope === 'lesion';
  const kind = kindOfInput(input, () => undefined);
  const contextOf = (subject: Subject, of: Case): SelectionContext =>
    placed || elsewhere ? placing(subject, of, scope) : of;
  const inChart = (subject: Subject, of: Case): Selected => {
    let found = of.found.get(selection);
    if (found === undefined) {
      found = select(selection, contextOf(subject, of));
      of.found.set(selection, found);
    }
    return found;
  };
  const facts = (subject: Subject, of: Case): Selected => {
    if (scope === 'item') return subject.item === undefined ? nothingSelected : atHand(subject.item, of);
    if (placed) return select(selection, contextOf(subject, of));
    const found = inChart(subject, of);
    if (scope === 'patient' || found === nothingSelected) return found;
    return atLesion(found, subject, of);
  };
  // Of an order that only its words name, the dose is read all the same: the card says how it was recognised.
  const atHand = (item: Fact, of: Case): Selected => {
    const { certain, possible } = select(selection, of, [item]);
    return input.read === 'exists'
      ? { certain, possible }
      : { certain: [...certain, ...possible], possible: [] };
  };
  // The value where nothing was found and nothing is missing is the same for every chart.
  let whereNothing: Value | undefined;
  const { since, until, reach } = input;
  const windows = [since, until].filter((each) => each !== undefined);
  const value = (subject: Subject, of: Case, valueOf: (name: string) => Value): Value => {
    const all = facts(subject, of);
    const bounds = windows.map(valueOf);
    const open = bounds.filter(({ possible }) => possible.length === 0);
    if (open.length > 0) {
      const missing = open.flatMap((bound) => bound.missing);
      return open.some((bound) => bound.absent !== undefined) ? absent(kind, missing) : unknown(missing);
    }
    const found =
      windows.length === 0
        ? all
        : between(all, {
            ...(since !== undefined && { since: daysOf(valueOf(since)) }),
            ...(until !== undefined && { until: daysOf(valueOf(until)) }),
            reach: reach === undefined ? undefined : of.settings.get(reach),
          });
    const lost = [
      ...bounds.flatMap((bound) => bound.missing),
      ...(looksAround ? placesLost(all.possible, subject, of) : []),
    ];
    if (scope === 'lesion' && subject.lesion === undefined && lost.length > 0) return absent(kind, lost);
    const keys = scope === 'item' ? complete : absentKeys(types, of);
    const told =
      found === nothingSelected && keys === complete
        ? (whereNothing ??= read(input, path, found, keys, of))
        : later(read(input, path, found, keys, of), of.settings.get(input.plus ?? ''));
    return told.possible.length === 0 && lost.length > 0
      ? absent(kind, [...told.missing, ...lost], told.facts)
      : told;
  };
  return { value, facts };
}

const hoursOfDay = 24;

/** The days so long after those of a value. */
function later(value: Value, by: Setting | undefined): Value {
  if (by === undefined || value.possible.length === 0) return value;
  const after = (day: number): number => {
    if (!Number.isFinite(day)) return day;
    // A day is all that is known: hours count as the days that they begin.
    return by.unit === 'h'
      ? day + Math.ceil(by.value / hoursOfDay)
      : addCalendar(day, by.value, calendarUnit(by.unit));
  };
  const possible = value.possible.map((each): Possibility =>
    typeof each === 'number'
      ? after(each)
      : typeof each === 'object'
        ? { ...each, min: after(each.min), max: after(each.max) }
        : each,
  );
  return resting(possible, value.missing, () => value.facts);
}

const byLesion = new WeakMap<Selected, WeakMap<readonly Lesion[], ReadonlyMap<Lesion, Selected>>>();

/** What was selected of the lesion at hand; all that was selected is dealt out to the lesions once. */
function atLesion(found: Selected, { lesion, eligible }: Subject, of: Case): Selected {
  if (lesion === undefined) return nothingSelected;
  let dealt = byLesion.get(found);
  if (dealt === undefined) byLesion.set(found, (dealt = new WeakMap()));
  const among = of.dealtAmong(eligible);
  let ofLesions = dealt.get(among);
  if (ofLesions === undefined) dealt.set(among, (ofLesions = dealtOut(found, among, of)));
  return ofLesions.get(lesion) ?? nothingSelected;
}

function dealtOut(
  { certain, possible }: Selected,
  eligible: readonly Lesion[],
  of: Case,
): ReadonlyMap<Lesion, Selected> {
  const ofLesions = new Map<Lesion, { readonly certain: Fact[]; readonly possible: Fact[] }>();
  const deal = (facts: readonly Fact[], kind: 'certain' | 'possible'): void => {
    for (const fact of facts) {
      const lesion = lesionOf(fact, of.lesions, eligible, of.sites);
      if (lesion === undefined) continue;
      let own = ofLesions.get(lesion);
      if (own === undefined) ofLesions.set(lesion, (own = { certain: [], possible: [] }));
      // While lesions could not all be had, the only one on record need not be the one that is meant.
      const isOpen = lesionKeys(of).length > 0 && !saysWhere(fact, of);
      own[isOpen ? 'possible' : kind].push(fact);
    }
  };
  deal(certain, 'certain');
  deal(possible, 'possible');
  return ofLesions;
}

interface Window {
  readonly since?: DaySpan;
  readonly until?: DaySpan;
  readonly reach: Setting | undefined;
}

function daysOf({ possible }: Value): DaySpan {
  const days = numbersAmong(possible);
  return { from: Math.min(...days), to: Math.max(...days) };
}

/** The facts of a time that other facts bound; those of which the day leaves it open are only possible. */
function between({ certain, possible }: Selected, window: Window): Selected {
  const placed = certain.map((fact) => ({ fact, within: isBetween(fact.when().end, window) }));
  return {
    certain: placed.flatMap(({ fact, within }) => (within === true ? [fact] : [])),
    possible: [
      ...placed.flatMap(({ fact, within }) => (within === undefined ? [fact] : [])),
      ...possible.filter((fact) => isBetween(fact.when().end, window) !== false),
    ],
  };
}

function isBetween(day: DaySpan | undefined, { since, until, reach }: Window): boolean | undefined {
  if (day === undefined) return undefined;
  const oldest =
    until === undefined || reach === undefined
      ? undefined
      : addCalendar(until.from, -reach.value, calendarUnit(reach.unit));
  const isOut =
    (since !== undefined && day.to < since.from) ||
    (until !== undefined && day.from > until.to) ||
    (oldest !== undefined && day.to < oldest);
  if (isOut) return false;
  const isIn =
    (since === undefined || day.from >= since.to) &&
    (until === undefined || day.to <= until.from) &&
    (oldest === undefined || day.from >= oldest);
  return isIn ? true : undefined;
}

/** What selecting needs where it is asked at which place something lies: at the lesion, or where the order is meant. */
export function placing(subject: Subject, of: Case, scope: Scope): SelectionContext {
  return new Placing(subject, of, scope);
}

/** A class, as one is made for each selection at each lesion or order: it holds no functions of its own. */
class Placing implements SelectionContext {
  readonly chart: Case['chart'];
  readonly today: number;
  readonly settings: Case['settings'];
  readonly #subject: Subject;
  readonly #of: Case;
  readonly #isAtLesion: boolean;

  constructor(subject: Subject, of: Case, scope: Scope) {
    this.chart = of.chart;
    this.today = of.today;
    this.settings = of.settings;
    this.#subject = subject;
    this.#of = of;
    this.#isAtLesion = scope === 'lesion';
  }

  liesWithin(fact: Fact, sites: readonly string[]): boolean {
    return liesWithin(fact, sites, this.#of);
  }

  liesOff(fact: Fact, valueSets: readonly string[]): boolean {
    return liesOff(fact, valueSets, this.#of);
  }

  isSited(fact: Fact): boolean {
    return isSited(fact, this.#of);
  }

  isAimed(fact: Fact, aim: Aim): Match {
    return isAimed(fact, aim, this.#isAtLesion ? this.#subject.lesion : undefined, this.#of);
  }

  atOrder(fact: Fact): Match {
    return this.#isAtLesion
      ? factAtLesion(fact, this.#subject.lesion, this.#of)
      : factAtOrder(fact, this.#subject.item, this.#of);
  }
}

const complete: readonly Gap[] = [];

/** Prefetch keys of the types that could not be had. */
export function absentKeys(types: readonly string[], of: Case): readonly Gap[] {
  let absent = complete;
  for (const type of types) {
    const key = of.missingData(type);
    if (key !== undefined && !absent.includes(key)) absent = [...absent, key];
  }
  if (absent !== complete) return absent;
  // What one type of several that can hold it is kept elsewhere does not leave it open: the others are read.
  const elsewhere = of.notKept(types);
  return elsewhere === undefined ? complete : [elsewhere];
}
