import type { FhirResource } from '../cds-hooks/types.js';
import { codings, objects, referenceKey, referenceOf, text } from '../chart/element.js';
import { inTime, isBefore, laterOf, momentOf, type Moment } from './moment.js';
import { isObject } from '../json.js';

/**
 * A chart as it was at a moment of the past, from what an export of today says of it. Its limits are told in the report:
 * a status without a date of its change is that of today, what was entered late but dated early is seen too early, and
 * what has no date at all is seen always.
 */

/** What a resource of today says of the past. */
export interface Past {
  readonly resource: FhirResource;
  readonly reference: string;
  /** Undefined: it has no date, and is taken as known all along. */
  readonly known: Moment | undefined;
  /** From when on it is as it is today; before, it was `before`. */
  readonly since?: Moment;
  readonly before?: FhirResource;
  /** A request that is over today, of which nobody says since when: it is taken as active. */
  readonly endless: boolean;
}

type Period = { readonly start: Moment | undefined; readonly end: Moment | undefined };

function period(value: unknown): Period {
  return isObject(value)
    ? { start: momentOf(value['start']), end: momentOf(value['end']) }
    : { start: undefined, end: undefined };
}

function choice(resource: FhirResource, stem: string): Period {
  const single = momentOf(resource[`${stem}DateTime`]) ?? momentOf(resource[`${stem}Instant`]);
  return single === undefined ? period(resource[`${stem}Period`]) : { start: single, end: single };
}

const begin = ({ start, end }: Period): Moment | undefined => start ?? end;

/** When each type was known, by the element of R4 that says so. A Map: the type comes from the export. */
const knownBy: ReadonlyMap<string, (resource: FhirResource) => Moment | undefined> = new Map([
  ['Condition', (each: FhirResource) => momentOf(each['recordedDate']) ?? begin(choice(each, 'onset'))],
  ['AllergyIntolerance', (each) => momentOf(each['recordedDate']) ?? begin(choice(each, 'onset'))],
  ['Observation', reported],
  ['DiagnosticReport', reported],
  ['MedicationRequest', (each) => momentOf(each['authoredOn'])],
  ['ServiceRequest', (each) => momentOf(each['authoredOn'])],
  ['Appointment', (each) => momentOf(each['created']) ?? momentOf(each['start'])],
  ['Procedure', (each) => begin(choice(each, 'performed'))],
  ['MedicationAdministration', (each) => begin(choice(each, 'effective'))],
  ['MedicationStatement', (each) => momentOf(each['dateAsserted']) ?? begin(choice(each, 'effective'))],
  ['Encounter', (each) => begin(period(each['period']))],
  ['DocumentReference', (each) => momentOf(each['date'])],
  ['Composition', (each) => momentOf(each['date'])],
  ['ImagingStudy', (each) => momentOf(each['started'])],
  ['CarePlan', (each) => momentOf(each['created']) ?? begin(period(each['period']))],
  ['Goal', (each) => momentOf(each['startDate']) ?? momentOf(each['statusDate'])],
  ['QuestionnaireResponse', (each) => momentOf(each['authored'])],
]);

/** A result over a period is there when the period is over. */
function reported(resource: FhirResource): Moment | undefined {
  const { start, end } = choice(resource, 'effective');
  return laterOf(end ?? start, momentOf(resource['issued']));
}

/** Types that say who or where, and are known as long as what names them. */
const timeless: ReadonlySet<string> = new Set(['Patient', 'Medication', 'BodyStructure']);

/** When the export first knew of a resource; undefined where it has no date. */
export function knownAt(resource: FhirResource): Moment | undefined {
  return knownBy.get(resource.resourceType)?.(resource);
}

/** Whether a resource ought to have a date and has none. */
export function isUndated(resource: FhirResource): boolean {
  return !timeless.has(resource.resourceType) && knownAt(resource) === undefined;
}

const over: ReadonlySet<string> = new Set(['completed', 'stopped']);
const clinicalStatus = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const pastConditions: ReadonlySet<string> = new Set(['inactive', 'remission', 'resolved']);
const kept: ReadonlySet<string> = new Set(['booked', 'pending', 'proposed', 'waitlist', 'cancelled']);

/** A copy without some elements and with others. */
function changed(
  resource: FhirResource,
  without: readonly string[],
  withElements: Readonly<Record<string, unknown>> = {},
): FhirResource {
  const elements = Object.entries(resource).filter(([name]) => !without.includes(name));
  return { ...Object.fromEntries(elements), ...withElements, resourceType: resource.resourceType };
}

interface Restored {
  readonly since?: Moment;
  readonly before?: FhirResource;
  readonly endless?: boolean;
}

/** Where a status of today has a date, what it was before. */
function restored(resource: FhirResource): Restored {
  const status = text(resource['status']) ?? '';
  switch (resource.resourceType) {
    case 'Patient':
      return alive(resource);
    case 'Condition':
      return abated(resource);
    case 'Encounter': {
      const { start, end } = period(resource['period']);
      if (end === undefined || !isObject(resource['period'])) return {};
      const open = { ...(start !== undefined && { start: start.text }) };
      return { since: end, before: changed(resource, [], { status: 'in-progress', period: open }) };
    }
    case 'Appointment': {
      const start = momentOf(resource['start']);
      if (start === undefined || kept.has(status) || status === 'entered-in-error') return {};
      return { since: start, before: changed(resource, [], { status: 'booked' }) };
    }
    case 'Procedure':
      return lasting(resource, 'performedPeriod', 'in-progress');
    case 'MedicationAdministration':
      return lasting(resource, 'effectivePeriod', 'in-progress');
    case 'MedicationStatement': {
      const { end } = period(resource['effectivePeriod']);
      if (!over.has(status)) return {};
      if (end === undefined) return { before: changed(resource, [], { status: 'active' }), endless: true };
      return { since: end, before: changed(resource, [], { status: 'active' }) };
    }
    case 'MedicationRequest':
    case 'ServiceRequest': {
      if (!over.has(status)) return {};
      const before = changed(resource, [], { status: 'active' });
      const end = endOfRequest(resource);
      return end === undefined ? { before, endless: true } : { since: end, before };
    }
    default:
      return {};
  }
}

/** What happens to somebody happens while they live; a death without a date was after all of it. */
function alive(resource: FhirResource): Restored {
  const living = changed(resource, ['deceasedBoolean', 'deceasedDateTime']);
  const death = momentOf(resource['deceasedDateTime']);
  if (death !== undefined) return { since: death, before: living };
  return resource['deceasedBoolean'] === true ? { before: living } : {};
}

function abated(resource: FhirResource): Restored {
  const { start, end } = choice(resource, 'abatement');
  const since = end ?? start;
  const isPast = codings(resource['clinicalStatus']).some(({ code }) => pastConditions.has(code));
  if (since === undefined) return {};
  const without = ['abatementDateTime', 'abatementPeriod'];
  return {
    since,
    before: isPast
      ? changed(resource, without, {
          clinicalStatus: { coding: [{ system: clinicalStatus, code: 'active' }] },
        })
      : changed(resource, without),
  };
}

/** What goes on over a period was not done before its end. */
function lasting(resource: FhirResource, element: string, status: string): Restored {
  const value = resource[element];
  const { start, end } = period(value);
  if (end === undefined || !isObject(value) || text(resource['status']) !== 'completed') return {};
  const open = { ...(start !== undefined && { start: start.text }) };
  return { since: end, before: changed(resource, [], { status, [element]: open }) };
}

/** The planned or real end of a request: of its dosage, of what was dispensed, of the time it is for. */
function endOfRequest(resource: FhirResource): Moment | undefined {
  const ends = objects(resource['dosageInstruction']).flatMap(({ timing }) => {
    const repeat = isObject(timing) ? timing['repeat'] : undefined;
    return (isObject(repeat) ? period(repeat['boundsPeriod']).end : undefined) ?? [];
  });
  const dispense = resource['dispenseRequest'];
  const validity = isObject(dispense) ? period(dispense['validityPeriod']).end : undefined;
  return ends.sort(inTime).at(-1) ?? validity ?? period(resource['occurrencePeriod']).end;
}

/**
 * The past of every resource of a chart. A BodyStructure, which has no date, is known as soon as something that names
 * it, or is named by it, is known.
 */
export function pastOf(resources: readonly FhirResource[]): readonly Past[] {
  const first = new Map<string, Moment | undefined>();
  const note = (key: string, known: Moment | undefined): void => {
    const other = first.get(key);
    const isEarlier = other === undefined || (known !== undefined && inTime(known, other) < 0);
    if (!first.has(key) || isEarlier) first.set(key, known);
  };
  const structures = resources.filter(({ resourceType }) => resourceType === 'BodyStructure');
  if (structures.length > 0) {
    for (const resource of resources) {
      const known = knownAt(resource);
      if (known === undefined) continue;
      for (const key of structuresNamedBy(resource)) note(key, known);
      if (resource.resourceType === 'Condition') note(referenceOf(resource), known);
    }
  }
  const knownStructure = (structure: FhirResource): Moment | undefined => {
    const own = first.get(referenceOf(structure));
    const named = objects(structure['extension']).flatMap(
      ({ valueReference }) => first.get(referenceKey(valueReference) ?? '') ?? [],
    );
    return [...(own === undefined ? [] : [own]), ...named].sort(inTime)[0];
  };
  return resources.map((resource) => {
    const { since, before, endless = false } = restored(resource);
    return {
      resource,
      reference: referenceOf(resource),
      known: resource.resourceType === 'BodyStructure' ? knownStructure(resource) : knownAt(resource),
      ...(since !== undefined && { since }),
      ...(before !== undefined && { before }),
      endless,
    };
  });
}

function structuresNamedBy(resource: FhirResource): readonly string[] {
  const focus = objects(resource['focus']);
  const sites = objects(resource['bodySite']);
  const extended = [resource, ...sites]
    .flatMap(({ extension }) => objects(extension))
    .map(({ valueReference }) => valueReference);
  return [...focus, ...extended]
    .flatMap((each) => referenceKey(each) ?? [])
    .filter((key) => key.startsWith('BodyStructure/'));
}

/**
 * The chart as of a moment: what was known strictly before it, with the status that it had then.
 * @param except the resource that the moment is about
 */
export function chartAt(past: readonly Past[], moment: Moment, except?: string): readonly FhirResource[] {
  const chart: FhirResource[] = [];
  for (const each of past) {
    if (each.known !== undefined && !isBefore(each.known, moment)) continue;
    if (except !== undefined && each.reference === except) continue;
    const isLater = each.since !== undefined && isBefore(each.since, moment);
    chart.push(each.before === undefined || isLater ? each.resource : each.before);
  }
  return chart;
}

/** Elements that are written when an order or an appointment has come to its end. */
const writtenLater = ['statusReason', 'cancelationReason'] as const;

/** A problem is recorded because it is there: what became of it came later, unless it was over by then. */
function asRecorded(resource: FhirResource): FhirResource {
  const { since, before } = abated(resource);
  const known = knownAt(resource);
  if (since !== undefined && known !== undefined)
    return isBefore(since, known) ? resource : (before ?? resource);
  return changed(resource, [], {
    clinicalStatus: { coding: [{ system: clinicalStatus, code: 'active' }] },
  });
}

/** An order, problem or appointment as it was when it was about to be recorded. */
export function draftOf(resource: FhirResource): FhirResource {
  switch (resource.resourceType) {
    case 'Condition':
      return asRecorded(resource);
    case 'Appointment':
      return changed(resource, writtenLater, { status: 'proposed' });
    default:
      return changed(resource, writtenLater, { status: 'draft' });
  }
}
