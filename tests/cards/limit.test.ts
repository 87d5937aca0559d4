import { describe, expect, it } from '@jest/globals';
import type { Indicator } from '../../src/cds-hooks/types.js';
import type { MadeCard } from '../../src/cards/made-card.js';
import { limitCards } from '../../src/cards/limit.js';
import { inOrder, saidOnce } from '../../src/cards/order.js';
import { wordingOf } from '../../src/engine/answer.js';
import type { Plan } from '../../src/knowledge/types.js';
import type { Outcome } from '../../src/rules/evaluate.js';
import { prepared } from '../scores/charts.js';

const card = (summary: string): MadeCard => ({
  card: { uuid: summary, summary, indicator: 'info', detail: `About ${summary}.`, source: { label: 'x' } },
  own: { rule: 'r', version: '1.0.0', recommendations: [], outcome: 'fires' },
  outcomes: [],
  detail: () => `About ${summary}.`,
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

const plan: Plan = {
  version: '1.0.0',
  kinds: {},
  precedence: [['emergency'], ['pain']],
  places: {},
  exclusions: {},
  brakes: {},
  opening: { hooks: [], advice: '', completeWhen: 'false' },
};

describe('the order of cards', () => {
  const about = (matter: string, indicator: Indicator, least: number): MadeCard => {
    const outcome = { rule: { id: matter }, scores: [{ reachable: [least] }] } as unknown as Outcome;
    return {
      ...card(`${matter} ${indicator} ${least}`),
      card: { ...card('').card, indicator },
      outcomes: [outcome],
    };
  };
  const ordered = (...made: readonly MadeCard[]) =>
    inOrder(made, plan).map(({ card: { indicator }, outcomes: [first] }) => {
      const [score] = first?.scores ?? [];
      return `${first?.rule.id ?? ''} ${indicator} ${score?.reachable[0] ?? ''}`;
    });

  it('is by precedence among cards of one gravity', () => {
    const of = (matter: string, kind: string | undefined): MadeCard => ({
      ...about(matter, 'warning', 0),
      outcomes: [{ rule: { id: matter, kind }, scores: [] } as unknown as Outcome],
    });
    expect(ordered(of('a', undefined), of('b', 'pain'), of('c', 'emergency'))).toEqual([
      'c warning ',
      'b warning ',
      'a warning ',
    ]);
  });

  it('is by gravity, then one matter after the other, then by the lesion that is graver for certain', () => {
    expect(
      ordered(
        about('a', 'info', 9),
        about('b', 'warning', 3),
        about('a', 'warning', 4),
        about('b', 'warning', 7),
        about('a', 'warning', 8),
        about('c', 'critical', 0),
      ),
    ).toEqual(['c critical 0', 'a warning 8', 'a warning 4', 'b warning 7', 'b warning 3', 'a info 9']);
  });
});
