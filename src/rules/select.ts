import type { Chart, Fact } from '../chart/chart.js';
import { withinAge, type CalendarUnit } from '../chart/dates.js';
import type { CodedElement, Selection, Setting } from '../knowledge/types.js';

/** Facts that certainly match, and those of which it cannot be said (no date, uncoded draft, open histology). */
export interface Selected {
  readonly certain: readonly Fact[];
  readonly possible: readonly Fact[];
}

type Match = 'yes' | 'possible' | 'no';

export interface SelectionContext {
  readonly chart: Chart;
  readonly today: number;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Whether a fact lies where the order at hand is meant. */
  readonly atOrder?: (fact: Fact) => Match;
}

const worse: Readonly<Record<Match, number>> = { yes: 0, possible: 1, no: 2 };

/** Applies selections to the chart, or to the given candidates. */
export function select(
  selections: readonly Selection[],
  context: SelectionContext,
  among?: readonly Fact[],
): Selected {
  const certain = new Set<Fact>();
  const possible = new Set<Fact>();
  for (const selection of selections) {
    for (const fact of among ?? candidates(selection, context.chart)) {
      const match = matches(fact, selection, context);
      if (match === 'yes') certain.add(fact);
      else if (match === 'possible') possible.add(fact);
    }
  }
  for (const fact of certain) possible.delete(fact);
  return { certain: [...certain], possible: [...possible] };
}

function candidates({ type, codes, possibly, element }: Selection, chart: Chart): readonly Fact[] {
  if (codes === undefined || (element !== undefined && element !== 'code')) return chart.ofType(type);
  const coded = [...codes, ...(possibly ?? [])].flatMap((set) => chart.inSet(type, set));
  const uncoded = chart.uncodedDrafts(type);
  return uncoded.length === 0 ? coded : [...coded, ...uncoded];
}

function matches(fact: Fact, selection: Selection, context: SelectionContext): Match {
  if (fact.type !== selection.type) return 'no';
  if (selection.from === 'request' && !fact.draft) return 'no';
  if (selection.from === 'chart' && fact.draft) return 'no';
  if (selection.state !== undefined && !selection.state.some((state) => state === fact.state)) return 'no';
  const coded = matchesCode(fact, selection);
  if (coded === 'no') return 'no';
  const dated = matchesAge(fact, selection, context);
  const placed = selection.sameSite === true ? (context.atOrder?.(fact) ?? 'possible') : 'yes';
  return [coded, dated, placed].reduce((worst, each) => (worse[each] > worse[worst] ? each : worst));
}

function matchesCode(fact: Fact, { codes, possibly, element = 'code' }: Selection): Match {
  if (codes === undefined) return 'yes';
  const sets = setsOf(fact, element);
  if (codes.some((set) => sets.has(set))) return 'yes';
  if (possibly?.some((set) => sets.has(set)) === true) return 'possible';
  // The order at hand has only a text: what it is must not be guessed, nor may it be taken for something else.
  return element === 'code' && fact.draft && fact.uncoded ? 'possible' : 'no';
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
  const inside = withinAge(end, today, limit.value, calendarUnit(limit.unit));
  if (inside === undefined) return 'possible';
  return inside ? 'yes' : 'no';
}

/** UCUM unit of an age limit; the loader has checked that it is a unit of time. */
export function calendarUnit(unit: string | undefined): CalendarUnit {
  return unit === 'd' || unit === 'wk' || unit === 'mo' ? unit : 'a';
}
