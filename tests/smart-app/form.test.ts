import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { notKnown, outcomeOf, rangeText, subtotalTexts } from '../../src/smart-app/form.js';
import { readScores, type ResultJson } from '../../src/smart-app/results.js';
import { reachableTotals } from '../../src/scores/reachable.js';
import { scoresBody } from '../browser/smart-chart.js';
import { scoreOf } from './artifacts.js';

const sins = scoreOf('sins');
const ageing = { today: '2026-11-21', oldEvidenceMonths: 3 };

function resultOf(score: string): ResultJson {
  const found = readScores(scoresBody)?.results.find((result) => result.score === score);
  if (found === undefined) throw new Error(`no result of ${score}`);
  return found;
}

describe('the form of a score', () => {
  it('starts where the server ended: same reachable totals, classes and missing items', () => {
    const result = resultOf('sins');
    const outcome = outcomeOf(sins, result, {}, ageing);
    expect(outcome.reachable).toEqual(result.reachable);
    expect(outcome.possibleClasses).toEqual(result.possibleClasses);
    expect(outcome.missing).toEqual(result.missing);
    expect(outcome.total).toBeUndefined();
    expect(outcome.class).toBeUndefined();
  });

  it('names a total and a class once the last open items are answered', () => {
    const choices = { 'sins-pain': 'mechanical', 'sins-alignment': 'normal' };
    const outcome = outcomeOf(sins, resultOf('sins'), choices, ageing);
    expect(outcome).toMatchObject({ total: 11, class: 'potentially-unstable', complete: true, missing: [] });
  });

  it('names a class before the total when all that can still come out share it', () => {
    const outcome = outcomeOf(sins, resultOf('sins'), { 'sins-alignment': 'normal' }, ageing);
    expect(outcome).toMatchObject({ reachable: [8, 9, 11], class: 'potentially-unstable', complete: false });
    expect(outcome.total).toBeUndefined();
  });

  it('has no total while two answers of equal points are open', () => {
    const result = resultOf('sins');
    const items = result.items.map((item) =>
      item.item === 'sins-alignment' ? { ...item, points: [4] } : item,
    );
    const outcome = outcomeOf(sins, { ...result, items }, { 'sins-pain': 'none' }, ageing);
    expect(outcome.reachable).toEqual([12]);
    expect(outcome.total).toBeUndefined();
    expect(outcome.complete).toBe(false);
  });

  it('lets a clinician take a derived answer back: the item is missing again', () => {
    const outcome = outcomeOf(sins, resultOf('sins'), { 'sins-location': notKnown }, ageing);
    expect(outcome.missing).toEqual(['sins-location', 'sins-pain']);
    expect(outcome.items[0]).toMatchObject({ changed: true, possible: [] });
  });

  it('marks old evidence, contradictory answers, and answers that are merely both possible', () => {
    const marks = outcomeOf(sins, resultOf('sins'), {}, ageing).items.map(({ item, marks: own }) => [
      item.id,
      own,
    ]);
    expect(Object.fromEntries(marks)).toEqual({
      'sins-location': [],
      'sins-pain': [],
      'sins-lesion': ['old'],
      'sins-alignment': ['contradictory'],
      'sins-collapse': ['old'],
      'sins-posterolateral': [],
    });
    const [site] = outcomeOf(scoreOf('mirels'), resultOf('mirels'), {}, ageing).items;
    expect(site).toMatchObject({ marks: ['several'], prefill: { from: 'derived' } });
  });

  it('never calls old what does not age: a level, a primary', () => {
    const aged = (id: string) => {
      const result = resultOf(id);
      const items = result.items.map((item) => ({
        ...item,
        evidence: item.evidence.map((each) => ({ ...each, date: '2020-01-01' })),
      }));
      return outcomeOf(scoreOf(id), { ...result, items }, {}, ageing)
        .items.filter(({ marks }) => marks.includes('old'))
        .map(({ item }) => item.id);
    };
    expect(aged('sins')).not.toContain('sins-location');
    expect(aged('mirels')).not.toContain('mirels-site');
    expect(aged('tomita')).not.toContain('tomita-growth');
    expect(aged('sins')).toContain('sins-lesion');
  });

  it('marks nothing as old when the knowledge gives no age', () => {
    const outcome = outcomeOf(sins, resultOf('sins'), {}, { today: '2026-11-21' });
    expect(outcome.items.flatMap(({ marks }) => marks)).toEqual(['contradictory']);
  });

  it('lowers the flag on missing items when none is missing, and keeps what only the server can judge', () => {
    const result = { ...resultOf('sins'), flags: ['SINS-1', 'SINS-6'] };
    const choices = { 'sins-pain': 'non-mechanical', 'sins-alignment': 'normal' };
    expect(outcomeOf(sins, result, {}, ageing).flags).toContain('SINS-6');
    const { flags } = outcomeOf(sins, result, choices, ageing);
    expect(flags).not.toContain('SINS-6');
    expect(flags).toEqual(expect.arrayContaining(['SINS-1', 'SINS-2']));
  });

  it('follows a derived item: its flag goes when the clinician answers otherwise', () => {
    const tomita = scoreOf('tomita');
    const flag = tomita.flags.find(({ derived }) => derived !== undefined);
    const result = resultOf('tomita');
    expect(outcomeOf(tomita, result, {}, ageing).flags).toContain(flag?.id);
    expect(outcomeOf(tomita, result, { 'tomita-growth': 'slow' }, ageing).flags).not.toContain(flag?.id);
  });

  it('shows the sum that the source prints beside the total, as a range while it is open', () => {
    const tokuhashi = scoreOf('tokuhashi');
    const without = tokuhashi.subtotals?.[0]?.without ?? [];
    const answered: Record<string, string> = {};
    for (const { id, answers } of tokuhashi.items) {
      if (!without.includes(id)) answered[id] = answers[0]?.code ?? '';
    }
    const { items } = outcomeOf(tokuhashi, undefined, answered, ageing);
    expect(subtotalTexts(tokuhashi, items, 'en')).toEqual([expect.stringContaining(': 0 (')]);
    const open = outcomeOf(tokuhashi, undefined, {}, ageing).items;
    expect(subtotalTexts(tokuhashi, open, 'en')).toEqual([expect.stringContaining(': 0–13 (')]);
  });

  it('states the grade of a grade, and adds nothing up', () => {
    const frankel = scoreOf('frankel');
    const [item] = frankel.items;
    const code = item?.answers[0]?.code ?? '';
    const outcome = outcomeOf(frankel, undefined, { [item?.id ?? '']: code }, ageing);
    expect(outcome).toMatchObject({ class: code, reachable: [], complete: true });
    expect(outcomeOf(frankel, undefined, {}, ageing).class).toBeUndefined();
  });

  const choicesOf = fc
    .tuple(...sins.items.map(({ answers }) => fc.option(fc.constantFrom(...answers.map(({ code }) => code)))))
    .map((codes) =>
      Object.fromEntries(
        sins.items.flatMap(({ id }, index): [string, string][] => {
          const code = codes[index];
          return typeof code === 'string' ? [[id, code]] : [];
        }),
      ),
    );

  it('never widens the reachable totals by an answer, and gives a total for complete answers only', () => {
    fc.assert(
      fc.property(choicesOf, fc.constantFrom(...sins.items), (choices, next) => {
        const before = outcomeOf(sins, undefined, choices, ageing);
        const [answer] = next.answers;
        const after = outcomeOf(sins, undefined, { [next.id]: answer?.code ?? '', ...choices }, ageing);
        expect(after.reachable.every((total) => before.reachable.includes(total))).toBe(true);
        expect(after.total !== undefined).toBe(after.missing.length === 0);
      }),
    );
  });

  it('reaches with nothing answered exactly what the whole score can give', () => {
    const all = reachableTotals(sins.items.map(({ answers }) => answers.map(({ points }) => points)));
    expect(outcomeOf(sins, undefined, {}, ageing).reachable).toEqual(all);
  });
});

describe('a range in words', () => {
  it.each([
    [[6], '6'],
    [[6, 7, 8, 9], '6–9'],
    [[1, 3, 9, 10], '1, 3, 9–10'],
    [[], ''],
  ])('writes %j as %s', (totals, text) => {
    expect(rangeText(totals)).toBe(text);
  });
});
