import { describe, expect, it } from '@jest/globals';
import { lesionsOf, shortResult, toneOf, toneOfClass } from '../../src/smart-app/lesions.js';
import { marksOf } from '../../src/smart-app/marks.js';
import { readScores } from '../../src/smart-app/results.js';
import { isMeantFor } from '../../src/smart-app/knowledge.js';
import { placesIn, placesOfLabel } from '../../src/smart-app/sites.js';
import { column } from '../../src/ui/body/column.js';
import {
  bonePlaces,
  gravest,
  lookAt,
  placeOrder,
  spineCaptions,
  type Mark,
} from '../../src/ui/body/marks.js';
import { spineInFront } from '../../src/ui/body/spine-in-front.js';
import { chart, scoresBody } from '../browser/smart-chart.js';
import { knowledge, scoreOf } from './artifacts.js';

const { sites } = knowledge();
const results = readScores(scoresBody)?.results ?? [];
const patientChart = { patient: chart[0], resources: chart.slice(2), unread: [] };
const sins = scoreOf('sins');
const [sinsResult] = results;
if (sinsResult === undefined) throw new Error('no result');

const mark = (id: string, fields: Partial<Mark>): Mark => ({
  id,
  places: [id],
  certain: true,
  tone: 'open',
  score: 'SINS',
  total: '8',
  ...fields,
});

describe('the picture', () => {
  it('has every level from C1 to S5, each high enough to be hit, from the side and from the front', () => {
    const levels = column.map(({ id }) => id);
    expect(levels.join(' ')).toMatch(/^C1 .*C7 T1 .*T12 L1 .*L5 S1 .*S5$/);
    expect(levels).toHaveLength(29);
    expect(Math.min(...column.map(({ height }) => height))).toBeGreaterThanOrEqual(24);
    expect(spineInFront.map(({ id }) => id)).toEqual(levels);
  });

  it('draws sites that the knowledge names, and every exact long-bone site', () => {
    const known = sites.map(({ id }) => id);
    expect(placeOrder.filter((id) => !known.includes(id))).toEqual([]);
    expect(new Set(placeOrder).size).toBe(placeOrder.length);
    const longBones = known.filter((id) => /^(?:femur|humerus|tibia)-/.test(id) && id !== 'femur-proximal');
    expect(longBones.filter((id) => !placeOrder.includes(id))).toEqual([]);
    expect(bonePlaces.every(({ outlines }) => outlines.every((d) => /^M[^NaN]+Z$/.test(d)))).toBe(true);
  });

  it('keeps captions apart and within the picture', () => {
    const crowded = ['S3', 'S4', 'S5'].map((id) => mark(id, {}));
    const heights = spineCaptions(crowded, 26, 700).map(({ y }) => y);
    expect(heights.map((y, index) => y - (heights[index - 1] ?? y - 26))).toEqual([26, 26, 26]);
    expect(Math.max(...heights)).toBe(700);
  });

  it('draws one side alone only where the side is said', () => {
    const left = mark('femur-shaft', { side: 'left' });
    expect(lookAt([left], 'femur-shaft', 'left')).toEqual({ tone: 'open', possible: false });
    expect(lookAt([left], 'femur-shaft', 'right')).toEqual({ possible: false });
    const unsaid = mark('femur-shaft', {});
    expect(lookAt([unsaid], 'femur-shaft', 'right')).toEqual({ tone: 'open', possible: true });
  });

  it('has the lesions of the chart with totals, and marks a place that is one of several', () => {
    const marks = marksOf(lesionsOf(results, patientChart, sites), knowledge(), 'en', 'lesion');
    expect(marks[0]).toMatchObject({
      places: ['T12'],
      certain: true,
      tone: 'open',
      score: 'SINS',
      total: '8…15',
    });
    expect(marks[1]).toMatchObject({ certain: false, score: 'Mirels', total: '5–12' });
  });
});

describe('places', () => {
  it('are exact for a level and possible for a code that leaves the level open', () => {
    expect(placesIn(chart[2], sites)).toEqual({ exact: ['T12'], possible: [] });
    const femur = placesIn(chart[3], sites);
    expect(femur.exact).toEqual([]);
    expect(femur.possible).toContain('femur-shaft');
  });

  it.each([
    ['T12', ['T12']],
    ['T10–T12', ['T10', 'T11', 'T12']],
    ['Diaphyse fémorale', ['femur-shaft']],
    ['something else', []],
  ])('of the label %s are %j', (label, exact) => {
    expect(placesOfLabel(label, sites).exact).toEqual(exact);
  });
});

describe('the side of the body', () => {
  const shaft = { system: 'http://snomed.info/sct', code: '41111004' };
  const left = { system: 'http://snomed.info/sct', code: '7771000' };
  const right = { system: 'http://snomed.info/sct', code: '24028007' };

  it.each([
    ['a second coding', { resourceType: 'Condition', bodySite: [{ coding: [shaft, left] }] }],
    [
      'an extension',
      {
        resourceType: 'Condition',
        bodySite: [{ coding: [shaft], extension: [{ url: 'x', valueCodeableConcept: { coding: [left] } }] }],
      },
    ],
    [
      'a qualifier',
      {
        resourceType: 'BodyStructure',
        location: { coding: [shaft] },
        locationQualifier: [{ coding: [left] }],
      },
    ],
  ])('is read from %s', (_, resource) => {
    expect(placesIn(resource, sites)).toEqual({ exact: ['femur-shaft'], possible: [], side: 'left' });
  });

  it('is left open by both, and read from the label of a result', () => {
    const both = { resourceType: 'Condition', bodySite: [{ coding: [shaft, left, right] }] };
    expect(placesIn(both, sites)).toEqual({ exact: ['femur-shaft'], possible: [] });
    expect(placesOfLabel('Femoral shaft, right', sites)).toEqual({
      exact: ['femur-shaft'],
      possible: [],
      side: 'right',
    });
  });
});

describe('lesions', () => {
  it('are those with a result, then the described ones that no score is meant for', () => {
    const rib = sites.find(({ id }) => id === 'rib')?.codes[0];
    const extra = { resourceType: 'BodyStructure', id: 'r', location: { coding: [rib] } };
    const lesions = lesionsOf(
      results,
      { ...patientChart, resources: [...patientChart.resources, extra] },
      sites,
    );
    expect(lesions.map(({ reference, results: own }) => [reference, own.length])).toEqual([
      ['BodyStructure/smart-l1', 1],
      ['BodyStructure/smart-l2', 1],
      ['BodyStructure/r', 0],
    ]);
  });

  it('are coloured by a certain class only', () => {
    expect(toneOf(sins, sinsResult)).toBe('open');
    expect(toneOf(sins, { ...sinsResult, class: 'stable' })).toBe('low');
    expect(toneOf(sins, { ...sinsResult, class: 'potentially-unstable' })).toBe('middle');
    expect(toneOf(sins, { ...sinsResult, class: 'unstable' })).toBe('high');
    expect(gravest(['low', 'open', 'middle'])).toBe('open');
    expect(gravest([])).toBeUndefined();
    expect(toneOfClass(scoreOf('tokuhashi'), 'under-6-months')).toBe('high');
    expect(toneOfClass(scoreOf('tokuhashi'), 'over-1-year')).toBe('low');
  });

  it('bear a label that does not hide gaps between totals', () => {
    expect(shortResult(sinsResult)).toBe('8…15');
    expect(shortResult({ ...sinsResult, reachable: [5, 6, 7] })).toBe('5–7');
    expect(shortResult({ ...sinsResult, total: 9 })).toBe('9');
  });
});

describe('a score', () => {
  it('is offered where it is meant for', () => {
    const offered = (id: string): readonly string[] => {
      const site = sites.find((known) => known.id === id);
      if (site === undefined) throw new Error(id);
      return knowledge()
        .scores.filter((score) => isMeantFor(score, site, sites))
        .map((score) => score.id);
    };
    expect(offered('T4')).toEqual(['sins']);
    expect(offered('femur-shaft')).toEqual(['mirels']);
    expect(offered('skull')).toEqual([]);
  });
});
