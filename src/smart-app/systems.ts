/** Code systems and identifiers of the contract, section 4. */
const base = 'https://bone-metastasis-cds.example/fhir';

export const scoreSystem = `${base}/CodeSystem/score`;
/** Marks a saved form, so that a second try after a lost answer finds the first. */
export const savedFormSystem = `${base}/NamingSystem/saved-score-form`;

/** Canonical address of a score's published Questionnaire. */
export function questionnaireUrl(score: string): string {
  return `${base}/Questionnaire/${score}`;
}
