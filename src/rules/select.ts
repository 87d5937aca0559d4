import type { Chart, Fact } from '../chart/chart.js';
import { addCalendar, isSince, type CalendarUnit } from '../chart/dates.js';
import type { Aim, CodedElement, Selection, Setting } from '../knowledge/types.js';

/** Facts that certainly match, and those of which it cannot be said (no date, uncoded draft, open histology). */
export interface Selected {
  readonly certain: readonly Fact[];
  readonly possible: readonly Fact[];
}

export type Match = 'yes' | 'possible' | 'no';

/** What selecting facts needs besides the selections. */
export interface SelectionContext {
  readonly chart: Chart;
  readonly today: number;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Whether a fact lies where the order at hand is meant. */
  atOrder?(fact: Fact): Match;
  /** Whether a fact certainly lies in these sites and nowhere else. */
  liesWithin?(fact: Fact, sites: readonly string[]): boolean;
  /** Whether a fact names a place of these value sets, and no bone. */
  liesOff?(fact: Fact, valueSets: readonly string[]): boolean;
  /** Whether a fact says where it lies, be it in words, or which lesion it is for. */
  isSited?(fact: Fact): boolean;
  /** Whether what was done or asked for is aimed at the bone lesion or compression in question. */
  isAimed?(fact: Fact, aim: Aim): Match;
}

const worse: Readonly<Record<Match, number>> = { yes: 0, possible: 1, no: 2 };

/** No fact matches; one object, so that callers can tell by identity that there is nothing to sort or read. */
export const nothingSelected: Selected = { certain: [], possible: [] };

/** A copy that is not frozen: V8 walks a frozen list without its short cuts, and these are walked for every fact. */
export const thawed = (selections: readonly Selection[]): readonly Selection[] => structuredClone(selections);

/** Applies selections to the chart, or to the given candidates. */
export function select(
  selections: readonly Selection[],
  context: SelectionContext,
  among?: readonly Fact[],
): Selected {
  // Most inputs find nothing in most charts: nothing is made until something is found.
  let found: Map<Fact, boolean> | undefined;
  const look = (selection: Selection, facts: readonly Fact[]): void => {
    for (const fact of facts) {
      const match = matches(fact, selection, context);
      if (match === 'no') continue;
      found ??= new Map();
      found.set(fact, match === 'yes' || found.get(fact) === true);
    }
  };
  const { chart } = context;
  for (const selection of selections) {
    const { type, codes, possibly, element = 'code', state } = selection;
    if (among !== undefined) look(selection, among);
    else if (state?.includes('preliminary') === true) {
      for (const set of codes ?? []) look(selection, chart.preliminaryInSet(type, set));
    } else if (codes === undefined || element !== 'code') look(selection, chart.ofType(type));
    else {
      for (const set of codes) look(selection, chart.inSet(type, set));
      if (possibly !== undefined) for (const set of possibly) look(selection, chart.inSet(type, set));
      for (const set of codes) look(selection, chart.possiblyInSet(type, set));
    }
  }
  if (found === undefined) return nothingSelected;
  const certain: Fact[] = [];
  const possible: Fact[] = [];
  found.forEach((isCertain, fact) => (isCertain ? certain : possible).push(fact));
  return { certain, possible };
}

function matches(fact: Fact, selection: Selection, context: SelectionContext): Match {
  if (fact.type !== selection.type) return 'no';
  if (selection.from === 'request' && !fact.draft) return 'no';
  if (selection.from === 'chart' && fact.draft) return 'no';
  if (selection.state !== undefined && !selection.state.some((state) => state === fact.state)) return 'no';
  const coded = matchesCode(fact, selection);
  if (coded === 'no') return 'no';
  if (selection.notAt !== undefined && context.liesWithin?.(fact, selection.notAt) === true) return 'no';
  if (selection.notIn !== undefined && context.liesOff?.(fact, selection.notIn) === true) return 'no';
  if (selection.sited === true && context.isSited?.(fact) === false) return 'no';
  const dated = matchesAge(fact, selection, context);
  const placed = selection.sameSite === true ? (context.atOrder?.(fact) ?? 'possible') : 'yes';
  const aimed =
    selection.aimed === undefined ? 'yes' : (context.isAimed?.(fact, selection.aimed) ?? 'possible');
  return worst(worst(coded, dated), worst(placed, aimed));
}

/** Of two matches the one that says less. */
export function worst(one: Match, other: Match): Match {
  return worse[other] > worse[one] ? other : one;
}

function matchesCode(fact: Fact, { codes, possibly, element = 'code' }: Selection): Match {
  if (codes === undefined) return 'yes';
  const sets = setsOf(fact, element);
  if (codes.some((set) => sets.has(set))) return 'yes';
  if (possibly?.some((set) => sets.has(set)) === true) return 'possible';
  // Its words name the thing and no code of it is known: what it is must not be guessed, nor may it be taken for nothing.
  return element === 'code' && codes.some((set) => fact.possibleSets.has(set)) ? 'possible' : 'no';
}

function setsOf(fact: Fact, element: CodedElement): ReadonlySet<string> {
  return element === 'code' ? fact.sets : fact.setsOf(element);
}

function matchesAge(fact: Fact, { within }: Selection, { today, settings }: SelectionContext): Match {
  const limit = within === undefined ? undefined : settings.get(within);
  if (limit === undefined || fact.draft || fact.state === 'ordered') return 'yes';
  const { end, open } = fact.when();
  if (open) return 'yes';
  if (end === undefined) return 'possible';
  const inside = isSince(end, today, oldestDay(limit, today));
  if (inside === undefined) return 'possible';
  return inside ? 'yes' : 'no';
}

const oldestDays = new WeakMap<Setting, { readonly today: number; readonly day: number }>();

/** The oldest day that an age limit lets count, worked out once a day. */
export function oldestDay(limit: Setting, today: number): number {
  const known = oldestDays.get(limit);
  if (known?.today === today) return known.day;
  const day = addCalendar(today, -limit.value, calendarUnit(limit.unit));
  oldestDays.set(limit, { today, day });
  return day;
}

/** UCUM unit of an age limit; the loader has checked that it is a unit of time. */
export function calendarUnit(unit: string | undefined): CalendarUnit {
  return unit === 'd' || unit === 'wk' || unit === 'mo' ? unit : 'a';
}
