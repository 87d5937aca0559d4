import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FhirResource } from '../../src/cds-hooks/types.js';

export const dialects = ['us-core', 'french', 'mcode', 'german', 'sparse'] as const;
export type Dialect = (typeof dialects)[number];

interface Dated {
  readonly is: string;
  readonly days: number;
}

interface Placed {
  readonly at?: string;
  readonly side?: string;
}

/** A patient in words of medicine, as `fixtures/dialects/patients.yaml` has it. */
export interface Description {
  readonly id: string;
  readonly problems: readonly (Dated & Placed)[];
  readonly scores?: readonly (Dated & Placed & { readonly answers: Readonly<Record<string, string>> })[];
  readonly results?: readonly (Dated & { readonly value: number })[];
  readonly drugs?: readonly Dated[];
  readonly acts?: readonly Dated[];
  readonly service: string;
  readonly order?:
    { readonly drug: string; readonly dose: number } | { readonly act: string; readonly at?: string };
  readonly silent?: boolean;
}

type Told = Exclude<Dialect, 'sparse'>;
type Coded = Readonly<Record<string, Readonly<Record<Told, readonly string[]>>>>;

interface Concepts {
  readonly systems: Readonly<Record<string, string>>;
  readonly problems: Coded;
  readonly drugs: Coded;
  readonly orders: Coded;
  readonly places: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, { readonly code: string; readonly unit: string }>>;
  readonly acts: Readonly<
    Record<string, Readonly<Record<Told, { readonly type: string; readonly codes: readonly string[] }>>>
  >;
}

const read = (file: string): unknown => parse(readFileSync(`fixtures/dialects/${file}.yaml`, 'utf8'));

export const descriptions = read('patients') as readonly Description[];
const concepts = read('concepts') as Concepts;

/** Types that an EHR of the sparse dialect has. */
export const sparseTypes: ReadonlySet<string> = new Set([
  'Patient',
  'Condition',
  'Observation',
  'MedicationRequest',
]);

const subject = { reference: 'Patient/p1' };

function coding(written: string): { readonly system: string; readonly code: string } {
  const [system = '', code = ''] = written.split('|');
  const uri = concepts.systems[system];
  if (uri === undefined) throw new Error(`no system ${system}`);
  return { system: uri, code };
}

function coded(table: Coded, name: string, dialect: Dialect) {
  const codes = table[name]?.[dialect === 'sparse' ? 'us-core' : dialect];
  if (codes === undefined) throw new Error(`${name} has no code in ${dialect}`);
  return { coding: codes.map(coding) };
}

function placeCoding(name: string) {
  const written = concepts.places[name];
  if (written === undefined) throw new Error(`no place ${name}`);
  return coding(written);
}

/** mCODE writes the side of the body in an extension; the others write it beside the place. */
function place(name: string, side: string | undefined, dialect: Dialect) {
  if (side === undefined) return { coding: [placeCoding(name)] };
  return dialect === 'mcode'
    ? {
        extension: [
          {
            url: 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-laterality-qualifier',
            valueCodeableConcept: { coding: [placeCoding(side)] },
          },
        ],
        coding: [placeCoding(name)],
      }
    : { coding: [placeCoding(name), placeCoding(side)] };
}

/** What is given: coded where it stands, or in a Medication inside, as a code or as what it is made of. */
function medication(name: string, dialect: Dialect) {
  const code = coded(concepts.drugs, name, dialect);
  if (dialect === 'french')
    return {
      contained: [{ resourceType: 'Medication', id: 'drug', code }],
      medicationReference: { reference: '#drug' },
    };
  if (dialect === 'german')
    return {
      contained: [
        { resourceType: 'Substance', id: 'substance', code },
        {
          resourceType: 'Medication',
          id: 'drug',
          ingredient: [{ itemReference: { reference: '#substance' } }],
        },
      ],
      medicationReference: { reference: '#drug' },
    };
  return { medicationCodeableConcept: code };
}

function day(today: string, daysAgo: number): string {
  return new Date(Date.parse(`${today}T12:00:00Z`) - daysAgo * 86_400_000).toISOString().slice(0, 10);
}

const category = (code: string, system: string) => [
  { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] },
];

/** The chart of a patient in a dialect, with dates counted back from `today` (`YYYY-MM-DD`). */
export function chartOf(who: Description, dialect: Dialect, today: string): readonly FhirResource[] {
  const { problems, scores = [], results = [], drugs = [], acts = [] } = who;
  const told: FhirResource[] = [
    { resourceType: 'Patient', id: 'p1', gender: 'female', birthDate: '1958-03-04' },
    ...problems.map(({ is, at, side, days }, index) => ({
      resourceType: 'Condition',
      id: `problem-${index}`,
      subject,
      clinicalStatus: category('active', 'condition-clinical')[0],
      verificationStatus: category('confirmed', 'condition-ver-status')[0],
      category: category(
        dialect === 'mcode' ? 'problem-list-item' : 'encounter-diagnosis',
        'condition-category',
      ),
      code: coded(concepts.problems, is, dialect),
      ...(at !== undefined && { bodySite: [place(at, side, dialect)] }),
      onsetDateTime: day(today, days),
      recordedDate: day(today, days),
    })),
    ...scores.map(({ is, at, side, days, answers }, index) => ({
      resourceType: 'Observation',
      id: `score-${index}`,
      subject,
      status: 'final',
      category: category('survey', 'observation-category'),
      code: { coding: [coding(`score|${is}`)] },
      ...(at !== undefined && { bodySite: place(at, side, dialect) }),
      effectiveDateTime: day(today, days),
      component: Object.entries(answers).map(([item, answer]) => ({
        code: { coding: [coding(`score|${is}-${item}`)] },
        valueCodeableConcept: { coding: [coding(`score|${is}-${item}-${answer}`)] },
      })),
    })),
    ...results.map(({ is, value, days }, index) => {
      const { code = '', unit = '' } = concepts.results[is] ?? {};
      return {
        resourceType: 'Observation',
        id: `result-${index}`,
        subject,
        status: 'final',
        category: category('laboratory', 'observation-category'),
        code: { coding: [coding(code)] },
        effectiveDateTime: day(today, days),
        valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
      };
    }),
    ...drugs.map(({ is, days }, index) => ({
      resourceType: 'MedicationRequest',
      id: `drug-${index}`,
      subject,
      status: 'active',
      intent: 'order',
      ...medication(is, dialect),
      authoredOn: day(today, days),
    })),
    ...acts.map(({ is, days }, index) => {
      const { type = '', codes = [] } = concepts.acts[is]?.[dialect === 'sparse' ? 'us-core' : dialect] ?? {};
      const concept = { coding: codes.map(coding) };
      return type === 'DocumentReference'
        ? {
            resourceType: type,
            id: `act-${index}`,
            subject,
            status: 'current',
            docStatus: 'final',
            type: concept,
            date: `${day(today, days)}T10:00:00Z`,
            content: [{ attachment: { contentType: 'application/pdf' } }],
          }
        : {
            resourceType: type,
            id: `act-${index}`,
            subject,
            status: 'completed',
            code: concept,
            performedDateTime: day(today, days),
          };
    }),
  ];
  return dialect === 'sparse' ? told.filter(({ resourceType }) => sparseTypes.has(resourceType)) : told;
}

/** The order that is being signed, as the dialect codes it. */
export function draftOf({ order }: Description, dialect: Dialect): FhirResource | undefined {
  if (order === undefined) return undefined;
  if ('drug' in order) {
    return {
      resourceType: 'MedicationRequest',
      id: 'draft',
      status: 'draft',
      intent: 'order',
      subject,
      ...medication(order.drug, dialect),
      dosageInstruction: [
        {
          timing: { repeat: { frequency: 1, period: 4, periodUnit: 'wk' } },
          doseAndRate: [
            {
              doseQuantity: {
                value: order.dose,
                unit: 'mg',
                system: 'http://unitsofmeasure.org',
                code: 'mg',
              },
            },
          ],
        },
      ],
    };
  }
  return {
    resourceType: 'ServiceRequest',
    id: 'draft',
    status: 'draft',
    intent: 'order',
    subject,
    code: coded(concepts.orders, order.act, dialect),
    ...(order.at !== undefined && { bodySite: [place(order.at, undefined, dialect)] }),
  };
}

/** Where a prescription says what is prescribed. */
export const drugWays = [
  'code',
  'contained',
  'reference',
  'urn:uuid',
  'ingredient',
  'ingredient by urn:uuid',
] as const;
export type DrugWay = (typeof drugWays)[number];

/** An entry of a Bundle. */
export interface Entry {
  readonly resource: FhirResource;
  readonly fullUrl?: string;
}

const address = (index: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${index}`;

/** The same chart with its prescriptions told in another way; what they refer to comes in the same Bundle. */
export function prescribedAs(chart: readonly FhirResource[], way: DrugWay): readonly Entry[] {
  return chart.flatMap((resource, index): readonly Entry[] => {
    const { medicationCodeableConcept: code, ...rest } = resource;
    if (resource.resourceType !== 'MedicationRequest' || code === undefined || way === 'code')
      return [{ resource }];
    const request = (reference: string, extra: Readonly<Record<string, unknown>> = {}): Entry => ({
      resource: { ...rest, ...extra, resourceType: 'MedicationRequest', medicationReference: { reference } },
    });
    const drug = { resourceType: 'Medication', id: `drug-${index}` };
    switch (way) {
      case 'contained':
        return [request(`#${drug.id}`, { contained: [{ ...drug, code }] })];
      case 'ingredient':
        return [
          request(`#${drug.id}`, {
            contained: [{ ...drug, ingredient: [{ itemCodeableConcept: code }] }],
          }),
        ];
      case 'reference':
        return [request(`Medication/${drug.id}`), { resource: { ...drug, code } }];
      case 'urn:uuid':
        return [
          request(address(index)),
          { fullUrl: address(index), resource: { resourceType: 'Medication', code } },
        ];
      case 'ingredient by urn:uuid': {
        const substance = address(index).replace('8000', '9000');
        return [
          request(address(index)),
          {
            fullUrl: address(index),
            resource: {
              resourceType: 'Medication',
              ingredient: [{ itemReference: { reference: substance } }],
            },
          },
          { fullUrl: substance, resource: { resourceType: 'Substance', code } },
        ];
      }
    }
  });
}
