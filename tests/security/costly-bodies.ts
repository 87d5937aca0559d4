import { readFileSync } from 'node:fs';
import { bounds } from '../../src/bounds.js';
import { denosumab, hookInstance, orderSign, patientView } from '../http/running.js';

/** A request that asks for as much work as its size allows. */
export interface Costly {
  readonly kind: string;
  readonly path: string;
  /** Made when it is sent: all of them together are half a gigabyte. */
  readonly body: () => string;
  /** What it is answered with. */
  readonly status: number;
}

/** Just below the default `BODY_LIMIT`. */
const full = 10 * 1024 * 1024 - 4096;

const review = '/cds-services/bone-metastasis-review';
const safety = '/cds-services/antiresorptive-safety';
const extract = '/fhir/QuestionnaireResponse/$extract';
const patient = 'planted';
const subject = { reference: `Patient/${patient}` };
const base = 'https://bone-metastasis-cds.example/fhir';

/** As many of the pieces as fit, with commas between; each may hold its own number. */
function many(piece: (index: number) => string, bytes = full): string {
  const pieces: string[] = [];
  for (let size = 0, index = 0; ; index += 1) {
    const next = piece(index);
    size += next.length + 1;
    if (size > bytes) return pieces.join(',');
    pieces.push(next);
  }
}

const some = (piece: (index: number) => string, count: number): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join(',');

/** The value as JSON, with the text in the place of its one mark. */
const around = (value: unknown, text: string): string => JSON.stringify(value).replace('"HERE"', () => text);

/** Every place that the knowledge tells apart: the lesions of the worst chart are all at another one. */
const places = [
  ...new Set(readFileSync('cds-services/body-sites.yaml', 'utf8').match(/\b\d{7,10}\b/g) ?? []),
];
const placeAt = (index: number): object => ({
  coding: [{ system: 'http://snomed.info/sct', code: places[index % places.length] ?? '' }],
});

const entry = (resource: object): string => JSON.stringify({ resource });
const observation = (index: number): string =>
  entry({
    resourceType: 'Observation',
    id: `o${index}`,
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: index % 2 === 0 ? '2160-0' : '17861-6' }] },
    subject,
    effectiveDateTime: `2026-${String(1 + (index % 11)).padStart(2, '0')}-10T10:00:00Z`,
    valueQuantity: {
      value: 80 + (index % 40),
      unit: 'umol/L',
      system: 'http://unitsofmeasure.org',
      code: 'umol/L',
    },
  });
const medication = (index: number): string =>
  entry({
    resourceType: 'MedicationRequest',
    id: `m${index}`,
    status: 'active',
    intent: 'order',
    subject,
    medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
    authoredOn: '2026-10-01',
  });
const metastasis = (index: number): string =>
  entry({
    resourceType: 'Condition',
    id: `c${index}`,
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
    bodySite: [placeAt(index)],
    subject,
  });
const structure = (index: number): string =>
  entry({
    resourceType: 'BodyStructure',
    id: `b${index}`,
    location: placeAt(index),
    patient: subject,
  });
const focused = (index: number): string =>
  entry({
    resourceType: 'Observation',
    id: `f${index}`,
    status: 'final',
    code: { coding: [{ system: `${base}/CodeSystem/finding`, code: 'lesion-type' }] },
    subject,
    focus: [{ reference: `BodyStructure/x${index}` }],
    valueCodeableConcept: { coding: [{ system: `${base}/CodeSystem/finding`, code: 'lytic' }] },
  });
const request = (index: number): string =>
  entry({
    resourceType: 'ServiceRequest',
    id: `s${index}`,
    status: 'draft',
    intent: 'order',
    subject,
    code: { coding: [{ system: `${base}/CodeSystem/order`, code: 'bone-scan' }] },
  });
/** Day `back` days ago: an opinion of months ago answers nothing. */
const daysAgo = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
const opinion = (index: number): string =>
  entry({
    resourceType: 'Procedure',
    id: `p${index}`,
    status: 'completed',
    code: { coding: [{ system: `${base}/CodeSystem/order`, code: 'surgical-opinion' }] },
    subject,
    performedDateTime: daysAgo(1 + Math.floor(index / 10)),
    bodySite: [placeAt(index)],
  });
const sins = (index: number): string =>
  entry({
    resourceType: 'Observation',
    id: `t${index}`,
    status: 'final',
    code: { coding: [{ system: `${base}/CodeSystem/score`, code: 'sins' }] },
    subject,
    focus: [{ reference: `Condition/c${index}` }],
    effectiveDateTime: daysAgo(index % 2),
    component: [
      ['sins-location', 'junctional'],
      ['sins-pain', 'mechanical'],
      ['sins-lesion', 'lytic'],
      ['sins-alignment', 'normal'],
      ['sins-collapse', 'under-half'],
      ['sins-posterolateral', 'none'],
    ].map(([item, answer]) => ({
      code: { coding: [{ system: `${base}/CodeSystem/score`, code: item }] },
      valueCodeableConcept: { coding: [{ system: `${base}/CodeSystem/score`, code: `${item}-${answer}` }] },
    })),
  });
const draft = (index: number): string =>
  JSON.stringify({ resource: denosumab(patient, { id: `d${index}` }) });

const bundle = (entries: string): string =>
  `{"resourceType":"Bundle","type":"searchset","entry":[${entries}]}`;
const chartOf = (entries: string): string =>
  bundle(`${entry({ resourceType: 'Patient', id: patient })},${entries}`);
const inPrefetch = (key: string, value: string): string =>
  around(patientView(patient, { prefetch: { [key]: 'HERE' } }), value);
const drafts = (entries: string): string =>
  around(
    {
      ...orderSign(patient, []),
      context: { userId: 'Practitioner/a', patientId: patient, draftOrders: 'HERE' },
    },
    bundle(entries),
  );
const long = (unit: string): string => JSON.stringify(unit.repeat(Math.floor(full / unit.length)));
const authorization = { access_token: 'a', token_type: 'Bearer', expires_in: 300, scope: 'a', subject: 'a' };
const withServer = (change: object, text: string): string =>
  around(
    patientView(patient, {
      fhirServer: 'http://127.0.0.1:1/fhir',
      fhirAuthorization: { ...authorization, ...change },
    }),
    text,
  );
const form = (change: object, text: string): string =>
  around(
    {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: `${base}/Questionnaire/sins`,
      subject,
      item: [],
      ...change,
    },
    text,
  );
const feedback = (text: string): string => `{"feedback":[${text}]}`;
const overridden = (change: object): string =>
  JSON.stringify({
    card: hookInstance,
    outcome: 'overridden',
    outcomeTimestamp: '2026-11-20T10:05:31Z',
    ...change,
  });

const keys = [
  'patient',
  'conditions',
  'bodyStructures',
  'observations',
  'medicationRequests',
  'medicationAdministrations',
  'medicationStatements',
  'procedures',
  'serviceRequests',
  'appointments',
  'encounters',
  'diagnosticReports',
  'allergies',
];

/** A call with every key: what is not given there is known to be empty. */
const prefetched = (given: Readonly<Record<string, string>>): string =>
  `{${keys.map((key) => `"${key}":${given[key] ?? 'null'}`).join(',')}}`;
const withChart = (call: object, given: Readonly<Record<string, string>>): string =>
  around({ ...call, prefetch: 'HERE' }, prefetched(given));
const signed = (orders: string, given: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    ...orderSign(patient, []),
    prefetch: 'PREFETCH',
    context: { userId: 'Practitioner/a', patientId: patient, draftOrders: 'HERE' },
  })
    .replace('"HERE"', () => bundle(orders))
    .replace('"PREFETCH"', () => prefetched(given));

const {
  chart,
  drafts: mostDrafts,
  formItems,
  lesions,
  prefetchKeys,
  repeats,
  scope: longestScope,
  token,
} = bounds;
const worstChart = {
  conditions: bundle(some(metastasis, chart.Condition)),
  bodyStructures: bundle(some(structure, chart.BodyStructure)),
  observations: bundle(some(focused, lesions)),
  medicationRequests: bundle(some(medication, chart.MedicationRequest)),
};
const manySites = (index: number): string =>
  entry({
    resourceType: 'Condition',
    id: `c${index}`,
    code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
    bodySite: Array.from({ length: repeats - 1 }, (_, place) => placeAt(place)),
    subject,
  });

/** The worst body of each kind that keeps all bounds: it is answered, and costs no more than a refusal may. */
export const heaviestBodies = (): readonly Costly[] => [
  {
    kind: 'a chart of Observations',
    path: review,
    body: () => withChart(patientView(patient), { observations: bundle(many(observation)) }),
    status: 200,
  },
  {
    kind: 'the shortest Observations',
    path: review,
    body: () =>
      withChart(patientView(patient), {
        observations: bundle(
          some(
            (index) =>
              `{"resource":{"resourceType":"Observation","id":"${index}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2160-0"}]},"subject":{"reference":"Patient/planted"},"effectiveDateTime":"2026-11-01","valueQuantity":{"value":80,"unit":"umol/L"}}}`,
            38_000,
          ),
        ),
      }),
    status: 200,
  },
  {
    kind: 'Conditions at the bound',
    path: review,
    body: () => withChart(patientView(patient), { conditions: worstChart.conditions }),
    status: 200,
  },
  {
    kind: 'BodyStructures at the bound',
    path: review,
    body: () =>
      withChart(patientView(patient), {
        conditions: bundle(metastasis(0)),
        bodyStructures: worstChart.bodyStructures,
      }),
    status: 200,
  },
  {
    kind: 'lesions that Observations focus on, at the bound',
    path: review,
    body: () =>
      withChart(patientView(patient), {
        conditions: bundle(metastasis(0)),
        observations: worstChart.observations,
      }),
    status: 200,
  },
  {
    kind: 'MedicationRequests at the bound',
    path: review,
    body: () =>
      withChart(patientView(patient), {
        conditions: bundle(metastasis(0)),
        medicationRequests: worstChart.medicationRequests,
      }),
    status: 200,
  },
  {
    kind: 'everything at the bound',
    path: review,
    body: () => withChart(patientView(patient), worstChart),
    status: 200,
  },
  {
    kind: 'everything at the bound, and opinions on each of many days',
    path: review,
    body: () =>
      withChart(patientView(patient), {
        ...worstChart,
        observations: bundle(some(sins, lesions)),
        procedures: bundle(some(opinion, 5000)),
      }),
    status: 200,
  },
  {
    kind: 'everything at the bound, scored',
    path: '/scores',
    body: () =>
      chartOf(
        [
          some(metastasis, chart.Condition),
          some(structure, chart.BodyStructure),
          some(focused, lesions),
        ].join(','),
      ),
    status: 200,
  },
  {
    kind: 'Conditions of many sites',
    path: '/scores',
    body: () => chartOf(some(manySites, 60)),
    status: 200,
  },
  {
    kind: 'drafts of a drug at the bound',
    path: safety,
    body: () => signed(some(draft, mostDrafts), { conditions: bundle(metastasis(0)) }),
    status: 200,
  },
  {
    kind: 'drafts of a drug and everything at the bound',
    path: safety,
    body: () => signed(some(draft, mostDrafts), worstChart),
    status: 200,
  },
  {
    kind: 'drafts of imaging at the bound',
    path: '/cds-services/bone-imaging',
    body: () => signed(some(request, mostDrafts), { conditions: bundle(metastasis(0)) }),
    status: 200,
  },
  {
    kind: 'drafts of imaging and everything at the bound',
    path: '/cds-services/bone-imaging',
    body: () => signed(some(request, mostDrafts), worstChart),
    status: 200,
  },
  {
    kind: 'elements at the bound',
    path: '/scores',
    body: () => chartOf(some(() => '{}', 500_000)),
    status: 200,
  },
  {
    kind: 'lists at the bound',
    path: '/scores',
    body: () => chartOf(some(() => '[[],[]]', 160_000)),
    status: 200,
  },
  {
    kind: 'members and items at the bound',
    path: '/scores',
    body: () => chartOf(some(() => '"a"', 1_000_000)),
    status: 200,
  },
  {
    kind: 'make-ups at the bound',
    path: '/scores',
    body: () => chartOf(some((index) => `{"${(index % 990).toString(36)}":0}`, 500_000)),
    status: 200,
  },
  {
    kind: 'make-ups of many members at the bound',
    path: '/scores',
    body: () =>
      chartOf(
        some(
          (index) =>
            `{${Array.from({ length: 100 }, (_, member) => `"${((index % 190) * 100 + member).toString(36)}":0`).join()}}`,
          9000,
        ),
      ),
    status: 200,
  },
  {
    kind: 'prefetch keys at the bound',
    path: review,
    body: () =>
      around(
        patientView(patient, { prefetch: 'HERE' }),
        `{${some((index) => `"k${index}":1`, prefetchKeys)}}`,
      ),
    status: 412,
  },
  {
    kind: 'scopes at the bound',
    path: review,
    body: () =>
      withServer(
        { scope: 'HERE' },
        JSON.stringify('patient/Observation.rs?a=b '.repeat(1000).slice(0, longestScope)),
      ),
    status: 412,
  },
  {
    kind: 'an address at the bound',
    path: review,
    body: () => JSON.stringify(patientView(patient, { fhirServer: `http://${'a'.repeat(token - 10)}?` })),
    status: 400,
  },
  {
    kind: 'form items at the bound',
    path: extract,
    body: () => form({ item: 'HERE' }, `[${some(() => '{}', formItems)}]`),
    status: 400,
  },
];

/** The worst body of each kind, as large as a body may be: refused, but for charts that a patient may have. */
export const costlyBodies = (): readonly Costly[] => [
  {
    kind: 'a chart of Observations',
    path: review,
    body: () => inPrefetch('observations', bundle(many(observation))),
    status: 412,
  },
  {
    kind: 'a chart of Observations, scored',
    path: '/scores',
    body: () => chartOf(many(observation)),
    status: 200,
  },
  {
    kind: 'form: items without anything',
    path: extract,
    body: () => form({ item: 'HERE' }, `[${many(() => '{}')}]`),
    status: 400,
  },
  {
    kind: 'form: a reference of many versions',
    path: extract,
    body: () => form({ author: { reference: 'HERE' } }, long('Aa/b/_history/')),
    status: 400,
  },
  {
    kind: 'form: a subject of many slashes',
    path: extract,
    body: () => form({ subject: { reference: 'HERE' } }, long('https://a/')),
    status: 400,
  },
  {
    kind: 'form: answers without end',
    path: extract,
    body: () => form({ item: [{ linkId: 'sins-location', answer: 'HERE' }] }, `[${many(() => '{}')}]`),
    status: 400,
  },
  {
    kind: 'form: a date of many digits',
    path: extract,
    body: () => form({ authored: 'HERE' }, long('2026-01-01T00:00:00.0')),
    status: 400,
  },
  {
    kind: 'form: parameters without end',
    path: extract,
    body: () => `{"resourceType":"Parameters","parameter":[${many(() => '{}')}]}`,
    status: 400,
  },
  {
    kind: 'scopes: words',
    path: review,
    body: () => withServer({ scope: 'HERE' }, long('patient/Observation.rs ')),
    status: 400,
  },
  { kind: 'scopes: blanks', path: safety, body: () => withServer({ scope: 'HERE' }, long(' ')), status: 400 },
  {
    kind: 'scopes: one filter',
    path: review,
    body: () => withServer({ scope: 'HERE' }, long('patient/Observation.rs?a=b&')),
    status: 400,
  },
  {
    kind: 'token of 10 MB',
    path: review,
    body: () => withServer({ access_token: 'HERE' }, long('a')),
    status: 400,
  },
  {
    kind: 'address of 10 MB',
    path: review,
    body: () => around(patientView(patient, { fhirServer: 'HERE' }), long('http://a/')),
    status: 400,
  },
  {
    kind: 'drafts: ServiceRequests',
    path: '/cds-services/bone-imaging',
    body: () => drafts(many(request)),
    status: 400,
  },
  { kind: 'drafts: MedicationRequests', path: safety, body: () => drafts(many(draft)), status: 400 },
  {
    kind: 'drafts: entries without anything',
    path: safety,
    body: () => drafts(many(() => '{}')),
    status: 400,
  },
  {
    kind: 'selections',
    path: safety,
    body: () =>
      around(
        {
          ...orderSign(patient, []),
          hook: 'order-select',
          context: {
            userId: 'Practitioner/a',
            patientId: patient,
            draftOrders: { resourceType: 'Bundle', entry: [] },
            selections: 'HERE',
          },
        },
        `[${many((index) => `"A/${index}"`)}]`,
      ),
    status: 400,
  },
  {
    kind: 'prefetch: MedicationRequests',
    path: safety,
    body: () => inPrefetch('medicationRequests', bundle(many(medication))),
    status: 400,
  },
  {
    kind: 'prefetch: Conditions',
    path: review,
    body: () => inPrefetch('conditions', bundle(many(metastasis))),
    status: 400,
  },
  {
    kind: 'prefetch: BodyStructures',
    path: review,
    body: () => inPrefetch('bodyStructures', bundle(many(structure))),
    status: 400,
  },
  {
    kind: 'prefetch: keys',
    path: review,
    body: () => around(patientView(patient, { prefetch: 'HERE' }), `{${many((index) => `"k${index}":1`)}}`),
    status: 400,
  },
  {
    kind: 'prefetch: entries without anything',
    path: review,
    body: () => inPrefetch('conditions', bundle(many(() => '{}'))),
    status: 400,
  },
  {
    kind: 'prefetch: entries that are null',
    path: review,
    body: () => inPrefetch('conditions', bundle(many(() => '0'))),
    status: 400,
  },
  { kind: 'scores: Conditions', path: '/scores', body: () => chartOf(many(metastasis)), status: 400 },
  { kind: 'scores: BodyStructures', path: '/scores', body: () => chartOf(many(structure)), status: 400 },
  {
    kind: 'scores: Observations each of a lesion',
    path: '/scores',
    body: () => chartOf(`${metastasis(0)},${many(focused, full - 1000)}`),
    status: 400,
  },
  { kind: 'scores: MedicationRequests', path: '/scores', body: () => chartOf(many(medication)), status: 400 },
  {
    kind: 'scores: entries without anything',
    path: '/scores',
    body: () => chartOf(many(() => '{}')),
    status: 400,
  },
  {
    kind: 'scores: patients',
    path: '/scores',
    body: () => bundle(many((index) => entry({ resourceType: 'Patient', id: `p${index}` }))),
    status: 400,
  },
  {
    kind: 'scores: one Observation of many components',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          {
            resource: {
              resourceType: 'Observation',
              id: 'o',
              status: 'final',
              code: { text: 'x' },
              subject,
              component: 'HERE',
            },
          },
          `[${many(() => `{"code":{"coding":[{"system":"${base}/CodeSystem/score","code":"sins-pain"}]}}`)}]`,
        ),
      ),
    status: 400,
  },
  {
    kind: 'scores: one Condition of many codes',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          { resource: { resourceType: 'Condition', id: 'o', code: { coding: 'HERE' }, subject } },
          `[${many(() => '{"system":"http://snomed.info/sct","code":"94222008"}')}]`,
        ),
      ),
    status: 400,
  },
  {
    kind: 'scores: one Condition of many sites',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          {
            resource: {
              resourceType: 'Condition',
              id: 'o',
              code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
              bodySite: 'HERE',
              subject,
            },
          },
          `[${many((index) => `{"coding":[{"system":"http://snomed.info/sct","code":"${['71341001', '12738006', '51299004'][index % 3]}"}]}`)}]`,
        ),
      ),
    status: 400,
  },
  {
    kind: 'scores: a subject of many slashes',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          { resource: { resourceType: 'Condition', id: 'o', subject: { reference: 'HERE' } } },
          long('/Patient/'),
        ),
      ),
    status: 200,
  },
  {
    kind: 'scores: a subject of many blanks',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          { resource: { resourceType: 'Condition', id: 'o', subject: { reference: 'HERE' } } },
          long('Patient/_history/'),
        ),
      ),
    status: 400,
  },
  {
    kind: 'a code text of 10 MB',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          {
            resource: {
              resourceType: 'Condition',
              id: 'o',
              code: { text: 'HERE', coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
              subject,
            },
          },
          long('a <b> [c](d) '),
        ),
      ),
    status: 200,
  },
  {
    kind: 'a unit of 10 MB',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          {
            resource: {
              resourceType: 'Observation',
              id: 'o',
              status: 'final',
              code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
              subject,
              effectiveDateTime: '2026-11-01',
              valueQuantity: { value: 1, unit: 'HERE' },
            },
          },
          long('mg/dL*'),
        ),
      ),
    status: 200,
  },
  {
    kind: 'a UCUM code of 10 MB',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          {
            resource: {
              resourceType: 'Observation',
              id: 'o',
              status: 'final',
              code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
              subject,
              effectiveDateTime: '2026-11-01',
              valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'HERE' },
            },
          },
          long('mg/dL.'),
        ),
      ),
    status: 200,
  },
  {
    kind: 'a date of 10 MB',
    path: '/scores',
    body: () =>
      chartOf(
        around(
          {
            resource: {
              resourceType: 'Observation',
              id: 'o',
              status: 'final',
              code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
              subject,
              effectiveDateTime: 'HERE',
              valueQuantity: { value: 1, unit: 'mg/dL' },
            },
          },
          long('2026-'),
        ),
      ),
    status: 200,
  },
  {
    kind: 'hookInstance of 10 MB',
    path: review,
    body: () => around({ ...patientView(patient), hookInstance: 'HERE' }, long('d1577c69-')),
    status: 400,
  },
  {
    kind: 'hook of 10 MB',
    path: review,
    body: () => around({ ...patientView(patient), hook: 'HERE' }, long('a.')),
    status: 400,
  },
  {
    kind: 'user of 10 MB',
    path: review,
    body: () =>
      around(
        { ...patientView(patient), context: { userId: 'HERE', patientId: patient } },
        long('Practitioner/'),
      ),
    status: 400,
  },
  {
    kind: 'patient of 10 MB',
    path: review,
    body: () =>
      around(
        { ...patientView(patient), context: { userId: 'Practitioner/a', patientId: 'HERE' } },
        long('Patient/'),
      ),
    status: 400,
  },
  {
    kind: 'feedback: items without anything',
    path: `${safety}/feedback`,
    body: () => feedback(many(() => '{}')),
    status: 400,
  },
  {
    kind: 'feedback: a comment of 10 MB',
    path: `${safety}/feedback`,
    body: () =>
      around(
        {
          feedback: [
            {
              card: hookInstance,
              outcome: 'overridden',
              outcomeTimestamp: '2026-11-20T10:05:31Z',
              overrideReason: { userComment: 'HERE' },
            },
          ],
        },
        long('ab '),
      ),
    status: 400,
  },
  {
    kind: 'feedback: a thousand long comments',
    path: `${safety}/feedback`,
    body: () => feedback(some(() => overridden({ overrideReason: { userComment: 'x'.repeat(4990) } }), 1000)),
    status: 200,
  },
  {
    kind: 'feedback: a timestamp of 10 MB',
    path: `${safety}/feedback`,
    body: () =>
      around(
        { feedback: [{ card: hookInstance, outcome: 'overridden', outcomeTimestamp: 'HERE' }] },
        long('2026-11-20T10:05:31.0'),
      ),
    status: 400,
  },
  {
    kind: 'feedback: a thousand items, each wrong in many ways',
    path: `${safety}/feedback`,
    body: () =>
      feedback(
        some(
          () =>
            overridden({
              card: 7,
              outcome: 'x',
              outcomeTimestamp: 'y',
              overrideReason: { reason: {}, userComment: 'x'.repeat(9000) },
            }),
          1000,
        ),
      ),
    status: 400,
  },
  {
    kind: 'brackets that close',
    path: review,
    body: () => `[${many(() => '[]')}]`,
    status: 400,
  },
  { kind: 'brackets that do not close', path: review, body: () => '['.repeat(full), status: 400 },
  {
    kind: 'braces with one name each',
    path: review,
    body: () => '{"a":'.repeat(Math.floor(full / 5)),
    status: 400,
  },
  {
    kind: 'names that are all different',
    path: review,
    body: () => `{${many((index) => `"${index.toString(36)}":0`)}}`,
    status: 400,
  },
  {
    kind: 'objects with a name of their own',
    path: review,
    body: () => `[${many((index) => `{"${index.toString(36)}":0}`)}]`,
    status: 400,
  },
  {
    kind: 'texts that are all different',
    path: review,
    body: () => `[${many((index) => `"${index.toString(36)}"`)}]`,
    status: 400,
  },
  { kind: 'numbers', path: review, body: () => `[${many(() => '1.5')}]`, status: 400 },
  { kind: 'a number of 10 MB', path: review, body: () => `[${'9'.repeat(full)}]`, status: 400 },
  {
    kind: 'a text of escapes',
    path: review,
    body: () => `["${'\\u0001'.repeat(Math.floor(full / 6))}"]`,
    status: 400,
  },
  {
    kind: 'a text that is not Latin',
    path: review,
    body: () => `["${'骨'.repeat(Math.floor(full / 3))}"]`,
    status: 400,
  },
  { kind: 'blanks', path: review, body: () => ' '.repeat(full), status: 400 },
];
