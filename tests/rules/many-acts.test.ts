import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { toIsoDay } from '../../src/chart/dates.js';
import { openChart } from '../../src/engine/answer.js';
import { epochDayOf } from '../../src/engine/case.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const base = prepared.knowledge.canonicalBase;
const today = '2026-11-20';
const subject = { reference: 'Patient/p' };
const own = (system: string, code: string) => ({
  coding: [{ system: `${base}/CodeSystem/${system}`, code }],
});
const metastasis: FhirResource = {
  resourceType: 'Condition',
  id: 'l',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '94222008' }] },
  bodySite: [{ coding: [{ system: 'http://snomed.info/sct', code: '12989004' }] }],
  subject,
};
const pain: FhirResource = {
  resourceType: 'Observation',
  id: 'sins',
  status: 'final',
  code: own('score', 'sins'),
  focus: [{ reference: 'Condition/l' }],
  effectiveDateTime: today,
  component: [
    { code: own('score', 'sins-pain'), valueCodeableConcept: own('score', 'sins-pain-mechanical') },
  ],
  subject,
};
/** An opinion before the score, on so many different days. */
const opinions = (count: number, days: number): readonly FhirResource[] =>
  Array.from({ length: count }, (_, index) => ({
    resourceType: 'Procedure',
    id: `p${index}`,
    status: 'completed',
    code: own('order', 'surgical-opinion'),
    performedDateTime: toIsoDay(epochDayOf(today) - 1 - (index % days)),
    subject,
  }));

function answeredBy(acts: readonly FhirResource[]): readonly unknown[] {
  const { of, memory } = openChart(prepared, [metastasis, pain, ...acts], today);
  const [lesion] = of.lesions;
  if (lesion === undefined) throw new Error('the lesion is there');
  return memory.valueOf(of.subjectOf({ lesion, eligible: of.lesions }))('surgicalOpinionOnSins').possible;
}

describe('opinions before a score that is worse now', () => {
  it('do not answer it, on up to twelve days; on more it stays open', () => {
    expect(answeredBy(opinions(12, 12))).toEqual([false]);
    expect(answeredBy(opinions(13, 13))).toEqual([]);
  });

  it('do not answer it, up to 199; of more it stays open', () => {
    expect(answeredBy(opinions(199, 1))).toEqual([false]);
    expect(answeredBy(opinions(200, 1))).toEqual([]);
  });

  it('leave the question answered by one of its day', () => {
    const [first] = opinions(1, 1);
    const ofToday = { ...first, resourceType: 'Procedure', id: 'today', performedDateTime: today };
    expect(answeredBy([...opinions(300, 30), ofToday])).toEqual([true]);
  });
});
