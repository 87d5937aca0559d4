import type { LesionSets } from '../chart/lesion-sites.js';
import { statusesOf } from '../chart/status.js';
import type { DataNeed } from '../data/types.js';
import type { FactState } from '../knowledge/types.js';
import type { CompiledRule } from '../rules/evaluate.js';
import type { Terminology } from '../terminology/value-sets.js';

/**
 * How each resource type is asked for, inside the query subset of CDS Hooks 2.0 («Prefetch query restrictions»).
 * `codes`: filtered by the codes that the rules know, each without its system: gateways refuse long addresses, charts name
 * one system in several ways, and what else comes has its system looked at here. A list of states: filtered by the statuses that the chart reads
 * as one of them; a status left out here would count or not by the way in which the data came.
 * Conditions and BodyStructures are asked for whole: ICD-10 prefixes cannot be searched, and a chart's problem list
 * is short.
 */
interface Query {
  readonly key: string;
  readonly filter: 'codes' | 'none' | readonly FactState[];
}

const everyState: readonly FactState[] = ['ordered', 'done', 'current', 'past'];

const queries: Readonly<Record<string, Query>> = {
  Patient: { key: 'patient', filter: 'none' },
  Condition: { key: 'conditions', filter: 'none' },
  BodyStructure: { key: 'bodyStructures', filter: 'none' },
  Observation: { key: 'observations', filter: 'codes' },
  MedicationRequest: { key: 'medicationRequests', filter: everyState },
  MedicationAdministration: { key: 'medicationAdministrations', filter: everyState },
  MedicationStatement: { key: 'medicationStatements', filter: everyState },
  Procedure: { key: 'procedures', filter: everyState },
  // Neither ordered nor done once it is completed, and there are many of those.
  ServiceRequest: { key: 'serviceRequests', filter: ['ordered'] },
  Appointment: { key: 'appointments', filter: everyState },
  Encounter: { key: 'encounters', filter: everyState },
  DiagnosticReport: { key: 'diagnosticReports', filter: everyState },
  ImagingStudy: { key: 'imagingStudies', filter: ['done'] },
  AllergyIntolerance: { key: 'allergies', filter: 'none' },
  DocumentReference: { key: 'documents', filter: everyState },
  Composition: { key: 'compositions', filter: everyState },
  Goal: { key: 'goals', filter: 'none' },
};

/** The prefetch key under which a resource type is asked for. */
export function keyOf(resourceType: string): string {
  return queries[resourceType]?.key ?? resourceType;
}

/** Every prefetch key that a service may publish. */
export const prefetchKeys: ReadonlySet<string> = new Set(Object.values(queries).map(({ key }) => key));

/** The data that the rules read, merged to one query for each resource type, so that discovery never drifts. */
export function needsOf(
  rules: readonly CompiledRule[],
  { lesionSets, terminology }: { readonly lesionSets: LesionSets; readonly terminology: Terminology },
): readonly DataNeed[] {
  const sets = new Map<string, Set<string>>();
  for (const { charted } of rules) {
    for (const [type, ids] of charted) {
      const known = sets.get(type) ?? new Set();
      ids.forEach((id) => known.add(id));
      sets.set(type, known);
    }
  }
  // Where metastases are is asked of registries too, by services that ask for results anyway.
  if (sets.has('Condition')) sets.get('Observation')?.add(lesionSets.lesionSite);
  return Object.entries(queries).flatMap(([resourceType, query]) => {
    const ids = sets.get(resourceType);
    if (ids === undefined) return [];
    return [{ key: query.key, resourceType, template: template(resourceType, query, [...ids], terminology) }];
  });
}

/** Prefetch keys that one rule reads. */
export function keysOf({ charted }: CompiledRule): ReadonlySet<string> {
  return new Set([...charted.keys()].map(keyOf));
}

function template(
  resourceType: string,
  { filter }: Query,
  sets: readonly string[],
  terminology: Terminology,
): string {
  if (resourceType === 'Patient') return 'Patient/{{context.patientId}}';
  const query = `${resourceType}?patient={{context.patientId}}`;
  if (filter === 'none') return query;
  if (filter !== 'codes') return `${query}&status=${statusesOf(resourceType, filter).join(',')}`;
  const codes = new Set(sets.flatMap((id) => terminology.codesOf(id)).map(({ code }) => code));
  return codes.size === 0 ? query : `${query}&code=${[...codes].sort().join(',')}`;
}
