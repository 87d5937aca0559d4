import { describe, expect, it } from '@jest/globals';
import type { MadeCard } from '../../src/cards/cards.js';
import { limitCards } from '../../src/cards/limit.js';
import { saidOnce } from '../../src/cards/order.js';
import { wordingOf } from '../../src/engine/answer.js';
import type { Outcome } from '../../src/rules/evaluate.js';
import { prepared } from '../scores/charts.js';

const card = (summary: string): MadeCard => ({
  card: { uuid: summary, summary, indicator: 'info', detail: `About ${summary}.`, source: { label: 'x' } },
  outcomes: [],
  fingerprint: () => summary,
});
const cards = ['one', 'two', 'three', 'four'].map(card);
const detailsOf = (limit: number) =>
  limitCards(cards, limit, wordingOf(prepared, 'en')).map((made) => made.card.detail);

describe('cards beyond the limit', () => {
  it('are none while there is room for all', () => {
    expect(detailsOf(4)).toEqual(['About one.', 'About two.', 'About three.', 'About four.']);
    expect(detailsOf(5)).toEqual(detailsOf(4));
  });

  it('are each named in the last that is shown, and in no other', () => {
    const [first, second, third] = detailsOf(3);
    expect([first, second]).toEqual(['About one.', 'About two.']);
    expect(third).toMatch(/^About three\.\n\n.+\n\n- four$/s);
    expect(detailsOf(1)[0]).toMatch(/- two\n- three\n- four$/);
    expect(detailsOf(0)).toEqual([]);
  });
});

describe('what is said once', () => {
  const outcome = (reference: string, once: boolean, kind: Outcome['kind'] = 'fires') =>
    ({
      rule: { id: 'rule', once },
      kind,
      subject: { item: { reference }, eligible: [] },
    }) as unknown as Outcome;
  const told = (...outcomes: readonly Outcome[]) =>
    saidOnce(outcomes).map(({ kind, subject }) => `${subject.item?.reference ?? ''} ${kind}`);

  it('is said of the order whose reference comes first, in whatever order they came', () => {
    expect(told(outcome('a', true), outcome('b', true))).toEqual(['a fires']);
    expect(told(outcome('b', true), outcome('a', true))).toEqual(['a fires']);
  });

  it('is said once for certain and once as unknown', () => {
    expect(told(outcome('b', true), outcome('a', true, 'unknown'))).toEqual(['b fires', 'a unknown']);
  });

  it('is only what the rule asks to be', () => {
    expect(told(outcome('b', false), outcome('a', false))).toEqual(['b fires', 'a fires']);
  });
});
