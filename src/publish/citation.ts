import { IntlMessageFormat } from 'intl-messageformat';
import type { Knowledge } from '../knowledge/knowledge.js';
import { sourcesOf } from '../knowledge/source-values.js';
import type { Language, Rule } from '../knowledge/types.js';
import { textIn } from '../text.js';

/** Where a rule comes from, in the words of the cards. */
export function citation({ phrases }: Knowledge, rule: Rule, language: Language): string {
  const written = (key: string, values: Readonly<Record<string, string>>): string =>
    String(new IntlMessageFormat(textIn(phrases.get(key), language) ?? '', language).format(values));
  return sourcesOf([rule], language)
    .map(({ basis, places, several }) =>
      written(`source-${basis}`, {
        several,
        places: places.map((place) => written('source-place', { ...place })).join(),
      }),
    )
    .join();
}
