import type { Knowledge } from '../knowledge/knowledge.js';
import type { CdsServiceDefinition, Rule } from '../knowledge/types.js';

/** Services that ask a rule, with its place in their order of importance, from 1. */
export interface Place {
  readonly service: CdsServiceDefinition;
  readonly place: number;
}

/** Where a rule is asked. */
export function placesOf({ services }: Knowledge, id: string): readonly Place[] {
  return [...services.values()].flatMap((service) => {
    const index = service.rules.indexOf(id);
    return index === -1 ? [] : [{ service, place: index + 1 }];
  });
}

/** Rules that share a card with this one where they are about the same subject. */
export function sharingCard({ rules }: Knowledge, rule: Rule): readonly Rule[] {
  if (rule.fold === undefined) return [];
  return [...rules.values()].filter(({ id, fold }) => fold === rule.fold && id !== rule.id);
}

/** Whether a rule can speak on this server. */
export function isInForce({ status, edition }: Rule, editionInForce: string): boolean {
  return status === 'active' && edition <= editionInForce;
}

/** Whether the hospital switched it off, which its own artifact does not say. */
export function isSwitchedOff({ overrides }: Knowledge, { id }: Rule): boolean {
  return overrides.some(({ kind, name }) => kind === 'rule' && name === id);
}
