import { recordsIn, referenceOf, textsIn } from './element.js';
import { isObject, type JsonObject } from '../json.js';

/** A resource as it came; its elements are read where they are needed. */
export type Resource = JsonObject & { readonly resourceType: string };

/** `GET` of an address below the FHIR base; throws `FhirFailure`. */
export type Read = (address: string) => Promise<unknown>;

/** What the EHR gave for one patient. */
export interface PatientChart {
  readonly patient: Resource;
  readonly resources: readonly Resource[];
  /** Types that the EHR would not give: what is not there may still exist. */
  readonly unread: readonly string[];
}

/** `session`: the token is no longer good. `other-patient`: the EHR gave another patient's data. */
export class ChartFault extends Error {
  constructor(readonly kind: 'session' | 'other-patient' | 'unreadable') {
    super(kind);
    this.name = 'ChartFault';
  }
}

/** A FHIR call that was not answered with success; `status` is absent when there was no answer at all. */
export class FhirFailure extends Error {
  constructor(
    readonly status?: number,
    readonly details: readonly string[] = [],
  ) {
    super(status === undefined ? 'no answer' : `status ${status}`);
    this.name = 'FhirFailure';
  }
}

/** What scores are made of; each type is asked for once, and one that is refused does not hide the others. */
export const chartTypes = [
  'Condition',
  'BodyStructure',
  'Observation',
  'Procedure',
  'ServiceRequest',
  'MedicationRequest',
  'MedicationStatement',
  'MedicationAdministration',
  'DiagnosticReport',
] as const;

const pageSize = 200;
const mostPages = 50;

function isResource(value: unknown): value is Resource {
  return isObject(value) && typeof value['resourceType'] === 'string';
}

const entriesOf = (bundle: unknown): readonly JsonObject[] =>
  recordsIn(isObject(bundle) ? bundle['entry'] : undefined);

function nextOf(bundle: unknown): string | undefined {
  const links = recordsIn(isObject(bundle) ? bundle['link'] : undefined);
  const url = links.find(({ relation }) => relation === 'next')?.['url'];
  return typeof url === 'string' ? url : undefined;
}

/** Below the base, or the base itself, as some servers page (`base?_getpages=…`). */
function isWithin(base: string, address: string): boolean {
  const folder = base.replace(/\/$/, '');
  const root = new URL(`${folder}/`);
  const target = new URL(address, root);
  const path = `${target.pathname.replace(/\/$/, '')}/`;
  return target.origin === root.origin && path.startsWith(root.pathname);
}

/** The matches of a search, all its pages; a page elsewhere is not followed, since the token would go with it. */
export async function searchAll(read: Read, base: string, query: string): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  let address: string | undefined = query;
  for (let page = 0; address !== undefined; page += 1) {
    if (page === mostPages) throw new FhirFailure();
    const bundle: unknown = await read(address);
    for (const { resource, search: mode } of entriesOf(bundle)) {
      const isOutcome = isObject(mode) && mode['mode'] === 'outcome';
      if (isResource(resource) && !isOutcome && resource.resourceType !== 'OperationOutcome')
        found.push(resource);
    }
    address = nextOf(bundle);
    if (address !== undefined && !isWithin(base, address)) throw new FhirFailure();
  }
  return found;
}

function concernsOther(resource: Resource, patient: string): boolean {
  const subject = resource['subject'] ?? resource['patient'];
  const reference = isObject(subject) ? subject['reference'] : undefined;
  const match = typeof reference === 'string' ? /(?:^|\/)Patient\/([^/]+)/.exec(reference) : null;
  return match !== null && match[1] !== patient;
}

/**
 * Reads the patient's chart.
 * @throws ChartFault when the session is over, the Patient cannot be read, or another patient's data came
 */
export async function readChart(read: Read, base: string, patientId: string): Promise<PatientChart> {
  const patient = await read(`Patient/${patientId}`).catch((error: unknown) => {
    throw new ChartFault(error instanceof FhirFailure && error.status === 401 ? 'session' : 'unreadable');
  });
  if (!isResource(patient)) throw new ChartFault('unreadable');
  if (patient.resourceType !== 'Patient' || patient['id'] !== patientId)
    throw new ChartFault('other-patient');

  const parts = await Promise.all(
    chartTypes.map(async (type) => {
      try {
        const query = `${type}?patient=${encodeURIComponent(patientId)}&_count=${pageSize}`;
        return { type, resources: await searchAll(read, base, query) };
      } catch (error) {
        if (error instanceof FhirFailure && error.status === 401) throw new ChartFault('session');
        return { type };
      }
    }),
  );
  const resources = parts.flatMap((part) => part.resources ?? []);
  if (resources.some((resource) => concernsOther(resource, patientId))) throw new ChartFault('other-patient');
  return {
    patient,
    resources,
    unread: parts.filter((part) => part.resources === undefined).map(({ type }) => type),
  };
}

/** The chart as `POST /scores` takes it. */
export function collectionBundle({ patient, resources }: PatientChart): Readonly<Record<string, unknown>> {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [patient, ...resources].map((resource) => ({ resource })),
  };
}

/** A piece of evidence in the words of the chart; undefined when it has none. */
export function sourceText(reference: string, { resources }: PatientChart): string | undefined {
  const resource = resources.find((candidate) => referenceOf(candidate) === reference);
  const concept = [resource?.['code'], resource?.['medicationCodeableConcept'], resource?.['location']].find(
    isObject,
  );
  const [coding] = recordsIn(concept?.['coding']);
  const words = concept?.['text'] ?? coding?.['display'];
  return typeof words === 'string' ? words : undefined;
}

/** The first name of a Patient as people read it. */
export function nameOf(patient: Resource): string {
  const all = recordsIn(patient['name']);
  const name = all.find(({ use }) => use === 'official') ?? all[0];
  if (name === undefined) return '';
  if (typeof name['text'] === 'string') return name['text'];
  const { family } = name;
  return [...textsIn(name['given']), ...(typeof family === 'string' ? [family] : [])].join(' ');
}

/** Preferred language of a person's `communication`, as a BCP 47 tag. */
export function languageOf(person: unknown): string | undefined {
  const all = recordsIn(isObject(person) ? person['communication'] : undefined);
  const first = all.find(({ preferred }) => preferred === true) ?? all[0];
  // Patient has the language inside, Practitioner is the concept itself.
  const concept: unknown = first?.['language'] ?? first;
  const code = recordsIn(isObject(concept) ? concept['coding'] : undefined)[0]?.['code'];
  return typeof code === 'string' ? code : undefined;
}
