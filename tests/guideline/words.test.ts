import { describe, expect, it } from '@jest/globals';
import { readTree, writeTree } from '../../src/fhirpath/tree.js';
import { conditionInWords, formulaInWords } from '../../src/guideline/condition-words.js';
import { knowingIn } from '../../src/guideline/knowing.js';
import { conditionsOf } from '../../src/guideline/reasons.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const knowing = { en: knowingIn(prepared, 'en'), fr: knowingIn(prepared, 'fr') };

const inWords = (expression: string, language: keyof typeof knowing): string | undefined => {
  const clause = conditionInWords(expression, knowing[language]);
  return clause === undefined ? undefined : knowing[language].inLine(clause);
};

const { rules, inputs } = prepared.knowledge;
const conditions = [...rules.values()].flatMap(conditionsOf);
const formulas = [...inputs.values()].flatMap((input) =>
  input.kind === 'expression' ? [input.expression] : [],
);

describe('an expression as a tree', () => {
  it('says the same when it is written again', () => {
    for (const source of [...conditions, ...formulas]) {
      const tree = readTree(source);
      expect([source, tree === undefined ? undefined : readTree(writeTree(tree))]).toEqual([source, tree]);
    }
  });

  it.each(['%a implies %b', '%a xor %b', '%a.exists()', '%a in', "today() > '2026'"])(
    'is nothing for %s, which no condition may hold',
    (source) => {
      expect(readTree(source)).toBeUndefined();
    },
  );

  it('keeps the digits of a rounding and the sides of a difference', () => {
    for (const source of ['(%a * 2).round(6)', '%a - (%b - %c)', '-%a > 3']) {
      const tree = readTree(source);
      expect(tree).toBeDefined();
      if (tree !== undefined) expect(readTree(writeTree(tree))).toEqual(tree);
    }
  });
});

describe('a condition in words', () => {
  it('can be made of every condition and formula of the knowledge, in both languages', () => {
    for (const language of ['en', 'fr'] as const) {
      expect(
        conditions.filter((source) => conditionInWords(source, knowing[language]) === undefined),
      ).toEqual([]);
      expect(formulas.filter((source) => formulaInWords(source, knowing[language]) === undefined)).toEqual(
        [],
      );
    }
  });

  it.each([
    ['%clearance < %zoledronicMinimumClearance', 'Creatinine clearance: below 30 mL/min'],
    ['(%clearance < %zoledronicMinimumClearance).not()', 'Creatinine clearance: at least 30 mL/min'],
    ['30 > %clearance', 'Creatinine clearance: below 30 mL/min'],
    ['%boneMetastasis', 'Bone metastasis: yes'],
    ['%boneMetastasis.not()', 'Bone metastasis: no'],
    ['iif(%boneMetastasis, true, false)', 'Bone metastasis: yes'],
    ['iif(%boneMetastasis, false, true)', 'Bone metastasis: no, or not known'],
    ['iif(%boneMetastasis, true, false).not()', 'Bone metastasis: no, or not known'],
    ['iif(%boneMetastasis, false, true).not()', 'Bone metastasis: yes'],
    ['iif(%boneMetastasis.not(), false, true)', 'Bone metastasis: yes, or not known'],
    ['iif(%clearance < 30, false, true)', 'Creatinine clearance: at least 30 mL/min, or not known'],
    ["%lesionType = 'lytic'", 'Type of lesion: lytic'],
    ["%lesionType != 'lytic'", 'Type of lesion: other than lytic'],
    [
      "%tomitaClass in ('palliative-surgery' | 'supportive-care')",
      'Strategy by the Tomita score: palliative surgery or supportive care',
    ],
    ['%boneMetastasis and %clearance > 60', 'Bone metastasis: yes and Creatinine clearance: above 60 mL/min'],
    [
      '(%boneMetastasis and %clearance > 60).not()',
      'Bone metastasis: no or Creatinine clearance: at most 60 mL/min',
    ],
    [
      '(%boneMetastasis or %clearance > 60).not()',
      'Bone metastasis: no and Creatinine clearance: at most 60 mL/min',
    ],
  ])('%s', (source, words) => {
    expect(inWords(source, 'en')?.replace(/\u00a0/g, ' ')).toBe(words);
  });

  it('is French with its own typography', () => {
    expect(inWords('%clearance >= %zoledronicMinimumClearance', 'fr')).toMatch(
      /^Clairance de la créatinine\u00a0: au moins 30\smL\/min$/,
    );
    expect(inWords('iif(%boneMetastasis, false, true)', 'fr')).toBe(
      'Métastase osseuse\u00a0: non, ou non connu',
    );
  });

  it('speaks of days where dates are compared', () => {
    expect(inWords('%creatinineDate > %creatinineClearanceDate', 'en')).toMatch(/: after /);
  });
});
