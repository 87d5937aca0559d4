import { describe, expect, it } from '@jest/globals';
import { historyOf } from '../../src/smart-app/history.js';
import { recordedResults } from '../../src/smart-app/recorded.js';
import { chart } from '../browser/smart-chart.js';
import { knowledge, scoreOf } from './artifacts.js';

const { sites, scores } = knowledge();
const sins = scoreOf('sins');
const lesion = { kind: 'lesion', reference: 'BodyStructure/smart-l1', site: 'T12' } as const;
const own = 'https://bone-metastasis-cds.example/fhir/CodeSystem/score';

const bare = (element: Readonly<Record<string, unknown>>) => ({
  resourceType: 'Observation',
  id: 'extra',
  status: 'final',
  code: { coding: [{ system: own, code: 'sins' }] },
  effectiveDateTime: '2026-11-01',
  focus: [{ reference: 'BodyStructure/smart-l1' }],
  ...element,
});

describe('the history of a lesion', () => {
  it('lists assessments from old to new, with totals of the items and ranges where items are missing', () => {
    const points = historyOf(sins, lesion, chart, sites);
    expect(points.map(({ date, total }) => [date, total])).toEqual([
      ['2026-03-02', 4],
      ['2026-06-20', 9],
      ['2026-10-30', undefined],
    ]);
    expect(points.map((point) => point.class)).toEqual(['stable', 'potentially-unstable', undefined]);
    expect(points[2]?.reachable.length).toBeGreaterThan(1);
  });

  it('uses the sum of the items and reports a recorded total that differs', () => {
    const wrong = { ...chart[5], id: 'wrong', valueInteger: 12 };
    expect(historyOf(sins, lesion, [wrong], sites)).toMatchObject([{ total: 4, recordedTotal: 12 }]);
  });

  it.each(['entered-in-error', 'preliminary', 'cancelled'])('leaves out what is %s', (status) => {
    expect(historyOf(sins, lesion, [bare({ status })], sites)).toEqual([]);
  });

  it('takes an assessment by body site for the lesion at that site, and no other', () => {
    const at = (code: string) =>
      bare({ focus: undefined, bodySite: { coding: [{ system: 'http://snomed.info/sct', code }] } });
    const t12 = sites.find(({ id }) => id === 'T12')?.codes[0]?.code ?? '';
    const l3 = sites.find(({ id }) => id === 'L3')?.codes[0]?.code ?? '';
    expect(historyOf(sins, lesion, [at(t12)], sites)).toHaveLength(1);
    expect(historyOf(sins, lesion, [at(l3)], sites)).toEqual([]);
  });
});

describe('recorded forms alone, when the server cannot be asked', () => {
  it('take per item the newest explicit answer, and derive nothing', () => {
    const [result] = recordedResults(scores, chart, sites);
    expect(result).toMatchObject({
      score: 'sins',
      lesion: { reference: 'BodyStructure/smart-l1', site: 'T12' },
      total: 9,
      class: 'potentially-unstable',
      missing: [],
    });
    const alignment = result?.items.find(({ item }) => item === 'sins-alignment');
    expect(alignment).toMatchObject({ from: 'answer', evidence: [{ date: '2026-10-30' }] });
    const pain = result?.items.find(({ item }) => item === 'sins-pain');
    expect(pain).toMatchObject({ answer: 'non-mechanical', evidence: [{ date: '2026-06-20' }] });
  });

  it('never make a total of a bare recorded total', () => {
    const [result] = recordedResults(scores, [bare({ valueInteger: 9 })], sites);
    expect(result).toMatchObject({ recordedTotal: 9 });
    expect(result?.total).toBeUndefined();
    expect(result?.missing).toHaveLength(sins.items.length);
  });

  it('state a grade as it was recorded', () => {
    const graded = bare({
      code: { coding: [{ system: own, code: 'frankel' }] },
      valueCodeableConcept: { coding: [{ system: own, code: 'frankel-d1' }] },
    });
    expect(recordedResults(scores, [graded], sites)).toMatchObject([{ score: 'frankel', class: 'd1' }]);
  });
});
