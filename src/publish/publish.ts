import type { CodeSystem, ConceptMap, PlanDefinition, Questionnaire, ValueSet } from 'fhir/r4.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language } from '../knowledge/types.js';
import type { PublishedType } from './canonical.js';
import { codeSystems } from './code-systems.js';
import { conceptMaps } from './concept-maps.js';
import { planDefinitions } from './plan-definitions.js';
import { questionnaires } from './questionnaires.js';
import { valueSets } from './value-sets.js';

export type PublishedResource = CodeSystem | ValueSet | ConceptMap | Questionnaire | PlanDefinition;

/** The published resources of each type, by id. */
export type Published = Readonly<Record<PublishedType, ReadonlyMap<string, PublishedResource>>>;

/** The knowledge as standard FHIR R4, worded in one language with the other as translation. Pure. */
export function publish(
  knowledge: Knowledge,
  { edition, language }: { readonly edition: string; readonly language: Language },
): Published {
  return {
    CodeSystem: byId(codeSystems(knowledge, language)),
    ValueSet: byId(valueSets(knowledge, language)),
    ConceptMap: byId(conceptMaps(knowledge, language)),
    Questionnaire: byId(questionnaires(knowledge, language)),
    PlanDefinition: byId(planDefinitions(knowledge, edition, language)),
  };
}

function byId<Resource extends PublishedResource>(
  resources: readonly Resource[],
): ReadonlyMap<string, Resource> {
  return new Map(
    resources.flatMap((resource) => (resource.id === undefined ? [] : [[resource.id, resource]])),
  );
}
