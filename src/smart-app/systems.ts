import { canonicalBase } from '../knowledge/canonical-base.js';

/** Code system of the scores, their items and their answers. */
export const scoreSystem = `${canonicalBase}/CodeSystem/score`;
/** Marks a saved form, so that a second try after a lost answer finds the first. */
export const savedFormSystem = `${canonicalBase}/NamingSystem/saved-score-form`;

/** Canonical address of a score's published Questionnaire. */
export function questionnaireUrl(score: string): string {
  return `${canonicalBase}/Questionnaire/${score}`;
}
