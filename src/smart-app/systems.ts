import { ownUri, type Bases } from '../knowledge/canonical-base.js';
import type { ScoreForm } from './knowledge.js';

/** Code system of the scores, their items and their answers. */
export function scoreSystem({ canonicalBase }: Bases): string {
  return `${canonicalBase}/CodeSystem/score`;
}

/** Whether a code system is that of the scores, under the server's base or the shipped one. */
export function isScoreSystem(score: Bases, system: unknown): boolean {
  return typeof system === 'string' && ownUri(score)(system) === scoreSystem(score);
}

/** Marks a saved form, so that a second try after a lost answer finds the first. */
export function savedFormSystem({ canonicalBase }: Bases): string {
  return `${canonicalBase}/NamingSystem/saved-score-form`;
}

/** Canonical address of a score's published Questionnaire. */
export function questionnaireUrl({ id, canonicalBase }: Pick<ScoreForm, 'id' | 'canonicalBase'>): string {
  return `${canonicalBase}/Questionnaire/${id}`;
}
