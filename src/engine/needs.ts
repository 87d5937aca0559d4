import type { LesionSets } from '../chart/lesion-sites.js';
import { statusesOf } from '../chart/status.js';
import type { DataNeed } from '../data/types.js';
import type { FactState } from '../knowledge/types.js';
import { selectionsOf } from '../knowledge/acts.js';
import type { Condition } from '../rules/condition.js';
import { closure, type CompiledRule } from '../rules/evaluate.js';
import type { Inputs } from '../rules/case.js';
import type { Terminology } from '../terminology/value-sets.js';
import type { PreparedScore } from './prepared-score.js';

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

/** What the needs of a rule are worked out from. */
export interface NeedsContext {
  readonly inputs: Inputs;
  readonly scores: ReadonlyMap<string, PreparedScore>;
  readonly lesionSets: LesionSets;
  readonly terminology: Terminology;
}

/** The data that the rules read, merged to one query for each resource type, so that discovery never drifts. */
export function needsOf(rules: readonly CompiledRule[], context: NeedsContext): readonly DataNeed[] {
  const sets = new Map<string, Set<string>>();
  for (const rule of rules) {
    for (const [type, ids] of typesOf(rule, context)) {
      const known = sets.get(type) ?? new Set();
      ids.forEach((id) => known.add(id));
      sets.set(type, known);
    }
  }
  // Where metastases are is asked of registries too, by services that ask for results anyway.
  if (sets.has('Condition')) sets.get('Observation')?.add(context.lesionSets.lesionSite);
  return Object.entries(queries).flatMap(([resourceType, query]) => {
    const ids = sets.get(resourceType);
    if (ids === undefined) return [];
    return [
      {
        key: query.key,
        resourceType,
        template: template(resourceType, query, [...ids], context.terminology),
      },
    ];
  });
}

/** Prefetch keys that one rule reads. */
export function keysOf(rule: CompiledRule, context: NeedsContext): ReadonlySet<string> {
  return new Set([...typesOf(rule, context).keys()].map(keyOf));
}

/** Those of them that only its guards read: without them it speaks, and says what could not be checked. */
export function guardKeysOf(rule: CompiledRule, context: NeedsContext): ReadonlySet<string> {
  const needed = new Set([...typesOf(rule, context, rule.criteria).keys()].map(keyOf));
  return new Set([...keysOf(rule, context)].filter((key) => !needed.has(key)));
}

function typesOf(
  rule: CompiledRule,
  context: NeedsContext,
  names: ReadonlySet<string> = rule.inputs,
): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map<string, Set<string>>();
  const add = (type: string, ids: readonly string[] = []): void => {
    const known = types.get(type) ?? new Set();
    ids.forEach((id) => known.add(id));
    types.set(type, known);
  };
  const addLesions = (): void => {
    add('Condition');
    add('BodyStructure');
  };
  const seenScores = new Set<string>();
  const addScore = (id: string): void => {
    const prepared = context.scores.get(id);
    if (prepared === undefined || seenScores.has(id)) return;
    seenScores.add(id);
    add('Observation', [id, ...prepared.score.items.map((item) => item.id)]);
    if (prepared.score.per === 'lesion') addLesions();
    const conditions: readonly (Condition | undefined)[] = [prepared.when, ...prepared.conditions.values()];
    const names = conditions.flatMap((each) => each?.inputs ?? []);
    closure(names, context.inputs).forEach(addInput);
  };
  const addInput = (name: string): void => {
    const compiled = context.inputs.get(name);
    if (compiled === undefined) return;
    const { input, scope } = compiled;
    if (scope === 'lesion' && input.kind !== 'score') addLesions();
    switch (input.kind) {
      case 'selected':
        if (input.scope === 'item') return;
        for (const { type, codes, possibly, from, sameSite, notAt, notIn, sited } of input.select) {
          if (from !== 'request') add(type, [...(codes ?? []), ...(possibly ?? [])]);
          if (sameSite === true || notAt !== undefined || notIn !== undefined || sited === true) addLesions();
        }
        return;
      case 'answered':
        for (const { type, codes = [], possibly = [] } of selectionsOf(input)) {
          if (input.from !== 'request') add(type, [...codes, ...possibly]);
        }
        addLesions();
        return;
      case 'lesions':
        addLesions();
        return;
      case 'score':
        addScore(input.score);
        return;
      case 'person':
        add('Patient');
        return;
      default:
    }
  };
  names.forEach(addInput);
  if (rule.rule.for === 'lesions') addLesions();
  return types;
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
