import { readFileSync } from 'node:fs';
import type { FhirResource } from '../cds-hooks/types.js';
import { whatIf, type Supposition } from '../engine/what-if.js';
import type { Prepared } from '../engine/prepare.js';
import type { Language, Text } from '../knowledge/types.js';
import { loadDemoPatients, loadDemoStories, type DemoStory } from '../sandbox/demo.js';
import { textIn } from '../text.js';

/** A moment at which the service is asked: a demo patient, a service, and what is being ordered, recorded or booked. */
export interface Moment {
  readonly patient: string;
  readonly service: string;
  /** Ids of the sandbox's catalogue. */
  readonly orders?: readonly string[];
  readonly problems?: readonly string[];
  readonly appointments?: readonly string[];
  /** SNOMED CT body site of the orders. */
  readonly site?: { readonly code: string; readonly display: string };
  /** Days from the day of the call to the appointment. */
  readonly inDays?: number;
}

/** The demo patients, and what is asked about them. */
export interface Moments {
  readonly moments: readonly Moment[];
  readonly stories: readonly DemoStory[];
  /** What is being ordered, recorded or booked, in words. */
  drafted(moment: Moment, language: Language): readonly string[];
  /** Answers as a hook call is answered, repetition and declines aside. */
  readonly answer: (moment: Moment, prepared: Prepared, language: Language) => Supposition;
}

/** The day of every moment: the demo charts are moved so that it is today. */
const momentDay = '2026-11-20';
const snomed = 'http://snomed.info/sct';

interface CatalogueEntry extends Pick<Text, 'en' | 'fr'> {
  readonly id: string;
  readonly resource?: FhirResource;
  readonly serviceType?: unknown;
}

type Catalogue = Readonly<Record<'orders' | 'problems' | 'appointments', readonly CatalogueEntry[]>>;

const named = ({ en, fr }: CatalogueEntry, language: Language): string => textIn({ en, fr }, language);

/**
 * Reads the moments from `fixtures/`.
 * @throws Error where a moment names what is not there
 */
export function loadMoments(fixtures = 'fixtures'): Moments {
  const moments = JSON.parse(readFileSync(`${fixtures}/moments.json`, 'utf8')) as readonly Moment[];
  const catalogue = JSON.parse(readFileSync(`${fixtures}/sandbox/catalogue.json`, 'utf8')) as Catalogue;
  const folder = `${fixtures}/patients/demo`;
  const charts = loadDemoPatients(folder, momentDay);

  const entries = (kind: keyof Catalogue, ids: readonly string[] = []): readonly CatalogueEntry[] =>
    ids.map((id) => {
      const found = catalogue[kind].find((entry) => entry.id === id);
      if (found === undefined) throw new Error(`the catalogue has no ${kind} «${id}»`);
      return found;
    });

  const draftsOf = ({
    patient,
    orders,
    problems,
    appointments,
    site,
    inDays,
  }: Moment): readonly FhirResource[] => {
    const subject = { reference: `Patient/${patient}` };
    const bodySite = site && { coding: [{ system: snomed, ...site }], text: site.display };
    return [
      ...entries('orders', orders).map(({ id, resource }): FhirResource => ({
        resourceType: '',
        ...resource,
        id: `draft-${id}`,
        status: 'draft',
        subject,
        ...(bodySite !== undefined && { bodySite: [bodySite] }),
      })),
      ...entries('problems', problems).map(({ id, resource }): FhirResource => ({
        resourceType: '',
        ...resource,
        id: `draft-${id}`,
        clinicalStatus: { coding: [{ code: 'active' }] },
        subject,
        recordedDate: momentDay,
      })),
      ...entries('appointments', appointments).map(({ id, serviceType }): FhirResource => {
        const start = new Date(Date.parse(`${momentDay}T09:00:00Z`) + (inDays ?? 0) * 86_400_000);
        return {
          resourceType: 'Appointment',
          id: `draft-${id}`,
          status: 'proposed',
          serviceType: [serviceType],
          start: start.toISOString(),
          end: new Date(start.getTime() + 1_800_000).toISOString(),
          participant: [{ actor: subject, status: 'accepted' }],
        };
      }),
    ];
  };

  return {
    moments,
    stories: loadDemoStories(folder),
    drafted: ({ orders, problems, appointments, site }, language) => [
      ...entries('orders', orders).map(
        (entry) => `${named(entry, language)}${site === undefined ? '' : ` (${site.display})`}`,
      ),
      ...entries('problems', problems).map((entry) => named(entry, language)),
      ...entries('appointments', appointments).map((entry) => named(entry, language)),
    ],
    answer: (moment, prepared, language) => {
      const service = prepared.services.get(moment.service);
      if (service === undefined) throw new Error(`there is no service «${moment.service}»`);
      const own = `Patient/${moment.patient}`;
      const chart = charts.filter(
        (resource) =>
          (resource.resourceType === 'Patient' ? `Patient/${String(resource.id)}` : own) === own &&
          (resource.resourceType === 'Patient' || JSON.stringify(resource).includes(`"${own}"`)),
      );
      let id = 0;
      const context = {
        patientId: moment.patient,
        userId: 'Practitioner/demo-oncologist',
        today: momentDay,
        publicBaseUrl: 'https://cds.example.org',
        newId: () => `00000000-0000-4000-8000-${String(++id).padStart(12, '0')}`,
      };
      return whatIf(
        prepared,
        { service, chart, drafts: draftsOf(moment), missingData: [], facts: new Map(), today: momentDay },
        context,
        language,
      );
    },
  };
}
