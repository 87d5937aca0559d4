import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const read = (language: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(`src/smart-app/strings/${language}.json`, 'utf8')) as Record<string, string>;
const en = read('en');
const fr = read('fr');
const holes = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();
const sources = ['src/smart-app', 'src/smart-app/components']
  .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('the sentences of the app', () => {
  it('are the same set in both languages, with the same holes', () => {
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(en)) {
      expect({ key, holes: holes(fr[key] ?? '') }).toEqual({ key, holes: holes(text) });
    }
  });

  it('are none of them left in English', () => {
    const same = Object.keys(en).filter((key) => en[key] === fr[key]);
    const sharedWords = [
      'banner.label',
      'overview.scores',
      'review.patient',
      'review.score',
      'review.points',
    ];
    const alike = [
      ...sharedWords,
      'score.points',
      'score.pointsOne',
      'score.patient',
      'score.total',
      'score.grade',
    ];
    const more = [
      'score.of',
      'form.title',
      'review.total',
      'history.date',
      'history.total',
      'summary.scores',
      'summary.page',
    ];
    // Of nothing but placeholders there is nothing to translate.
    const ofWords = same.filter((key) => /\p{L}/u.test((en[key] ?? '').replace(/\{\w+\}/g, '')));
    expect(ofWords.filter((key) => ![...alike, ...more, 'summary.score'].includes(key))).toEqual([]);
  });

  it('have in French a narrow no-break space before high punctuation', () => {
    expect(Object.values(fr).filter((text) => / [:;!?]/.test(text))).toEqual([]);
  });

  it('are all used', () => {
    const unused = Object.keys(en).filter((key) => {
      const family = key.slice(0, key.lastIndexOf('.'));
      return !sources.includes(`'${key}'`) && !sources.includes(`\`${family}.\${`);
    });
    expect(unused).toEqual([]);
  });
});
