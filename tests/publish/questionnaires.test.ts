import { describe, expect, it } from '@jest/globals';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import type { Questionnaire, QuestionnaireResponse } from 'fhir/r4.js';
import type { Score } from '../../src/knowledge/types.js';
import { scoreSystemAt } from '../../src/publish/canonical.js';
import { publish } from '../../src/publish/publish.js';
import { classesOf, reachableTotals } from '../../src/scores/reachable.js';
import { shippedPrepared } from '../shared/knowledge.js';

const { knowledge } = await shippedPrepared();
const forms = publish(knowledge, { edition: '2024', language: 'en' }).Questionnaire;
const french = publish(knowledge, { edition: '2024', language: 'fr' }).Questionnaire;
const summed = [...knowledge.scores.values()].filter(({ grade }) => grade !== true);

function formOf(score: Score, table = forms): Questionnaire {
  const form = table.get(score.id);
  if (form?.resourceType !== 'Questionnaire') throw new Error(`no form for ${score.id}`);
  return form;
}

function calculation(form: Questionnaire, linkId: string): (filled: QuestionnaireResponse) => unknown {
  const item = form.item?.find((each) => each.linkId === linkId);
  const expression = item?.extension?.find(({ valueExpression }) => valueExpression !== undefined)
    ?.valueExpression?.expression;
  if (expression === undefined) throw new Error(`${linkId} is not calculated`);
  const compiled = fhirpath.compile(expression, r4);
  return (filled) => compiled(filled, { resource: filled, questionnaire: form });
}

/** One answer code per item; undefined leaves the item out. */
function filled(score: Score, codes: readonly (string | undefined)[]): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item: score.items.flatMap(({ id }, index) => {
      const code = codes[index];
      return code === undefined
        ? []
        : [
            {
              linkId: id,
              answer: [
                { valueCoding: { system: scoreSystemAt(knowledge.canonicalBase), code: `${id}-${code}` } },
              ],
            },
          ];
    }),
  };
}

function combinations(score: Score): readonly (readonly string[])[] {
  return score.items.reduce<readonly (readonly string[])[]>(
    (sets, { answers }) => sets.flatMap((set) => answers.map(({ code }) => [...set, code])),
    [[]],
  );
}

function pointsOf(score: Score, codes: readonly string[]): readonly (readonly number[])[] {
  return score.items.map(({ answers }, index) =>
    answers.filter(({ code }) => code === codes[index]).map(({ points }) => points),
  );
}

const weights = fhirpath.compile('%resource.item.answer.weight().sum()', r4);

describe.each(summed.map((score) => [score.id, score] as const))('the published form of %s', (id, score) => {
  const form = formOf(score);
  const total = calculation(form, `${id}-total`);
  const className = calculation(form, `${id}-class`);
  const all = combinations(score);

  it(`gives our total, by weight() and by its own calculation, for all ${all.length} complete answer sets`, () => {
    const differing = all.filter((codes) => {
      const answers = filled(score, codes);
      const ours = JSON.stringify(reachableTotals(pointsOf(score, codes)));
      const weighed: unknown = weights(answers, { resource: answers, questionnaire: form });
      return JSON.stringify(total(answers)) !== ours || JSON.stringify(weighed) !== ours;
    });
    expect(differing).toEqual([]);
  }, 120_000);

  it('names our class for every total', () => {
    const byTotal = new Map(all.map((codes) => [reachableTotals(pointsOf(score, codes))[0] ?? NaN, codes]));
    const named = [...byTotal.values()].map((codes) => className(filled(score, codes)));
    const ours = [...byTotal.keys()].map((sum) =>
      classesOf(score.classes, [sum]).map(({ display }) => display.en),
    );
    expect(named).toEqual(ours);
  });

  it.each(score.items.map((item, index) => [item.id, index] as const))(
    'has no total and no class without %s',
    (_item, missing) => {
      const codes = (all[0] ?? []).map((code, index) => (index === missing ? undefined : code));
      expect(total(filled(score, codes))).toEqual([]);
      expect(className(filled(score, codes))).toEqual([]);
    },
  );

  it('has no total when an item has two answers, or stands there twice', () => {
    const complete = filled(score, all[0] ?? []);
    const [first, ...rest] = complete.item ?? [];
    if (first === undefined) throw new Error('a score has items');
    const twice = { ...first, answer: [...(first.answer ?? []), ...(first.answer ?? [])] };
    expect(total({ ...complete, item: [twice, ...rest] })).toEqual([]);
    expect(total({ ...complete, item: [first, first, ...rest] })).toEqual([]);
    expect(total({ ...complete, item: [first, first, ...rest.slice(1)] })).toEqual([]);
  });

  it('holds the points on the option and on its coding', () => {
    const options = (form.item ?? []).flatMap(({ answerOption = [] }) => answerOption);
    const onOption = options.map(({ extension }) => extension?.[0]?.valueDecimal);
    expect(options.map(({ valueCoding }) => valueCoding?.extension?.[0]?.valueDecimal)).toEqual(onOption);
    expect(onOption).toEqual(score.items.flatMap(({ answers }) => answers.map(({ points }) => points)));
  });

  it('says in French the same as in English, each with the other as translation', () => {
    const texts = (table: typeof forms): readonly (string | undefined)[] =>
      (formOf(score, table).item ?? []).map(({ text }) => text);
    const translated = (formOf(score, french).item ?? []).map(
      ({ _text }) => _text?.extension?.[0]?.extension?.find(({ url }) => url === 'content')?.valueString,
    );
    expect(translated).toEqual(texts(forms));
    expect(texts(french).slice(0, score.items.length)).toEqual(score.items.map(({ text }) => text.fr));
  });
});

describe('the form of a grade', () => {
  const grades = [...knowledge.scores.values()].filter(({ grade }) => grade === true);

  it('asks for the grade and adds nothing up', () => {
    const ids = grades.map((score) => [score, formOf(score).item?.map(({ linkId }) => linkId)] as const);
    expect(ids.filter(([score, links]) => links?.length !== score.items.length)).toEqual([]);
    expect(JSON.stringify(grades.map((score) => formOf(score)))).not.toContain('ordinalValue');
  });
});
