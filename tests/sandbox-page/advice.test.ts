import { describe, expect, it } from '@jest/globals';
import type { Card } from '../../src/cds-hooks/types.js';
import { marked, type Advice } from '../../src/sandbox/page/advice.js';

function said(rule: string, summary: string, more: Partial<Card> = {}): Advice {
  const card: Card = {
    uuid: crypto.randomUUID(),
    summary,
    indicator: 'info',
    source: { label: 'Guideline' },
    extension: { 'example.bone-metastasis-cds': { rule } },
    ...more,
  };
  return { card, serviceId: 'bone-metastasis-review', accepted: [], overridden: false };
}

const marksOf = (advice: readonly Advice[], earlier: readonly Advice[]) =>
  marked(advice, earlier).map(({ mark }) => mark);

describe('the cards of a second answer', () => {
  it('are not marked when they say the same, whatever their uuid', () => {
    const [first, second] = [said('a', 'Ask'), said('b', 'Order')];
    expect(marksOf([said('b', 'Order'), said('a', 'Ask')], [first, second])).toEqual([undefined, undefined]);
  });

  it('are new when their rule said nothing before', () => {
    expect(marksOf([said('a', 'Ask'), said('b', 'Order')], [said('a', 'Ask')])).toEqual([undefined, 'new']);
    expect(marksOf([said('a', 'Ask')], [])).toEqual(['new']);
  });

  it('are changed when their rule said something else: another sum, urgency, detail or act', () => {
    const earlier = [said('a', 'SINS 9', { detail: 'Pain: 1' })];
    for (const later of [
      said('a', 'SINS 11', { detail: 'Pain: 1' }),
      said('a', 'SINS 9', { detail: 'Pain: 3' }),
      said('a', 'SINS 9', { detail: 'Pain: 1', indicator: 'warning' }),
      said('a', 'SINS 9', { detail: 'Pain: 1', suggestions: [{ label: 'Refer', uuid: 'x' }] }),
    ])
      expect(marksOf([later], earlier)).toEqual(['changed']);
  });

  it('are new when their rule speaks of one lesion more, and what it said of the other stands', () => {
    const earlier = [said('a', 'SINS 9 (T10)')];
    expect(marksOf([said('a', 'SINS 9 (T10)'), said('a', 'SINS 11 (L3)')], earlier)).toEqual([
      undefined,
      'new',
    ]);
  });
});
