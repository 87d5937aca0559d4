import { describe, expect, it } from '@jest/globals';
import {
  exampleCase,
  playRule,
  ruleExampleProblems,
  scoreExampleProblems,
} from '../../src/engine/examples.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const { knowledge } = prepared;

describe('the examples inside the rules', () => {
  for (const rule of knowledge.rules.values()) {
    for (const example of rule.examples) {
      it(`${rule.id}: ${example.name} → ${example.outcome}`, () => {
        expect(ruleExampleProblems(prepared, rule, example)).toEqual([]);
      });
    }
  }
});

describe('the examples inside the scores', () => {
  for (const score of knowledge.scores.values()) {
    for (const example of score.examples) {
      it(`${score.id}: ${example.name}`, () => {
        expect(scoreExampleProblems(prepared, score, example)).toEqual([]);
      });
    }
  }
});

describe('every input', () => {
  const seen = new Set(
    [...knowledge.rules.values()].flatMap((rule) =>
      rule.examples.flatMap((example) => [...playRule(prepared, rule, example).seen]),
    ),
  );
  const used = new Set([...prepared.rules.values()].flatMap(({ inputs }) => [...inputs]));
  /** Asked of the patient and of each lesion: what the plan or the offer of a suggestion asks is no part of an outcome. */
  const hasValueSomewhere = (name: string): boolean =>
    [...knowledge.rules.values()]
      .flatMap(({ examples }) => examples)
      .some((example) => {
        const { of, memory } = exampleCase(prepared, example);
        return [{}, ...of.lesions.map((lesion) => ({ lesion }))].some(
          (place) =>
            memory.valueOf(of.subjectOf({ ...place, eligible: of.lesions }))(name).possible[0] === true,
        );
      });
  // A misspelt path or a wrong value set shows itself only here: the input never has a value.
  it.each([...used])('%s has a value in at least one example', (name) => {
    expect(seen.has(name) || hasValueSomewhere(name)).toBe(true);
  });
});
