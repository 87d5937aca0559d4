import { expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { makeCards } from '../../src/cards/cards.js';
import type { MadeCard } from '../../src/cards/made-card.js';
import { wordingOf } from '../../src/engine/answer.js';
import { buildChart } from '../../src/chart/chart.js';
import { openCase } from '../../src/engine/case.js';
import { answered, metastasis, prepared, today } from '../scores/charts.js';

const day = Date.parse(today) / 86_400_000;

function cards(resources: readonly FhirResource[]): readonly MadeCard[] {
  const { of, memory } = openCase(prepared, { resources, drafts: [], missingKeys: new Set(), today: day });
  const { rules } = prepared.services.get('bone-metastasis-review') ?? { rules: [] };
  const outcomes = rules.flatMap((rule) => rule.evaluate(of, memory));
  const context = { patientId: 'p', today, publicBaseUrl: 'https://cds.example', newId: () => 'id' };
  return makeCards(outcomes, context, prepared.knowledge, wordingOf(prepared, 'en'));
}

const summaries = (resources: readonly FhirResource[]): readonly string[] =>
  cards(resources).map(({ card }) => card.summary);

const sins = (lesion: string, alignment: string, collapse: string): readonly FhirResource[] => {
  const focus = { focus: [{ reference: `Condition/${lesion}` }] };
  const items = [
    ['sins-pain', 'mechanical'],
    ['sins-lesion', 'lytic'],
    ['sins-alignment', alignment],
    ['sins-collapse', collapse],
    ['sins-posterolateral', 'none'],
  ] as const;
  return items.map(([item, answer]) => ({ ...answered(item, answer, focus), id: `${lesion}-${item}` }));
};

it.each([
  ['the first in the chart', 'a', 'b'],
  ['the last in the chart', 'b', 'a'],
])('the unstable spine comes before the one that may be: %s', (_, unstable, uncertain) => {
  const chart = [
    metastasis(unstable, ['23215003']),
    ...sins(unstable, 'subluxation', 'half-or-more'),
    metastasis(uncertain, ['36470004']),
    ...sins(uncertain, 'normal', 'under-half'),
  ];
  const [first, second] = summaries(chart).filter((summary) => summary.includes('SINS'));
  expect(first).toContain('SINS 15 (T12)');
  expect(second).toContain('SINS 9 (L3)');
});

const painOf = (lesion: string): FhirResource => ({
  ...answered('sins-pain', 'mechanical', { focus: [{ reference: `Condition/${lesion}` }] }),
  id: `${lesion}-pain`,
});
const sitesOf = (card: MadeCard['card'] | undefined): readonly unknown[] => {
  const said = card?.extension?.['example.bone-metastasis-cds'] as
    { readonly scores: readonly { readonly lesion: { readonly site: string } }[] } | undefined;
  return said?.scores.map(({ lesion }) => lesion.site).sort() ?? [];
};
const levels = { a: '11068009', b: '36470004', c: '23215003' };

it('tells of two vertebrae with a gap apart, of three in one card that leads with the gravest', () => {
  const { a, b, c } = levels;
  const two = [metastasis('a', [a]), painOf('a'), metastasis('b', [b]), painOf('b')];
  const gapsOf = (chart: readonly FhirResource[]) =>
    cards(chart).filter(({ card }) => card.summary.includes('SINS to be scored'));
  expect(gapsOf(two)).toHaveLength(2);
  const [card, ...others] = gapsOf([...two, metastasis('c', [c]), painOf('c')]).map((made) => made.card);
  expect(others).toEqual([]);
  expect(card?.summary).toMatch(/^T12: /);
  expect(card?.detail).toMatch(/- \*\*L3: SINS .*\n- \*\*T8: SINS /);
  expect(card?.detail?.match(/A surgical opinion is due/g)).toHaveLength(1);
  expect(card?.detail?.match(/= location 3/g)).toHaveLength(1);
  expect(card?.links).toHaveLength(1);
  expect(sitesOf(card)).toEqual(['L3', 'T12', 'T8']);
});

it('a structure of the skeleton is named in the language of the card', () => {
  const structure = {
    resourceType: 'BodyStructure',
    id: 's',
    location: {
      coding: [
        { system: 'http://snomed.info/sct', code: '7610001', display: 'Bone structure of T10 vertebra' },
      ],
    },
  };
  const [fact] = buildChart({
    resources: [structure],
    drafts: [],
    terminology: prepared.terminology,
    today: day,
  }).ofType('BodyStructure');
  expect(fact === undefined ? '' : wordingOf(prepared, 'fr').nameOf(fact)).toBe('T10');
});
