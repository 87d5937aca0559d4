import { describe, expect, it } from '@jest/globals';
import { gravest, lesionsOf, shortResult, toneOf } from '../../src/smart-app/lesions.js';
import { readScores } from '../../src/smart-app/results.js';
import { isMeantFor } from '../../src/smart-app/knowledge.js';
import { placesIn, placesOfLabel } from '../../src/smart-app/sites.js';
import {
  bones,
  labelPoint,
  pictureHeight,
  pictureWidth,
  rowHeight,
  spine,
  sideOf,
} from '../../src/smart-app/skeleton.js';
import { chart, scoresBody } from '../browser/smart-chart.js';
import { knowledge, scoreOf } from './artifacts.js';

const { sites } = knowledge();
const results = readScores(scoresBody)?.results ?? [];
const patientChart = { patient: chart[0], resources: chart.slice(2), unread: [] };
const sins = scoreOf('sins');
const [sinsResult] = results;
if (sinsResult === undefined) throw new Error('no result');

describe('the picture', () => {
  it('has every level from C1 to S5, each high enough to be hit', () => {
    expect(spine.map(({ id }) => id).join(' ')).toMatch(/^C1 .*C7 T1 .*T12 L1 .*L5 S1 .*S5$/);
    expect(spine).toHaveLength(29);
    expect(rowHeight).toBeGreaterThanOrEqual(24);
  });

  it('draws sites that the knowledge names, and every exact long-bone site', () => {
    const known = sites.map(({ id }) => id);
    const drawn = [...spine, ...bones].map(({ id }) => id);
    expect(drawn.filter((id) => !known.includes(id))).toEqual([]);
    const longBones = known.filter((id) => /^(?:femur|humerus|tibia)-/.test(id) && id !== 'femur-proximal');
    expect(longBones.filter((id) => !drawn.includes(id))).toEqual([]);
  });

  it('keeps all labels inside', () => {
    for (const bone of bones) {
      const { x, y } = labelPoint(bone);
      expect(x).toBeGreaterThan(100);
      expect(x).toBeLessThan(pictureWidth);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(pictureHeight);
    }
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

  it('of the picture is that of somebody seen from the front', () => {
    const femur = bones.find(({ id }) => id === 'femur-shaft')?.shapes ?? [];
    expect(femur.map(sideOf)).toEqual(['right', 'left']);
    expect(bones.find(({ id }) => id === 'sternum')?.shapes.map(sideOf)).toEqual([undefined]);
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
    expect(gravest([])).toBe('none');
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
