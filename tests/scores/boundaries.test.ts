import { describe, expect, it } from '@jest/globals';
import { reachableTotals } from '../../src/scores/reachable.js';
import {
  answered,
  condition,
  cordCompression,
  found,
  itemOf,
  metastasis,
  observation,
  prepared,
  quantity,
  scoreOf,
} from './charts.js';

const icd = 'http://hl7.org/fhir/sid/icd-10';
const spine = metastasis('spine', ['7610001']);
const femur = metastasis('femur', ['41111004']);
const { scores } = prepared.knowledge;

describe('the tables of the scores', () => {
  it.each([
    ['sins', 1296, 0, 18],
    ['mirels', 81 + 27, 4, 12],
    ['rades', 432, 21, 44],
    ['tomita', 18, 2, 10],
  ])('%s has its combinations of answers and its range', (id, combinations, least, most) => {
    const items = scores.get(id)?.items ?? [];
    const counted = items.reduce((product, item) => {
      const answers = item.answers.filter(({ code }) => code !== 'posterior-wall-retropulsion');
      return product * answers.length;
    }, 1);
    const totals = reachableTotals(items.map(({ answers }) => answers.map(({ points }) => points)));
    expect([counted, totals[0], totals.at(-1)]).toEqual([combinations, least, most]);
    expect(totals).toHaveLength(most - least + 1);
  });

  it('Tokuhashi reaches 15 with six items', () => {
    const items = scores.get('tokuhashi')?.items ?? [];
    const totals = reachableTotals(items.map(({ answers }) => answers.map(({ points }) => points)));
    expect([items.length, totals.at(-1)]).toEqual([6, 15]);
  });
});

describe('a retropulsion beside an alignment that is called normal', () => {
  it.each([
    ['newer', '2026-10-03', [0, 4], ['SINS-3']],
    ['of the same day', '2026-10-02', [0, 4], ['SINS-3']],
    ['older', '2026-10-01', [0], []],
  ])('counts when it is %s', (_, effectiveDateTime, points, flags) => {
    const result = scoreOf('sins', [
      spine,
      answered('sins-alignment', 'normal'),
      observation('posterior-wall-retropulsion', { valueBoolean: true }, { effectiveDateTime }),
    ]);
    expect(itemOf(result, 'sins-alignment')).toEqual(points);
    expect((result?.flags ?? []).filter((flag) => flag === 'SINS-3')).toEqual(flags);
  });
});

describe('a total', () => {
  const items = {
    location: 'rigid',
    pain: 'none',
    lesion: 'lytic',
    collapse: 'none',
    posterolateral: 'none',
  };
  const chart = [
    spine,
    ...Object.entries(items).map(([item, answer]) => answered(`sins-${item}`, answer)),
    answered('sins-alignment', 'subluxation'),
  ];

  it('is stated when every item has one answer, and not while two are possible, be they worth the same', () => {
    expect(scoreOf('sins', chart)).toMatchObject({ reachable: [6], total: 6 });
    const open = scoreOf('sins', [...chart, answered('sins-alignment', 'posterior-wall-retropulsion')]);
    expect(open).toMatchObject({ reachable: [6], possibleClasses: ['stable'] });
    expect(open).not.toHaveProperty('total');
  });
});

describe('two answers to one item', () => {
  const pain = (first: string, second: string) =>
    itemOf(
      scoreOf('sins', [
        spine,
        answered('sins-pain', 'mechanical', { effectiveDateTime: first }),
        answered('sins-pain', 'none', { effectiveDateTime: second }),
      ]),
      'sins-pain',
    );

  it.each([
    ['of two days are the later one', '2026-10-02', '2026-10-03', [0]],
    ['of one day are the later one by its time', '2026-10-02T08:00:00Z', '2026-10-02T09:00:00Z', [0]],
    ['of one day are the later one in whatever order', '2026-10-02T09:00:00Z', '2026-10-02T08:00:00Z', [3]],
    ['of one day without a time may be either', '2026-10-02', '2026-10-02', [0, 3]],
    ['of one moment may be either', '2026-10-02T08:00:00Z', '2026-10-02T10:00:00+02:00', [0, 3]],
  ])('%s', (_, first, second, points) => {
    expect(pain(first, second)).toEqual(points);
  });
});

describe('the cortex in Mirels', () => {
  const size = (chart: ReturnType<typeof quantity>) =>
    itemOf(scoreOf('mirels', [femur, chart]), 'mirels-size');
  const ratio = (numerator: number, denominator: number) =>
    observation('cortical-destruction', {
      valueRatio: { numerator: { value: numerator }, denominator: { value: denominator } },
    });

  it.each([
    [1, 3, [2]],
    [2, 6, [2]],
    [2, 3, [2]],
    [3, 10, [1]],
    [7, 10, [3]],
  ])('%d:%d', (numerator, denominator, points) => {
    expect(size(ratio(numerator, denominator))).toEqual(points);
  });

  it.each([
    [33, [1]],
    [33.3, [1]],
    [34, [2]],
    [66, [2]],
    [67, [3]],
  ])('%d per cent', (percent, points) => {
    expect(size(quantity('cortical-destruction', percent, '%'))).toEqual(points);
  });

  it('in millimetres says nothing', () => {
    expect(scoreOf('mirels', [femur, quantity('cortical-destruction', 10, 'mm')])?.missing).toContain(
      'mirels-size',
    );
  });
});

describe('the site in Mirels', () => {
  it.each([
    ['shaft of the femur', '41111004', [2]],
    ['head of the femur', '2812003', [2, 3]],
    ['neck of the femur', '29627003', [2, 3]],
    ['proximal femur', '310651003', [2, 3]],
    ['lesser trochanter', '55499008', [3]],
    ['humerus', '85050009', [1]],
    ['tibia', '12611008', [2]],
  ])('%s', (_, site, points) => {
    expect(itemOf(scoreOf('mirels', [metastasis('m', [site])]), 'mirels-site')).toEqual(points);
  });
});

describe('the deficit in Rades', () => {
  it.each([
    [12, 'h', [4]],
    [168, 'h', [4]],
    [169, 'h', [7]],
    [7, 'd', [4]],
    [8, 'd', [7]],
    [14, 'd', [7]],
    [2, 'wk', [7]],
    [15, 'd', [9]],
    [1, 'mo', [9]],
  ])('that took %d %s', (value, unit, points) => {
    const result = scoreOf('rades', [cordCompression, quantity('motor-deficit-duration', value, unit)]);
    expect(itemOf(result, 'rades-deficit-onset')).toEqual(points);
  });
});

describe('the interval in Rades', () => {
  it.each([
    ['2025-07-01', [6], false],
    ['2025-06-30', [6], true],
    ['2025-06-29', [8], false],
    ['2025', [6, 8], false],
  ])('from %s to 30 September 2026', (onset, points, exact) => {
    const result = scoreOf('rades', [cordCompression, condition('lung', icd, 'C34.1', onset)]);
    expect(itemOf(result, 'rades-interval')).toEqual(points);
    expect(result?.flags.includes('RAD-1')).toBe(exact);
  });
});

describe('the primary cancer', () => {
  it.each([
    ['C349', [5, 6], [0], [4]],
    ['C34.9', [5, 6], [0], [4]],
    ['C50.9', [8], [5], [1]],
    ['C61', [7], [5], [1]],
    ['C64', [6], [3], [2]],
    ['C19', [6], [2, 4], [1, 2, 4]],
    ['C20', [6], [4], [1, 2, 4]],
    ['C18.7', [6], [2], [4]],
    ['C90.0', [9], [2], [1, 2, 4]],
    ['C80.0', [5], [1], [4]],
  ])('%s in ICD-10', (code, rades, tokuhashi, tomita) => {
    const chart = [spine, cordCompression, condition('primary', icd, code)];
    expect(itemOf(scoreOf('rades', chart), 'rades-primary')).toEqual(rades);
    expect(itemOf(scoreOf('tokuhashi', chart), 'tokuhashi-primary')).toEqual(tokuhashi);
    expect(itemOf(scoreOf('tomita', chart), 'tomita-growth')).toEqual(tomita);
  });
});

describe('the general state in Tokuhashi', () => {
  const points = (code: string, value: number) =>
    itemOf(
      scoreOf('tokuhashi', [spine, observation(code, { valueInteger: value })]),
      'tokuhashi-performance',
    );

  it.each([
    [10, [0]],
    [40, [0]],
    [50, [1]],
    [70, [1]],
    [80, [2]],
    [100, [2]],
    [0, [0, 1, 2]],
    [45, [0, 1, 2]],
    [110, [0, 1, 2]],
  ])('Karnofsky %d', (value, expected) => {
    expect(points('89243-0', value)).toEqual(expected);
  });

  it.each([
    [0, [2]],
    [1, [1, 2]],
    [2, [1]],
    [3, [0, 1]],
    [4, [0]],
    [5, [0, 1, 2]],
  ])('ECOG %d', (value, expected) => {
    expect(points('89247-1', value)).toEqual(expected);
  });
});

describe('Frankel', () => {
  it.each([
    ['a', [1], [0]],
    ['b', [1], [0]],
    ['c', [3], [1]],
    ['d', [9, 10], [1]],
    ['d1', [9], [1]],
    ['d2', [9], [1]],
    ['d3', [10], [1]],
    ['e', [10], [2]],
  ])('%s gives the motor item of Rades and the neurology of Tokuhashi', (grade, rades, tokuhashi) => {
    const chart = [spine, cordCompression, answered('frankel', grade)];
    expect(scoreOf('frankel', chart)?.class).toBe(grade);
    expect(itemOf(scoreOf('rades', chart), 'rades-motor')).toEqual(rades);
    expect(itemOf(scoreOf('tokuhashi', chart), 'tokuhashi-neurology')).toEqual(tokuhashi);
    expect(scoreOf('rades', chart)?.flags.includes('RAD-3')).toBe(grade === 'e');
  });
});

describe('visceral metastases', () => {
  it.each([
    ['none', [8], [2], [0]],
    ['resectable', [5], [1], [2]],
    ['unresectable', [5], [0], [4]],
  ])('stated to be %s', (answer, rades, tokuhashi, tomita) => {
    const chart = [spine, cordCompression, found('visceral-metastases', answer)];
    expect(itemOf(scoreOf('rades', chart), 'rades-visceral')).toEqual(rades);
    expect(itemOf(scoreOf('tokuhashi', chart), 'tokuhashi-visceral')).toEqual(tokuhashi);
    expect(itemOf(scoreOf('tomita', chart), 'tomita-visceral')).toEqual(tomita);
  });

  it('are there when the problem list has one, resectable or not', () => {
    const chart = [spine, cordCompression, condition('liver', icd, 'C787')];
    expect(itemOf(scoreOf('rades', chart), 'rades-visceral')).toEqual([5]);
    expect(itemOf(scoreOf('tokuhashi', chart), 'tokuhashi-visceral')).toEqual([0, 1]);
    expect(itemOf(scoreOf('tomita', chart), 'tomita-visceral')).toEqual([2, 4]);
  });

  it('are unknown when the problem list has none', () => {
    expect(scoreOf('rades', [cordCompression])?.missing).toContain('rades-visceral');
    expect(scoreOf('tomita', [spine])?.missing).toContain('tomita-visceral');
  });
});

describe('counts of bone metastases', () => {
  it.each([
    [0, [2]],
    [1, [1]],
    [2, [1]],
    [3, [0]],
  ])('%d outside the spine', (count, points) => {
    const result = scoreOf('tokuhashi', [
      spine,
      observation('extraspinal-bone-metastases', { valueInteger: count }),
    ]);
    expect(itemOf(result, 'tokuhashi-extraspinal')).toEqual(points);
    expect(result?.flags.includes('TOK-2')).toBe(count === 3);
  });

  it('are at least what the chart shows', () => {
    const result = scoreOf('tokuhashi', [spine, femur]);
    expect(itemOf(result, 'tokuhashi-extraspinal')).toEqual([0, 1]);
    expect(result?.missing).toContain('tokuhashi-vertebral');
    expect(itemOf(scoreOf('tomita', [spine, femur]), 'tomita-bone')).toEqual([2]);
    expect(scoreOf('tomita', [spine])?.missing).toContain('tomita-bone');
  });
});

describe('a result that cannot be true', () => {
  const loss = (value: number) => ({ ...quantity('vertebral-height-loss', value, '%') });
  const collapse = (value: number) => itemOf(scoreOf('sins', [spine, loss(value)]), 'sins-collapse');

  it.each([
    [-0.1, [0, 1, 2, 3]],
    [0, [0, 1]],
    [100, [3]],
    [100.1, [0, 1, 2, 3]],
  ])('a height loss of %s %% leaves the points %j', (value, points) => {
    expect(collapse(value)).toEqual(points);
  });

  it.each([
    [-1, [1, 2]],
    [1, [1]],
  ])('%s vertebral metastases beside none elsewhere', (value, points) => {
    const counts = [
      observation('vertebral-metastases', { valueInteger: value }),
      observation('extraspinal-bone-metastases', { valueInteger: 0 }),
    ];
    expect(itemOf(scoreOf('tomita', [spine, ...counts]), 'tomita-bone')).toEqual(points);
  });
});
