import type { FhirResource } from '../cds-hooks/types.js';
import { codings, objects, referenceKey, referenceOf, text } from '../chart/element.js';
import { draftOf } from './as-of.js';
import { inTime, isExact, momentOf, type Moment } from './moment.js';
import { isObject } from '../json.js';

/** A moment of the past at which the EHR would have asked. */
export interface ReplayEvent {
  readonly hook:
    'patient-view' | 'problem-list-item-create' | 'order-sign' | 'appointment-book' | 'encounter-discharge';
  readonly at: Moment;
  /** The resource that the moment is about. */
  readonly about: string;
  /** What was about to be recorded; absent where a chart was only opened. */
  readonly draft?: FhirResource;
  /** Bare ids and references, for the hook's context. */
  readonly encounterId?: string;
  readonly userId?: string;
}

/** Events of a chart, and how many moments could not be told. */
export interface Events {
  readonly events: readonly ReplayEvent[];
  /** Orders, problems, visits and appointments without a full date. */
  readonly undated: number;
}

/** Never asked about: it was no order, or it is said never to have been. */
const neverAsked: ReadonlySet<string> = new Set(['entered-in-error', 'draft', 'unknown']);
const noVisit: ReadonlySet<string> = new Set(['planned', 'cancelled', 'entered-in-error', 'unknown']);
const noOrder: ReadonlySet<string> = new Set(['proposal', 'plan', 'option']);
const inpatient: ReadonlySet<string> = new Set(['IMP', 'ACUTE', 'NONAC']);

/** The moments of one chart, in the order of time. @param isLesion whether a Condition is one */
export function eventsOf(
  resources: readonly FhirResource[],
  isLesion: (condition: FhirResource) => boolean,
): Events {
  const events: ReplayEvent[] = [];
  let undated = 0;
  const add = (value: unknown, event: Omit<ReplayEvent, 'at'>): void => {
    const at = momentOf(value);
    if (at === undefined || !isExact(at)) undated++;
    else events.push({ ...event, at });
  };
  for (const resource of resources) {
    const about = referenceOf(resource);
    const status = text(resource['status']) ?? '';
    switch (resource.resourceType) {
      case 'Encounter': {
        if (noVisit.has(status)) break;
        const period = isObject(resource['period']) ? resource['period'] : {};
        const where = { about, ...visit(about), ...user(participantOf(resource)) };
        add(period['start'], { hook: 'patient-view', ...where });
        if (period['end'] !== undefined && isInpatient(resource))
          add(period['end'], { hook: 'encounter-discharge', ...where });
        break;
      }
      case 'Condition':
        if (isLesion(resource)) {
          add(resource['recordedDate'] ?? resource['onsetDateTime'] ?? startOf(resource['onsetPeriod']), {
            hook: 'problem-list-item-create',
            about,
            draft: draftOf(resource),
            ...visit(referenceKey(resource['encounter'])),
            ...user(referenceKey(resource['recorder']) ?? referenceKey(resource['asserter'])),
          });
        }
        break;
      case 'MedicationRequest':
      case 'ServiceRequest':
        if (neverAsked.has(status) || noOrder.has(text(resource['intent']) ?? '')) break;
        add(resource['authoredOn'], {
          hook: 'order-sign',
          about,
          draft: draftOf(resource),
          ...visit(referenceKey(resource['encounter'])),
          ...user(referenceKey(resource['requester'])),
        });
        break;
      case 'Appointment':
        if (neverAsked.has(status)) break;
        add(resource['created'] ?? resource['start'], {
          hook: 'appointment-book',
          about,
          draft: draftOf(resource),
          ...user(participantOf(resource)),
        });
        break;
      default:
    }
  }
  const sorted = events.sort(
    (one, other) =>
      inTime(one.at, other.at) || compare(one.about, other.about) || compare(one.hook, other.hook),
  );
  return { events: sorted, undated };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function startOf(period: unknown): unknown {
  return isObject(period) ? period['start'] : undefined;
}

function isInpatient(encounter: FhirResource): boolean {
  return codings(encounter['class']).some(({ code }) => inpatient.has(code));
}

function visit(reference: string | undefined): { readonly encounterId?: string } {
  return reference?.startsWith('Encounter/') === true ? { encounterId: reference.slice(10) } : {};
}

function user(reference: string | undefined): { readonly userId?: string } {
  return reference !== undefined && /^Practitioner(?:Role)?\//.test(reference) ? { userId: reference } : {};
}

/** The first clinician among the participants of a visit or an appointment. */
function participantOf(resource: FhirResource): string | undefined {
  return objects(resource['participant'])
    .flatMap(({ individual, actor }) => referenceKey(individual) ?? referenceKey(actor) ?? [])
    .find((reference) => /^Practitioner(?:Role)?\//.test(reference));
}
