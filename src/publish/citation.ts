import { IntlMessageFormat } from 'intl-messageformat';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language, Rule } from '../knowledge/types.js';

/** Where a rule comes from, in the words of the cards. */
export function citation({ phrases }: Knowledge, rule: Rule, language: Language): string {
  const values = {
    section: typeof rule.section === 'string' ? rule.section : rule.section[language],
    recommendations: rule.recommendations.join(', '),
  };
  const pattern = phrases.get(`source-${rule.basis}`)?.[language] ?? '{section} ({recommendations})';
  return String(new IntlMessageFormat(pattern, language).format(values));
}
