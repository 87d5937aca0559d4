import { beforeAll, describe, expect, it } from '@jest/globals';
import type { MadeCard } from '../../src/cards/made-card.js';
import type { Indicator } from '../../src/cds-hooks/types.js';
import type { Prepared } from '../../src/engine/prepare.js';
import type { Outcome } from '../../src/rules/evaluate.js';
import { say, type Declined, type KnownCard, type Occasion } from '../../src/engine/said-before.js';
import { shippedPrepared } from '../shared/knowledge.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const ago = (hours: number, ms = 0): Date => new Date(NOW.getTime() - hours * HOUR - ms);

let prepared: Prepared;
beforeAll(async () => {
  prepared = await shippedPrepared();
});

/** One whose number of cards is the usual one. */
const service = () => {
  const found = prepared.services.get('antiresorptive-safety');
  if (found === undefined) throw new Error('no such service');
  return found;
};
const nothingBesides = { tables: false, drafts: [] };

const card = (name: string, indicator: Indicator): KnownCard => {
  const made: MadeCard = {
    card: { uuid: name, summary: `Title ${name}`, indicator, detail: 'Body', source: { label: 's' } },
    own: { rule: 'r', version: '1.0.0', recommendations: [], outcome: 'fires' },
    outcomes: [],
    detail: () => 'Body',
    fingerprint: () => name,
  };
  return { made, subjectKey: name };
};

interface Earlier {
  readonly declined?: Readonly<Record<string, Declined>>;
  /** When the user of the call saw it. */
  readonly shown?: Readonly<Record<string, Date>>;
}

const said = (
  cards: readonly KnownCard[],
  { declined = {}, shown = {} }: Earlier,
  change: Partial<Occasion> = {},
  settings: Readonly<Record<string, number>> = {},
) => {
  const changed = new Map(
    [...prepared.knowledge.settings].map(([name, setting]) => [
      name,
      { ...setting, value: settings[name] ?? setting.value },
    ]),
  );
  const {
    shown: now,
    repeated,
    declined: away,
    folded,
    remember,
  } = say(
    { ...prepared, knowledge: { ...prepared.knowledge, settings: changed } },
    service(),
    'en',
    cards,
    {
      declinesOf: (key) => (declined[key] === undefined ? [] : [declined[key]]),
      shownAt: (user, key) => (user === 'me' ? shown[key] : undefined),
    },
    {
      hook: 'patient-view',
      now: NOW,
      userKey: 'me',
      civilDate: (at) => at.toISOString().slice(0, 10),
      ...change,
    },
    nothingBesides,
  );
  const names = (list: readonly KnownCard[]): readonly string[] => list.map(({ subjectKey }) => subjectKey);
  return {
    shown: names(now),
    repeated: names(repeated),
    declined: names(away),
    folded: names(folded),
    remember: names(remember),
    lastDetail: now.at(-1)?.made.card.detail,
  };
};

describe('a card that was declined', () => {
  const mine = { userKey: 'me' };
  it.each([
    ['info', 'by me, 30 days ago to the moment', { ...mine, at: ago(720) }, {}, true],
    ['info', 'by me, a moment longer ago', { ...mine, at: ago(720, 1) }, {}, false],
    ['info', 'by another user', { userKey: 'other', at: ago(1) }, {}, false],
    ['info', 'for all users', { at: ago(1) }, {}, true],
    ['info', 'for all users, asked by nobody known', { at: ago(1) }, { userKey: undefined }, true],
    ['warning', 'by me, 24 hours ago to the moment', { ...mine, at: ago(24) }, {}, true],
    ['warning', 'by me, a moment longer ago', { ...mine, at: ago(24, 1) }, {}, false],
    [
      'warning',
      'longer ago, in this encounter',
      { ...mine, encounterKey: 'e', at: ago(200) },
      { encounterKey: 'e' },
      true,
    ],
    [
      'warning',
      'longer ago, in another one',
      { ...mine, encounterKey: 'e', at: ago(200) },
      { encounterKey: 'f' },
      false,
    ],
    ['warning', 'longer ago, outside any', { ...mine, at: ago(200) }, {}, false],
    [
      'warning',
      'in this encounter by another user',
      { userKey: 'other', encounterKey: 'e', at: ago(1) },
      { encounterKey: 'e' },
      false,
    ],
    ['critical', 'for all users, just now', { at: ago(0) }, {}, false],
  ] as const)('%s, %s', (indicator, _when, decline, { ...change }, staysAway) => {
    const { shown, declined } = said(
      [card('a', indicator)],
      { declined: { a: decline } },
      { hook: 'order-sign', ...(change as Partial<Occasion>) },
    );
    expect([shown, declined]).toEqual(staysAway ? [[], ['a']] : [['a'], []]);
  });

  it.each([
    ['info', { declinedCardDays: 0 }],
    ['warning', { declinedWarningHours: 0 }],
  ] as const)('%s comes back at once where the setting is 0', (indicator, settings) => {
    const earlier = { declined: { a: { encounterKey: 'e', at: ago(0) } } };
    expect(said([card('a', indicator)], earlier, { encounterKey: 'e' }, settings).shown).toEqual(['a']);
  });

  it('comes back when its facts have changed', () => {
    expect(said([card('changed', 'info')], { declined: { a: { at: ago(1) } } }).shown).toEqual(['changed']);
  });

  it.each([
    ['comes back where its rule is always said', 'fires', 'cementoplasty-posterior-wall', ['a']],
    ['stays away where that rule could not be decided', 'unknown', 'cementoplasty-posterior-wall', []],
    [
      'stays away where its rule names no contraindication',
      'fires',
      'dental-assessment-before-antiresorptive',
      [],
    ],
  ] as const)('warning that %s', (_what, kind, id, shown) => {
    const rule = prepared.knowledge.rules.get(id);
    if (rule === undefined) throw new Error(`no rule ${id}`);
    const { made, subjectKey } = card('a', 'warning');
    const outcome = { kind, rule } as Outcome;
    const declined = { a: { userKey: 'me', at: ago(1) } };
    const again = said(
      [{ made: { ...made, outcomes: [outcome] }, subjectKey }],
      { declined },
      { hook: 'order-sign' },
    );
    expect(again.shown).toEqual(shown);
  });
});

describe('a card that this user saw when the chart was opened', () => {
  it.each([
    ['info', '7 days ago to the moment', ago(168), true],
    ['info', 'a moment longer ago', ago(168, 1), false],
    ['warning', '24 hours ago to the moment', ago(24), true],
    ['warning', 'a moment longer ago', ago(24, 1), false],
    ['critical', 'just now', ago(0), false],
  ] as const)('%s, %s', (indicator, _when, at, isLine) => {
    const { shown, repeated, remember } = said([card('a', indicator), card('b', 'critical')], {
      shown: { a: at },
    });
    expect([shown, repeated]).toEqual(isLine ? [['b'], ['a']] : [['a', 'b'], []]);
    // It counts from when it was a card: a line does not put it off.
    expect(remember).toEqual(shown);
  });

  it('stands with its day and title as one line in the last card', () => {
    const { lastDetail } = said([card('a', 'info'), card('b', 'critical'), card('c', 'critical')], {
      shown: { a: ago(48) },
    });
    expect(lastDetail).toBe('Body\n\n- Said on 18 Nov 2026: Title a');
  });

  it('leaves an empty answer where there is no other', () => {
    expect(said([card('a', 'info'), card('b', 'info')], { shown: { a: ago(1), b: ago(1) } })).toMatchObject({
      shown: [],
      repeated: ['a', 'b'],
      remember: [],
    });
  });

  it.each([
    'order-select',
    'order-sign',
    'problem-list-item-create',
    'encounter-discharge',
    'appointment-book',
  ])('is a card at %s, where an act is at hand, and is not remembered from there', (hook) => {
    const { shown, remember } = said([card('a', 'info')], { shown: { a: ago(1) } }, { hook });
    expect([shown, remember]).toEqual([['a'], []]);
  });

  it('is a card for another user, and nothing is remembered of nobody', () => {
    expect(said([card('a', 'info')], { shown: { a: ago(1) } }, { userKey: 'other' }).shown).toEqual(['a']);
    const unknown = { hook: 'patient-view', now: NOW, civilDate: () => '2026-11-20' };
    const result = say(
      prepared,
      service(),
      'en',
      [card('a', 'info')],
      { declinesOf: () => [], shownAt: () => ago(1) },
      unknown,
      nothingBesides,
    );
    expect([result.shown.length, result.remember]).toEqual([1, []]);
  });

  it.each([
    ['info', { repeatedInfoDays: 0 }],
    ['warning', { repeatedWarningHours: 0 }],
  ] as const)('%s is a card again where the setting is 0', (indicator, settings) => {
    expect(said([card('a', indicator)], { shown: { a: ago(0) } }, {}, settings).shown).toEqual(['a']);
  });

  it('leaves its place to those beyond the number of cards, which were not seen and are not remembered', () => {
    const most = prepared.knowledge.settings.get('maximumCards')?.value ?? 0;
    const many = Array.from({ length: most + 2 }, (_, index) => card(`c${index}`, 'info'));
    const first = said(many, {});
    expect([first.shown.length, first.folded.length]).toEqual([most, 2]);
    expect(first.remember).toEqual(first.shown);
    const shown = Object.fromEntries(first.shown.map((name) => [name, ago(1)]));
    expect(said(many, { shown }).shown).toEqual(first.folded);
  });
});
