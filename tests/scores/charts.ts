import type { FhirResource } from '../../src/cds-hooks/types.js';
import { openChart } from '../../src/engine/answer.js';
import type { ScoreResult } from '../../src/rules/scored.js';
import { shippedPrepared } from '../shared/knowledge.js';

export const prepared = await shippedPrepared();

const base = 'https://bone-metastasis-cds.example/fhir/CodeSystem';
const snomed = 'http://snomed.info/sct';

export const today = '2026-10-15';

const concept = (system: string, code: string) => ({ coding: [{ system, code }] });

export function scoresOf(resources: readonly FhirResource[]): readonly ScoreResult[] {
  return openChart(prepared, resources, today).scores();
}

/** The only result of a score. */
export function scoreOf(score: string, resources: readonly FhirResource[]): ScoreResult | undefined {
  const found = scoresOf(resources).filter((result) => result.score === score);
  return found.length === 1 ? found[0] : undefined;
}

export function metastasis(id: string, sites: readonly string[], date = '2026-08-20'): FhirResource {
  return {
    resourceType: 'Condition',
    id,
    code: concept(snomed, '94222008'),
    bodySite: sites.map((site) => concept(snomed, site)),
    onsetDateTime: date,
  };
}

export function condition(id: string, system: string, code: string, onset = '2026-09-30'): FhirResource {
  return { resourceType: 'Condition', id, code: concept(system, code), onsetDateTime: onset };
}

export const cordCompression = condition('compression', snomed, '71286001');

/** A finding or a LOINC Observation with the given value element. */
export function observation(
  code: string,
  value: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): FhirResource {
  const system = /^\d+-\d$/.test(code) ? 'http://loinc.org' : `${base}/finding`;
  return {
    resourceType: 'Observation',
    id: `${code}-${JSON.stringify(value).replace(/\W/g, '')}`,
    status: 'final',
    code: concept(system, code),
    effectiveDateTime: '2026-10-01',
    ...value,
    ...more,
  };
}

export function found(
  code: string,
  answer: string,
  more: Readonly<Record<string, unknown>> = {},
): FhirResource {
  return observation(code, { valueCodeableConcept: concept(`${base}/finding`, answer) }, more);
}

export function quantity(code: string, value: number, unit: string): FhirResource {
  return observation(code, {
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  });
}

/** One item answered by itself. */
export function answered(
  item: string,
  answer: string,
  more: Readonly<Record<string, unknown>> = {},
): FhirResource {
  return {
    resourceType: 'Observation',
    id: `${item}-${answer}`,
    status: 'final',
    code: concept(`${base}/score`, item),
    effectiveDateTime: '2026-10-02',
    valueCodeableConcept: concept(`${base}/score`, `${item}-${answer}`),
    ...more,
  };
}

/** What an item's answer is, with the points that remain possible. */
export function itemOf(result: ScoreResult | undefined, id: string): readonly number[] | undefined {
  return result?.items.find(({ item }) => item === id)?.points;
}
