import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import {
  answered,
  condition,
  cordCompression,
  found,
  metastasis,
  observation,
  prepared,
  quantity,
  scoreOf,
} from './charts.js';

/**
 * The tables of the guideline written down a second time, from the page and not from the artifacts: whatever a chart
 * holds, the totals that stay possible are those that the tables give.
 */

type Points = readonly number[];

const sums = (items: readonly Points[]): Points =>
  [
    ...new Set(
      items.reduce<Points>((sofar, item) => sofar.flatMap((sum) => item.map((points) => sum + points)), [0]),
    ),
  ].sort((a, b) => a - b);

/** One piece of evidence, or nothing, with the points that it leaves possible. */
type Choice = readonly [FhirResource | undefined, Points];
const choose = (...choices: readonly Choice[]) => fc.constantFrom(...choices);
const chartOf = (choices: readonly Choice[]): readonly FhirResource[] =>
  choices.flatMap(([resource]) => resource ?? []);
const pointsOf = (choices: readonly Choice[]): readonly Points[] => choices.map(([, points]) => points);

const icd = 'http://hl7.org/fhir/sid/icd-10';
const spine = { focus: [{ reference: 'Condition/spine' }] };
const femur = { focus: [{ reference: 'Condition/femur' }] };

describe('SINS', () => {
  const levels: readonly (readonly [RegExp, number])[] = [
    [/^(C[127]|T1|T2|T11|T12|L1|L5|S1)$/, 3],
    [/^(C[3-6]|L[2-4])$/, 2],
    [/^T([3-9]|10)$/, 1],
    [/^S[2-5]$/, 0],
  ];
  const vertebrae = [...prepared.knowledge.bodySites.values()].flatMap(({ id, codes }): readonly Choice[] => {
    const points = levels.find(([pattern]) => pattern.test(id))?.[1];
    return points === undefined ? [] : codes.map(({ code }) => [metastasis('spine', [code]), [points]]);
  });
  const pain = choose(
    [undefined, [0, 1, 3]],
    [found('pain-mechanism', 'mechanical', spine), [3]],
    [found('pain-mechanism', 'non-mechanical', spine), [1]],
    [answered('sins-pain', 'none', spine), [0]],
  );
  const type = choose(
    [undefined, [0, 1, 2]],
    [found('lesion-type', 'lytic', spine), [2]],
    [found('lesion-type', 'mixed', spine), [1]],
    [answered('sins-lesion', 'sclerotic', spine), [0]],
  );
  const alignment = choose(
    [undefined, [0, 2, 4]],
    [observation('posterior-wall-retropulsion', { valueBoolean: true }, spine), [4]],
    [observation('posterior-wall-retropulsion', { valueBoolean: false }, spine), [0, 2, 4]],
    [answered('sins-alignment', 'new-deformity', spine), [2]],
    [answered('sins-alignment', 'normal', spine), [0]],
  );
  const posterolateral = choose(
    [undefined, [0, 1, 3]],
    [answered('sins-posterolateral', 'bilateral', spine), [3]],
    [answered('sins-posterolateral', 'unilateral', spine), [1]],
  );
  const loss = fc.constantFrom(undefined, 0, 0.5, 49.9, 50, 50.1, 100);
  const involved = fc.constantFrom(undefined, 0, 50, 50.1, 100);
  const collapse = (height: number | undefined, body: number | undefined): Points => {
    if (height === undefined) return body === undefined ? [0, 1, 2, 3] : body > 50 ? [1, 2, 3] : [0, 2, 3];
    if (height > 0) return height >= 50 ? [3] : [2];
    return body === undefined ? [0, 1] : body > 50 ? [1] : [0];
  };
  const percent = (code: string, value: number | undefined): readonly FhirResource[] =>
    value === undefined ? [] : [{ ...quantity(code, value, '%'), ...spine }];

  it('gives the totals and classes of the table for whatever is known of a lesion', () => {
    expect(new Set(vertebrae.map(([, points]) => String(points)))).toHaveProperty('size', 4);
    const known = fc.tuple(choose(...vertebrae), pain, type, alignment, posterolateral);
    fc.assert(
      fc.property(known, loss, involved, (choices, height, body) => {
        const chart = [
          ...chartOf(choices),
          ...percent('vertebral-height-loss', height),
          ...percent('vertebral-body-involvement', body),
        ];
        const items = [...pointsOf(choices), collapse(height, body)];
        const totals = sums(items);
        const result = scoreOf('sins', chart);
        expect(result?.reachable).toEqual(totals);
        expect(result?.total).toBe(items.every(({ length }) => length === 1) ? totals[0] : undefined);
        const bands: readonly (readonly [string, number, number])[] = [
          ['stable', 0, 6],
          ['potentially-unstable', 7, 12],
          ['unstable', 13, 18],
        ];
        const classes = bands
          .filter(([, least, most]) => totals.some((total) => total >= least && total <= most))
          .map(([name]) => name);
        expect(result?.possibleClasses).toEqual(classes);
      }),
      { numRuns: 400 },
    );
  });
});

describe('Mirels', () => {
  const site = choose(
    [metastasis('femur', ['85050009']), [1]],
    [metastasis('femur', ['12611008']), [2]],
    [answered('mirels-site', 'trochanteric', femur), [3]],
  );
  const size = choose(
    [undefined, [1, 2, 3]],
    [{ ...quantity('cortical-destruction', 33.3, '%'), ...femur }, [1]],
    [
      observation(
        'cortical-destruction',
        { valueRatio: { numerator: { value: 1 }, denominator: { value: 3 } } },
        femur,
      ),
      [2],
    ],
    [
      observation(
        'cortical-destruction',
        { valueRatio: { numerator: { value: 2 }, denominator: { value: 3 } } },
        femur,
      ),
      [2],
    ],
    [{ ...quantity('cortical-destruction', 66.7, '%'), ...femur }, [3]],
  );
  const type = choose(
    [undefined, [1, 2, 3]],
    [found('lesion-type', 'lytic', femur), [3]],
    [found('lesion-type', 'mixed', femur), [2]],
    [found('lesion-type', 'sclerotic', femur), [1]],
  );
  const pain = choose(
    [undefined, [1, 2, 3]],
    [answered('mirels-pain', 'none', femur), [1]],
    [answered('mirels-pain', 'mild', femur), [1]],
    [answered('mirels-pain', 'moderate', femur), [2]],
    [answered('mirels-pain', 'functional', femur), [3]],
  );

  it('gives the totals of the table for whatever is known of a limb', () => {
    fc.assert(
      fc.property(fc.tuple(site, size, type, pain), (choices) => {
        const located =
          choices[0][0]?.resourceType === 'Condition' ? [] : [metastasis('femur', ['12611008'])];
        const result = scoreOf('mirels', [...located, ...chartOf(choices)]);
        expect(result?.reachable).toEqual(sums(pointsOf(choices)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the scores of the patient', () => {
  /** ICD-10, and the points in Rades, Tokuhashi and Tomita. */
  const cancers: readonly (readonly [string, Points, Points, Points])[] = [
    ['C50.9', [8], [5], [1]],
    ['C61', [7], [5], [1]],
    ['C34.1', [5, 6], [0], [4]],
    ['C64', [6], [3], [2]],
    ['C73', [6], [5], [1]],
    ['C20', [6], [4], [1, 2, 4]],
    ['C182', [6], [2], [4]],
    ['C16.9', [6], [0], [4]],
    ['C22.0', [6], [1], [4]],
    ['C25.9', [6], [0], [4]],
    ['C54.1', [6], [3], [2]],
    ['C67.9', [6], [0], [1, 2, 4]],
    ['C15.9', [6], [0], [1, 2, 4]],
    ['C23', [6], [1], [1, 2, 4]],
    ['C43.9', [6], [2], [1, 2, 4]],
    ['C90.0', [9], [2], [1, 2, 4]],
    ['C80.0', [5], [1], [4]],
  ];
  const visceral: readonly (readonly [FhirResource | undefined, Points, Points, Points])[] = [
    [undefined, [5, 8], [0, 1, 2], [0, 2, 4]],
    [found('visceral-metastases', 'none'), [8], [2], [0]],
    [found('visceral-metastases', 'resectable'), [5], [1], [2]],
    [found('visceral-metastases', 'unresectable'), [5], [0], [4]],
  ];
  /** Rades, Tokuhashi. */
  const frankel: readonly (readonly [FhirResource | undefined, Points, Points])[] = [
    [undefined, [1, 3, 9, 10], [0, 1, 2]],
    [answered('frankel', 'a'), [1], [0]],
    [answered('frankel', 'b'), [1], [0]],
    [answered('frankel', 'c'), [3], [1]],
    [answered('frankel', 'd'), [9, 10], [1]],
    [answered('frankel', 'd1'), [9], [1]],
    [answered('frankel', 'd3'), [10], [1]],
    [answered('frankel', 'e'), [10], [2]],
  ];
  const kps = (value: number): FhirResource => observation('89243-0', { valueInteger: value });
  const ecog = (value: number): FhirResource => observation('89247-1', { valueInteger: value });
  const performance = choose(
    [undefined, [0, 1, 2]],
    [kps(40), [0]],
    [kps(50), [1]],
    [kps(70), [1]],
    [kps(80), [2]],
    [ecog(0), [2]],
    [ecog(1), [1, 2]],
    [ecog(2), [1]],
    [ecog(3), [0, 1]],
    [ecog(4), [0]],
  );
  const deficit = choose(
    [undefined, [4, 7, 9]],
    [quantity('motor-deficit-duration', 12, 'h'), [4]],
    [quantity('motor-deficit-duration', 7, 'd'), [4]],
    [quantity('motor-deficit-duration', 8, 'd'), [7]],
    [quantity('motor-deficit-duration', 2, 'wk'), [7]],
    [quantity('motor-deficit-duration', 15, 'd'), [9]],
  );
  const onset = fc.constantFrom<readonly [string, Points]>(
    ['2026-09-01', [6]],
    ['2025-06-30', [6]],
    ['2025-06-29', [8]],
    ['2019', [8]],
    ['2025', [6, 8]],
  );
  const count = fc.constantFrom(undefined, 0, 1, 2, 3, 9);
  const counted = (code: string, value: number | undefined): readonly FhirResource[] =>
    value === undefined ? [] : [observation(code, { valueInteger: value })];

  it('are those of the tables, for whatever is known', () => {
    const known = fc.tuple(
      fc.constantFrom(...cancers),
      fc.constantFrom(...visceral),
      fc.constantFrom(...frankel),
      performance,
      deficit,
      onset,
      count,
      count.filter((value) => value !== 0),
    );
    fc.assert(
      fc.property(known, ([cancer, organs, grade, state, time, since, extraspinal, vertebral]) => {
        const [code, radesPrimary, tokuhashiPrimary, growth] = cancer;
        const chart = [
          metastasis('spine', ['23215003']),
          cordCompression,
          condition('primary', icd, code, since[0]),
          ...chartOf([state, time]),
          ...(organs[0] === undefined ? [] : [organs[0]]),
          ...(grade[0] === undefined ? [] : [grade[0]]),
          ...counted('extraspinal-bone-metastases', extraspinal),
          ...counted('vertebral-metastases', vertebral),
        ];
        expect(scoreOf('rades', chart)?.reachable).toEqual(
          sums([radesPrimary, since[1], organs[1], grade[1], time[1]]),
        );
        const outside =
          extraspinal === undefined ? [0, 1, 2] : extraspinal === 0 ? [2] : extraspinal < 3 ? [1] : [0];
        const inside =
          vertebral === undefined ? [0, 1, 2] : vertebral === 1 ? [2] : vertebral === 2 ? [1] : [0];
        expect(scoreOf('tokuhashi', chart)?.reachable).toEqual(
          sums([state[1], outside, inside, organs[2], tokuhashiPrimary, grade[2]]),
        );
        const least = (extraspinal ?? 0) + (vertebral ?? 1);
        const isSingle = extraspinal === 0 && vertebral === 1;
        expect(scoreOf('tomita', chart)?.reachable).toEqual(
          sums([growth, organs[3], isSingle ? [1] : least > 1 ? [2] : [1, 2]]),
        );
      }),
      { numRuns: 500 },
    );
  });
});
