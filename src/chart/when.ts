import type { FhirResource } from '../cds-hooks/types.js';
import type { FactState } from '../knowledge/types.js';
import { daySpan, type DaySpan } from './dates.js';
import { objects, text } from './element.js';
import { isObject } from '../json.js';

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

const same = (moment: Moment): Moments => ({ start: moment, end: moment });

function choice(resource: FhirResource, stem: string): Moments {
  const single =
    text(resource[`${stem}DateTime`]) ?? text(resource[`${stem}Instant`]) ?? text(resource[`${stem}String`]);
  if (single !== undefined) return same(single);
  const period = resource[`${stem}Period`];
  return isObject(period) ? { start: text(period['start']), end: text(period['end']) } : same(undefined);
}

function or(first: Moments, second: () => Moments): Moments {
  return first.start === undefined && first.end === undefined ? second() : first;
}

function dosagePeriod(resource: FhirResource): Moments {
  for (const dosage of objects(resource['dosageInstruction'] ?? resource['dosage'])) {
    const repeat = isObject(dosage['timing']) ? dosage['timing']['repeat'] : undefined;
    const bounds = isObject(repeat) ? repeat['boundsPeriod'] : undefined;
    if (isObject(bounds)) return { start: text(bounds['start']), end: text(bounds['end']) };
  }
  const dispense = resource['dispenseRequest'];
  const validity = isObject(dispense) ? dispense['validityPeriod'] : undefined;
  return isObject(validity)
    ? { start: text(validity['start']), end: text(validity['end']) }
    : same(undefined);
}

/** When what it holds took place: the meeting or examination, and not the day on which somebody wrote of it. */
function periodOf(holder: unknown): Moments {
  const period = isObject(holder) ? holder['period'] : undefined;
  return isObject(period) ? { start: text(period['start']), end: text(period['end']) } : same(undefined);
}

function moments(resource: FhirResource): Moments {
  switch (resource.resourceType) {
    case 'Condition':
      return or(choice(resource, 'onset'), () => same(text(resource['recordedDate'])));
    case 'AllergyIntolerance':
      return or(choice(resource, 'onset'), () => same(text(resource['recordedDate'])));
    case 'Observation':
    case 'DiagnosticReport':
      return or(choice(resource, 'effective'), () => same(text(resource['issued'])));
    case 'Procedure':
      return choice(resource, 'performed');
    case 'ServiceRequest':
      return choice(resource, 'occurrence');
    case 'MedicationRequest': {
      const { start, end } = dosagePeriod(resource);
      return { start: start ?? text(resource['authoredOn']), end };
    }
    case 'MedicationAdministration':
    case 'MedicationStatement':
      return choice(resource, 'effective');
    case 'Appointment':
      return same(text(resource['start']));
    case 'Encounter':
      return periodOf(resource);
    case 'ImagingStudy':
      return same(text(resource['started']));
    case 'Goal':
      return same(text(resource['startDate']));
    case 'DocumentReference':
      return or(periodOf(resource['context']), () => same(text(resource['date'])));
    case 'Composition':
      return or(periodOf(objects(resource['event'])[0]), () => same(text(resource['date'])));
    default:
      return same(undefined);
  }
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
