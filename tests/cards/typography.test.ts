import { describe, expect, it } from '@jest/globals';
import { wordsIn } from '../../src/cards/detail.js';
import { playRule } from '../../src/engine/examples.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const cards = [...prepared.knowledge.rules.values()].flatMap((rule) =>
  rule.examples.flatMap((example) => {
    const played = playRule(prepared, rule, example).cards;
    return [
      ...played.en.map((made) => ({ ...made, language: 'en' })),
      ...played.fr.map((made) => ({ ...made, language: 'fr' })),
    ];
  }),
);

describe('every card of every example', () => {
  it('has a summary below 140 characters and a detail that is read in ten seconds', () => {
    const lengths = cards.map(({ card }) => wordsIn(card.detail ?? '')).sort((a, b) => a - b);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(250);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(150);
    expect(cards.filter(({ card }) => card.summary.length >= 140).map(({ card }) => card.summary)).toEqual(
      [],
    );
  });

  it('begins with at most 60 words on what was found and what to do', () => {
    const long = cards.filter(({ card }) => wordsIn((card.detail ?? '').split('\n\n')[0] ?? '') > 60);
    expect(long.map(({ card }) => card.summary)).toEqual([]);
  });

  it('holds no table, no bold line without a stop, and no link twice', () => {
    for (const { card } of cards) {
      expect(card.detail).not.toMatch(/^\|/m);
      expect(card.detail).not.toMatch(/^- \*\*[^*]+\*\*\n {2}/m);
      const links = (card.links ?? []).map(
        (link) => `${link.url} ${link.type === 'smart' ? (link.appContext ?? '') : ''}`,
      );
      expect(new Set(links).size).toBe(links.length);
    }
  });

  it('keeps a French sign with its word', () => {
    const wrong = cards
      .filter(({ language }) => language === 'fr')
      .flatMap(({ card }) => [card.summary, card.detail ?? '', card.source.label])
      .filter((text) => / [:;!?%»]|« /.test(text));
    expect(wrong).toEqual([]);
  });

  it('creates orders that can be carried out', () => {
    const created = cards.flatMap(({ card }) =>
      (card.suggestions ?? []).flatMap(({ actions = [] }) =>
        actions.flatMap((action) => (action.type === 'create' ? [action.resource] : [])),
      ),
    );
    const requests = created.filter(({ resourceType }) => resourceType === 'ServiceRequest');
    const drugs = created.filter(({ resourceType }) => resourceType === 'MedicationRequest');
    expect(requests.length * drugs.length).toBeGreaterThan(0);
    for (const request of requests) {
      expect(request).toMatchObject({
        code: { text: expect.any(String) },
        category: [{ text: expect.any(String) }],
      });
    }
    for (const drug of drugs) {
      expect(drug).toMatchObject({
        medicationCodeableConcept: { text: expect.any(String) },
        dosageInstruction: [{ text: expect.any(String) }],
      });
    }
  });
});
