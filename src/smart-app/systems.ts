import { defaultBase, ownUri } from '../knowledge/canonical-base.js';
import type { ScoreForm } from './knowledge.js';

type Based = Pick<ScoreForm, 'canonicalBase'>;

/** Code system of the scores, their items and their answers. */
export function scoreSystem({ canonicalBase = defaultBase }: Based): string {
  return `${canonicalBase}/CodeSystem/score`;
}

/** Whether a code system is that of the scores, under the server's base or the default one. */
export function isScoreSystem(score: Based, system: unknown): boolean {
  const { canonicalBase = defaultBase } = score;
  return typeof system === 'string' && ownUri(canonicalBase)(system) === scoreSystem(score);
}

/** Marks a saved form, so that a second try after a lost answer finds the first. */
export function savedFormSystem({ canonicalBase = defaultBase }: Based): string {
  return `${canonicalBase}/NamingSystem/saved-score-form`;
}

/** Canonical address of a score's published Questionnaire. */
export function questionnaireUrl({ id, canonicalBase = defaultBase }: Based & Pick<ScoreForm, 'id'>): string {
  return `${canonicalBase}/Questionnaire/${id}`;
}
