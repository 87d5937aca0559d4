import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { compilePattern } from '../../src/words/pattern.js';
import { placeholdersOf } from '../../src/knowledge/placeholders.js';
import { shippedKnowledge } from '../shared/knowledge.js';

const knowledge = await shippedKnowledge();
const isText = (value: unknown): value is { readonly en: string; readonly fr: string } =>
  typeof value === 'object' &&
  value !== null &&
  'en' in value &&
  typeof value.en === 'string' &&
  'fr' in value;

function textsIn(value: unknown): readonly { readonly en: string; readonly fr: string }[] {
  if (isText(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(textsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const texts = [...knowledge.phrases.values(), ...textsIn(knowledge.rules), ...textsIn(knowledge.scores)];
const given = [0, 1, 2, 5, 21, 1000, '2.5', 'yes', 'no', 'T10–T11'];

describe('every pattern of the artifacts, filled in', () => {
  it.each([
    ['en', 'en-GB'],
    ['fr', 'fr-FR'],
  ] as const)('says in %s what the ICU library says', (language, locale) => {
    for (const text of texts) {
      const pattern = text[language];
      const filled = compilePattern(pattern, locale);
      const library = new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true });
      // `#` is the library's own number format: what is counted must be a number.
      const fitting = given.filter((value) => typeof value === 'number' || !pattern.includes('#'));
      for (const value of fitting) {
        const values = Object.fromEntries(placeholdersOf(pattern).map((name) => [name, value]));
        expect(filled(values)).toBe(library.format(values));
      }
    }
    expect(texts.length).toBeGreaterThan(500);
  });

  it('a place without a value is refused, not written as «undefined»', () => {
    expect(() => compilePattern('within {days} days', 'en-GB')({})).toThrow('no value for {days}');
    expect(() => compilePattern('{n, plural, one {# day} other {# days}}', 'en-GB')({})).toThrow(RangeError);
  });
});

describe('the kinds of element that no artifact uses', () => {
  it.each([
    '{n, plural, offset:1 =0 {nobody} other {# others}}',
    '{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}',
    '{n, number}',
  ])('are filled in as well: %s', (pattern) => {
    const library = new IntlMessageFormat(pattern, 'en-GB', undefined, { ignoreTag: true });
    for (const n of [0, 1, 2, 3, 4, 12345]) {
      expect(compilePattern(pattern, 'en-GB')({ n })).toBe(String(library.format({ n })));
    }
  });
});
