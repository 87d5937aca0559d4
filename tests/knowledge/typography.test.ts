import { describe, expect, it } from '@jest/globals';
import { readLanguages } from '../../src/knowledge/languages.js';
import { loadKnowledge } from '../../src/knowledge/load-knowledge.js';
import { typographyOf } from '../../src/knowledge/typography.js';

const { languages } = await loadKnowledge();
const shipped = (code: string) => {
  const found = languages.find((each) => each.code === code);
  if (found === undefined) throw new Error(`no ${code}`);
  return typographyOf(found);
};

describe('the typography of a language', () => {
  it('keeps French signs with their words', () => {
    expect(shipped('fr').typeset('« SINS » : 13 % ; opérer ?')).toBe(
      '«\u00a0SINS\u00a0»\u00a0: 13\u202f%\u202f; opérer\u202f?',
    );
    expect(shipped('en').typeset('SINS: 13%; operate?')).toBe('SINS: 13%; operate?');
  });

  it('writes the first of a month as the language does', () => {
    expect(shipped('fr').day('1 mai 2026')).toBe('1er mai 2026');
    expect(shipped('fr').day('11 mai 2026')).toBe('11 mai 2026');
    expect(shipped('en').day('1 May 2026')).toBe('1 May 2026');
  });

  it('takes space and decimal sign of a unit from the locale, and the capitals of nouns from the file', () => {
    expect(['%', 'mL/min/1.73 m²'].map(shipped('en').afterNumber)).toEqual(['%', '\u00a0mL/min/1.73 m²']);
    expect(['%', 'mL/min/1.73 m²'].map(shipped('fr').afterNumber)).toEqual([
      '\u00a0%',
      '\u00a0mL/min/1,73 m²',
    ]);
    const german = typographyOf({ locale: 'de-DE', capitalNouns: true });
    expect(['%', 'mL/min/1.73 m²'].map(german.afterNumber)).toEqual(['\u00a0%', '\u00a0mL/min/1,73 m²']);
    expect(['Kreuzbein', 'T10'].map(german.asCommonNoun)).toEqual(['Kreuzbein', 'T10']);
    expect(['Sacrum', 'T10', 'MRI'].map(shipped('fr').asCommonNoun)).toEqual(['sacrum', 'T10', 'MRI']);
  });

  it('is in the list of languages that is read before the knowledge, as in the knowledge', () => {
    expect(readLanguages()).toEqual(languages);
  });
});
