import type { FhirResource } from '../cds-hooks/types.js';
import type { FactState } from '../knowledge/types.js';
import { daySpan, type DaySpan } from './dates.js';
import { objects, text } from './element.js';
import { isObject, type JsonObject } from '../json.js';
import { jsonOf, resourceTypes } from '../resource-table.js';

/** When something began and when it last held. `open`: no end is known and it is still going on. */
export interface When {
  readonly start: DaySpan | undefined;
  readonly end: DaySpan | undefined;
  readonly open: boolean;
  /** Milliseconds since the epoch where a time of day is given: orders two values of one day. Rarely asked for. */
  instant(): number | undefined;
}

type Moment = string | undefined;

interface Moments {
  readonly start: Moment;
  readonly end: Moment;
}

const never: Moments = { start: undefined, end: undefined };

const isGiven = ({ start, end }: Moments): boolean => start !== undefined || end !== undefined;

/** A date or a Period. */
function momentsIn(value: unknown): Moments {
  const single = text(value);
  if (single !== undefined) return { start: single, end: single };
  return isObject(value) ? { start: text(value['start']), end: text(value['end']) } : never;
}

type Read = (holder: JsonObject) => Moments;

/** Choices of R4 that say when; of the others (an age, a timing) no day is known. */
const choices = ['DateTime', 'Instant', 'String', 'Date', 'Period'];

/** Reads an element of the table: the first of its values that says when. */
function readerOf(element: string): Read {
  const outer = element.split('.');
  const last = outer.pop() ?? '';
  const names = last.endsWith('[x]') ? choices.map((choice) => jsonOf(last, choice)) : [last];
  const read: Read = (holder) => {
    for (const name of names) {
      const found = momentsIn(holder[name]);
      if (isGiven(found)) return found;
    }
    return never;
  };
  if (outer.length === 0) return read;
  return (resource) => {
    const holders = outer.reduce<readonly JsonObject[]>(
      (found, name) => found.flatMap((each) => objects(each[name])),
      [resource],
    );
    return holders.map(read).find(isGiven) ?? never;
  };
}

const readers = new Map(
  [...resourceTypes].map(([type, { dates = [], begins }]) => [type, { dates: dates.map(readerOf), begins }]),
);

function moments(resource: FhirResource): Moments {
  const read = readers.get(resource.resourceType);
  if (read === undefined) return never;
  const { dates, begins } = read;
  let found = never;
  for (const date of dates) if (!isGiven(found)) found = date(resource);
  return begins === undefined || found.start !== undefined
    ? found
    : { start: text(resource[begins]), end: found.end };
}

const drugs: ReadonlySet<string> = new Set(['MedicationRequest', 'MedicationStatement']);

/**
 * Dates of a resource: a drug that is being taken and has no end is `open`, and
 * counts as taken today; one that is over and has no end keeps its start as the last thing known.
 */
export function readWhen(resource: FhirResource, state: FactState | undefined): When {
  const { start, end } = moments(resource);
  const going = state === 'current' || state === 'ordered';
  const open = drugs.has(resource.resourceType) && going && end === undefined;
  const last = end ?? (open ? undefined : start);
  const first = start ?? end;
  const began = daySpan(first);
  let time: { readonly at: number | undefined } | undefined;
  return {
    start: began,
    end: last === first ? began : daySpan(last),
    open,
    instant: () => (time ??= { at: timeOf(last) }).at,
  };
}

/** Whether it may begin after `isoDay`; to be made sure of by its dates. What is written in ISO 8601 sorts as text. */
export function mayBeginAfter(resource: FhirResource, isoDay: string): boolean {
  const { start, end } = moments(resource);
  const first = start ?? end;
  return first !== undefined && first.slice(0, isoDay.length) > isoDay;
}

function timeOf(moment: Moment): number | undefined {
  const time = moment?.includes('T') === true ? Date.parse(moment) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
