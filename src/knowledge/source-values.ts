import type { Language, Rule, Text } from './types.js';

/** The places of the phrases `source-…`, which say where a rule comes from. */
export interface SourceValues {
  readonly section: string;
  /** `yes`: the section names several («3.5.4, 3.7»). */
  readonly several: 'yes' | 'no';
  readonly recommendations: string;
}

/** A section as it is named in one language; a bare number is the guideline's. */
export function sectionIn(section: string | Text, language: Language): string {
  return typeof section === 'string' ? section : section[language];
}

/** The values of those places for one rule, in one language. */
export function sourceValues(rule: Rule, language: Language): SourceValues {
  const section = sectionIn(rule.section, language);
  return {
    section,
    several: /\d(?:, | and | et )\d/.test(section) ? 'yes' : 'no',
    recommendations: rule.recommendations.join(', '),
  };
}
