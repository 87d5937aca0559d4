import { describe, expect, it } from '@jest/globals';
import { playRule } from '../../src/engine/examples.js';
import { loadMoments } from '../../src/cli/moments.js';
import type { Rule } from '../../src/knowledge/types.js';
import { completeLanguages as languages } from '../../src/text.js';
import type { MadeCard } from '../../src/cards/made-card.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const rules = [...prepared.knowledge.rules.values()];

const aDate = /\d{1,2}(?:er)? \p{L}+\.? \d{4}/u;

/** An act in one click, a form, or another card of the answer that offers the act. */
const offers = ({ card }: MadeCard): boolean =>
  (card.suggestions?.length ?? 0) + (card.links?.length ?? 0) > 0;

/** Whether all that its rule could offer is a drug that is not to be had in one click: the list of drugs is unchecked, or it is barred. */
const isBarred = ({ outcomes }: MadeCard): boolean =>
  outcomes.some(
    ({ rule: { card }, withheld }) =>
      withheld.size > 0 &&
      withheld.size === card.suggestions?.length &&
      card.suggestions.every(({ actions }) =>
        actions.every(({ resource }) => resource?.['resourceType'] === 'MedicationRequest'),
      ),
  );

/** It only asks what an order or an entry is that has no code: nothing can be done in one click to what is not known. */
const asksWhatItIs = ({ outcomes }: MadeCard): boolean =>
  outcomes.every(
    ({ inWords, inWordsOnly, rule }) =>
      inWords === true || (rule.whenUnknown === 'entry' && inWordsOnly !== undefined),
  );

const isExcused = ({ act }: Rule, { card }: MadeCard): boolean =>
  act === 'none' || (act === 'date' && aDate.test(`${card.summary} ${card.detail ?? ''}`));

const played = rules.flatMap((rule) =>
  rule.examples.flatMap((example) => {
    const { cards } = playRule(prepared, rule, example);
    return languages.flatMap((language) => cards[language].map((made) => ({ rule, example, made })));
  }),
);

describe('a card', () => {
  it('ends in something to do, or its rule says why there is nothing', () => {
    const idle = played.filter(
      ({ rule, made }) => !offers(made) && !isExcused(rule, made) && !isBarred(made) && !asksWhatItIs(made),
    );
    expect([...new Set(idle.map(({ rule, example }) => `${rule.id}: ${example.name}`))]).toEqual([]);
  });

  it('states its date wherever its rule says that a date is what it ends in', () => {
    const dated = played.filter(({ rule }) => rule.act === 'date');
    expect(dated.length).toBeGreaterThan(30);
    const undated = dated.filter(({ rule, made }) => !isExcused(rule, made));
    expect(undated.map(({ rule, example }) => `${rule.id}: ${example.name}`)).toEqual([]);
  });

  it('that is critical always has its act in one click', () => {
    const idle = played.filter(({ made }) => made.card.indicator === 'critical' && !offers(made));
    expect(idle.map(({ rule, example }) => `${rule.id}: ${example.name}`)).toEqual([]);
  });

  it('offers an act in four of five examples', () => {
    const share = played.filter(({ made }) => offers(made)).length / played.length;
    expect(share).toBeGreaterThan(0.8);
  });
});

describe('the screens of the demo patients', () => {
  it('hold no card that ends in nothing', () => {
    const { moments, answer } = loadMoments();
    const cards = moments.flatMap((moment) => answer(moment, prepared, 'en').cards);
    const idle = cards.filter((made) => {
      const [lead] = made.outcomes;
      if (lead === undefined || offers(made) || isBarred(made)) return false;
      return !isExcused(lead.rule, made) && !/see the card above/.test(made.card.detail ?? '');
    });
    expect(idle.map(({ card }) => card.summary)).toEqual([]);
  });
});

describe('a rule', () => {
  it('says why where it offers nothing, in both languages', () => {
    const silent = rules.filter(({ act }) => act === 'none');
    expect(silent.length).toBeGreaterThan(0);
    for (const { actReason } of silent) {
      expect(actReason?.en).toMatch(/\.$/);
      expect(actReason?.fr).toMatch(/\.$/);
    }
  });
});
