import { describe, expect, it } from '@jest/globals';
import { playRule } from '../../src/engine/examples.js';
import { completeLanguages as languages } from '../../src/text.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const { rules } = prepared.knowledge;

/** An example may be compared with plain spaces where French typography has others. */
const spaced = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

const cards = [...rules.values()].flatMap((rule) =>
  rule.examples.flatMap((example) => {
    const played = playRule(prepared, rule, example).cards;
    return languages.flatMap((language) =>
      played[language].map(({ card }) => ({
        rule,
        text: spaced(`${card.summary}\n${card.detail ?? ''}`),
        summary: spaced(card.summary),
        source: spaced(card.detail?.split('\n\n').at(-1) ?? ''),
      })),
    );
  }),
);
const saying = (pattern: RegExp): readonly string[] => [
  ...new Set(
    cards.flatMap(({ rule, text }) =>
      pattern.test(text) ? [`${rule.id}: ${pattern.exec(text)?.[0] ?? ''}`] : [],
    ),
  ),
];
const of = (id: string): readonly (typeof cards)[number][] => {
  const found = cards.filter(({ rule }) => rule.id === id);
  expect(found.length).toBeGreaterThan(0);
  return found;
};

describe('the words of the cards', () => {
  it('point to what a prognostic score leans to, and sentence nobody', () => {
    for (const id of [
      'tokuhashi-conservative-treatment',
      'tomita-supportive-care',
      'tomita-palliative-surgery',
    ])
      for (const { summary } of of(id))
        expect(summary).toMatch(
          /the guideline leans to .+; to be discussed in the tumour board|le référentiel oriente vers .+ ; à discuter en RCP/,
        );
    expect(saying(/life expectancy: less|espérance de vie : moins|second column|deuxième colonne/)).toEqual(
      [],
    );
    for (const [, rule] of rules)
      if (rule.kind === 'prognosis')
        expect(rule.title.en).not.toMatch(/: (?:conservative|supportive|palliative)/);
  });

  it('hold no figure of a meta-analysis', () => {
    expect(saying(/meta-analys|méta-analys|pooled|\b95 ?% CI|IC ?95/i)).toEqual([]);
    expect(saying(/(?:sensitivity|specificity|sensibilité|spécificité)[^.]{0,40}\d ?%/i)).toEqual([]);
  });

  it('name a source only below what it says', () => {
    for (const { rule, source } of cards) {
      const words = {
        guideline: /Guideline 2024|Référentiel 2024/,
        complement: /Complement|Complément/,
        label: /label|AMM/,
      };
      expect(source).toMatch(words[rule.basis]);
      if (rule.basis !== 'guideline') expect(source).not.toMatch(words.guideline);
    }
    expect(
      saying(
        /laminectomy alone|laminectomie seule|nearly all (?:patients )?walk|presque tous|published series|séries publiées/i,
      ),
    ).toEqual([]);
    // What another source says below the guideline's name is marked as that source's.
    for (const { rule, text } of cards)
      if (rule.basis === 'guideline' && /published work|travaux publiés/.test(text))
        expect(text).toMatch(/not the guideline|hors référentiel/);
    for (const { text } of of('deficit-decompression'))
      expect(text).not.toMatch(/must be operated|doit être opéré/);
  });

  it('say what was searched for, and how', () => {
    expect(saying(/not looked for|is recognised in|n’est pas recherchée|n’est reconnue? dans/)).toEqual([]);
    for (const id of ['hypervascular-primary', 'work-up-of-unknown-primary'])
      for (const { text } of of(id))
        expect(text).toMatch(
          /The chart was not searched for them\.|n’ont pas été recherchés dans le dossier\./,
        );
    for (const { text, rule } of of('radiographs-before-surgery'))
      expect([rule.id, text]).toEqual([
        rule.id,
        expect.stringMatching(
          /None found in the last 3 months, nor ordered|Aucune retrouvée depuis 3 mois, ni demandée/,
        ),
      ]);
  });

  it('name both drugs, and the two volume classes', () => {
    for (const { summary } of of('denosumab-with-bisphosphonate'))
      expect(summary).toMatch(
        /^(?:Denosumab and [a-z ]+ at the same time: keep one|Dénosumab et acide [a-zé]+ique en même temps : n’en garder qu’un)$/,
      );
    for (const { summary } of of('infiltration-volume-at-limit'))
      expect(summary).toMatch(
        /falls in two volume classes; the lower volume is shown|deux classes de volume possibles, le plus petit volume est retenu/,
      );
  });

  it('keep none of the sentences that were to go', () => {
    expect(
      saying(
        /check the rhythm|with a relay|one of each|none found here|aucune retrouvée ici\)|No delay of stopping|too few patients receive|stands in two lines/,
      ),
    ).toEqual([]);
  });

  it('leave no word of FHIR and no English word in a French card', () => {
    const french = cards.filter(({ source }) => /Référentiel|AMM|Complément/.test(source));
    const wrong = french.flatMap(({ rule, text }) =>
      /\b(?:male|female|none|unknown|undefined|NaN)\b/.test(text) ? [`${rule.id}: ${text}`] : [],
    );
    expect(wrong).toEqual([]);
  });

  it('name each source once, its sections together', () => {
    for (const { source } of cards) {
      expect(source.match(/Guideline 2024|Référentiel 2024/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(source.match(/Complement to|Complément au/g)?.length ?? 0).toBeLessThanOrEqual(1);
    }
  });
});
