/**
 * Settings that the engine itself reads, whatever the guideline: how many cards, how long something declined or shown stays unsaid,
 * when a request without a result is too old to count, when a score's evidence is called old. Every settings file has them.
 */
export const engineSettings = [
  'maximumCards',
  'gapsToldApart',
  'declinedCardDays',
  'declinedWarningHours',
  'repeatedInfoDays',
  'repeatedWarningHours',
  'openRequestMaxAge',
  'emergencyRequestMaxAge',
  'oldEvidenceAge',
] as const;

export type EngineSetting = (typeof engineSettings)[number];
