import type { FhirResource } from '../../src/cds-hooks/types.js';
import { buildChart, type Chart } from '../../src/chart/chart.js';
import { assembleLesions, type Lesion } from '../../src/chart/lesions.js';
import { shippedPrepared } from '../shared/knowledge.js';

export const prepared = await shippedPrepared();

/** 2026-10-15 */
export const today = Date.UTC(2026, 9, 15) / 86_400_000;

export const own = 'https://bone-metastasis-cds.example/fhir/CodeSystem';

export function chartOf(resources: readonly FhirResource[], drafts: readonly FhirResource[] = []): Chart {
  return buildChart({ resources, drafts, terminology: prepared.terminology, today });
}

export function lesionsOf(resources: readonly FhirResource[]): readonly Lesion[] {
  return assembleLesions(chartOf(resources), prepared.sites, prepared.lesionSets);
}

export function sitesOf(resources: readonly FhirResource[]): readonly string[] {
  return lesionsOf(resources).map(({ locations }) => prepared.sites.name(locations, 'en'));
}

const snomed = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });

/** SNOMED codes of some sites. */
export const vertebra = {
  T10: '7610001',
  T11: '12989004',
  T12body: '280849005',
  T12: '23215003',
  L1: '66794005',
  L3: '36470004',
};

export function metastasis(
  id: string,
  sites: readonly string[] = [],
  extra: Partial<FhirResource> = {},
): FhirResource {
  return {
    resourceType: 'Condition',
    id,
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: snomed('94222008'),
    subject: { reference: 'Patient/p' },
    ...(sites.length > 0 && { bodySite: sites.map(snomed) }),
    ...extra,
  };
}

export function bodyStructure(id: string, site: string, extra: Partial<FhirResource> = {}): FhirResource {
  return {
    resourceType: 'BodyStructure',
    id,
    location: snomed(site),
    patient: { reference: 'Patient/p' },
    ...extra,
  };
}

export function finding(
  id: string,
  code: string,
  value: Readonly<Record<string, unknown>>,
  extra: Partial<FhirResource> = {},
): FhirResource {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: `${own}/finding`, code }] },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: '2026-10-01',
    ...value,
    ...extra,
  };
}

export function result(
  id: string,
  loinc: string,
  value: number,
  unit: string,
  extra: Partial<FhirResource> = {},
): FhirResource {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: loinc }] },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: '2026-10-01',
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
    ...extra,
  };
}
