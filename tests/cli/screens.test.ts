import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { wordsIn } from '../../src/cards/detail.js';
import { loadMoments } from '../../src/cli/moments.js';
import { readCards } from '../../src/cli/read-cards.js';
import { completeLanguages as languages } from '../../src/text.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const { moments, answer } = loadMoments();
const screens = moments.flatMap((moment) =>
  languages.map((language) => ({ moment, language, ...answer(moment, prepared, language) })),
);
const cards = screens.flatMap((screen) => screen.cards);

describe('the screens of the demo patients', () => {
  it('stand in docs/cards.md as they are shown today', async () => {
    const page = await readCards(['--screens']);
    expect(`${page}\n`).toBe(readFileSync('docs/cards.md', 'utf8'));
  });

  it('are of at least 25 moments, of all services and patients', () => {
    expect(moments.length).toBeGreaterThanOrEqual(25);
    expect(new Set(moments.map(({ service }) => service)).size).toBe(prepared.services.size);
    expect(new Set(moments.map(({ patient }) => patient)).size).toBe(12);
  });

  it('are read in ten seconds a card', () => {
    const lengths = cards.map(({ card }) => wordsIn(card.detail ?? '')).sort((a, b) => a - b);
    expect(lengths.length).toBeGreaterThan(60);
    expect(lengths.at(-1)).toBeLessThanOrEqual(250);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(150);
    for (const { card } of cards)
      expect(wordsIn((card.detail ?? '').split('\n\n')[0] ?? '')).toBeLessThanOrEqual(60);
  });

  it('offer no order twice, and ask to complete in one card at most', () => {
    for (const screen of screens) {
      const created = screen.cards.flatMap(({ card }) =>
        (card.suggestions ?? []).flatMap(({ actions = [] }) =>
          actions.flatMap((action) => {
            if (action.type !== 'create' || !/Request$/.test(action.resource.resourceType)) return [];
            const { code, medicationCodeableConcept, bodySite } = action.resource;
            return [JSON.stringify([code ?? medicationCodeableConcept, bodySite])];
          }),
        ),
      );
      expect(created.filter((each, index) => created.indexOf(each) !== index)).toEqual([]);
      const asking = screen.cards.filter(({ own }) => own.kind === 'to-complete');
      expect(asking.length).toBeLessThanOrEqual(1);
    }
  });

  it('say a caveat, a sum and a line from the chart once', () => {
    for (const screen of screens) {
      const lines = screen.cards.flatMap(({ card }) =>
        (card.detail ?? '').split('\n').filter((line) => /^- (?!\*\*)|^\S+ \d+ = /.test(line)),
      );
      expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
    }
  });

  it('announce no prognosis that nobody asked for', () => {
    const unasked = screens.filter(({ moment }) => moment.patient === 'amina-benali');
    const atStake = screens.filter(({ moment }) => moment.patient === 'henri-dubois');
    const told = (of: typeof screens): readonly string[] =>
      of.flatMap((screen) =>
        screen.cards.flatMap(({ outcomes }) => outcomes.map(({ rule }) => rule.kind ?? '')),
      );
    expect(told(unasked)).not.toContain('prognosis');
    expect(unasked.flatMap(({ outcomes }) => outcomes.map(({ withheldBy }) => withheldBy))).toContain(
      'prognosis-unasked',
    );
    expect(told(atStake)).toContain('prognosis');
  });
});
