import { IntlMessageFormat } from 'intl-messageformat';
import type { Knowledge } from '../knowledge/knowledge.js';
import { sourceValues } from '../knowledge/source-values.js';
import type { Language, Rule } from '../knowledge/types.js';

/** Where a rule comes from, in the words of the cards. */
export function citation({ phrases }: Knowledge, rule: Rule, language: Language): string {
  const pattern = phrases.get(`source-${rule.basis}`)?.[language] ?? '{section} ({recommendations})';
  return String(new IntlMessageFormat(pattern, language).format({ ...sourceValues(rule, language) }));
}
