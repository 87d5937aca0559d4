import type { Language, Rule } from './types.js';

/** The places of the phrases `source-…`, which say where a rule comes from. */
export interface SourceValues {
  readonly section: string;
  /** `yes`: the section names several («3.5.4, 3.7»). */
  readonly several: 'yes' | 'no';
  readonly recommendations: string;
}

/** The values of those places for one rule, in one language. */
export function sourceValues(rule: Rule, language: Language): SourceValues {
  const section = typeof rule.section === 'string' ? rule.section : rule.section[language];
  return {
    section,
    several: /\d(?:, | and | et )\d/.test(section) ? 'yes' : 'no',
    recommendations: rule.recommendations.join(', '),
  };
}
