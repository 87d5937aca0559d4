import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { openChart } from '../../src/engine/answer.js';
import { prognosisOf, strategyOf } from '../../src/engine/strategy.js';
import { answered, metastasis, observation, prepared, scoreOf, today } from './charts.js';

const spine = metastasis('spine', ['7610001']);
const tokuhashi = (performance: string): readonly FhirResource[] => [
  answered('tokuhashi-performance', performance),
  answered('tokuhashi-extraspinal', 'none'),
  answered('tokuhashi-vertebral', 'one'),
  answered('tokuhashi-visceral', 'none'),
  answered('tokuhashi-primary', 'lung'),
  answered('tokuhashi-neurology', 'incomplete'),
];
const tomita = [
  answered('tomita-growth', 'rapid'),
  answered('tomita-visceral', 'treatable'),
  answered('tomita-bone', 'multiple'),
];

function judged(resources: readonly FhirResource[]) {
  const opened = openChart(prepared, resources, today);
  const strategy = strategyOf(opened.scores(), prepared);
  return { strategy, prognosis: prognosisOf(opened, strategy, prepared) };
}

describe('the strategy table', () => {
  it('pairs 8 with 8', () => {
    expect(judged([spine, ...tokuhashi('kps-50-70'), ...tomita]).strategy).toEqual({
      tokuhashi: ['conservative-treatment'],
      tomita: ['supportive-care'],
      concordant: true,
    });
  });

  it('says that 9 and 8 do not agree', () => {
    expect(judged([spine, ...tokuhashi('kps-80-100'), ...tomita]).strategy).toEqual({
      tokuhashi: ['palliative-surgery'],
      tomita: ['supportive-care'],
      concordant: false,
    });
  });

  it('lists every band that is still possible and leaves the agreement open', () => {
    const { strategy } = judged([spine, ...tokuhashi('kps-80-100'), answered('tomita-growth', 'rapid')]);
    expect(strategy).toEqual({
      tokuhashi: ['palliative-surgery'],
      tomita: ['intralesional-resection', 'palliative-surgery', 'supportive-care'],
    });
  });

  it('is not there without a vertebral metastasis', () => {
    expect(judged([metastasis('femur', ['41111004'])])).toEqual({});
  });
});

describe('the criteria of a better functional prognosis', () => {
  const born = (birthDate: string): FhirResource => ({ resourceType: 'Patient', id: 'p', birthDate });

  it('are met or not met where the data say so', () => {
    expect(judged([spine, ...tokuhashi('kps-80-100'), ...tomita, born('1956-10-16')]).prognosis).toEqual({
      'tokuhashi-at-least-6': true,
      'tomita-at-most-8': true,
      'age-under-70': true,
    });
  });

  it('are left out while unknown, and 70 is not under 70', () => {
    expect(judged([spine, born('1956-10-15')]).prognosis).toEqual({ 'age-under-70': false });
  });
});

it('no retropulsion leaves the alignment unanswered', () => {
  const absent = observation('posterior-wall-retropulsion', { valueBoolean: false });
  expect(scoreOf('sins', [spine, absent])?.missing).toContain('sins-alignment');
});
