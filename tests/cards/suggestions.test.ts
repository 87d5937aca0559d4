import { describe, expect, it } from '@jest/globals';
import { selectionOf, uniqueSuggestions } from '../../src/cards/selection.js';
import type { Action, FhirResource, Suggestion } from '../../src/cds-hooks/types.js';
import { playRule } from '../../src/engine/examples.js';
import { prepared } from '../scores/charts.js';

const order = (id: string): FhirResource => ({ resourceType: 'MedicationRequest', id });
const update = (id: string): Action => ({ type: 'update', description: 'change', resource: order(id) });
const create: Action = { type: 'create', description: 'order', resource: { resourceType: 'ServiceRequest' } };
const withdraw = (description: string): Action => ({
  type: 'delete',
  description,
  resourceId: 'MedicationRequest/a',
});
const suggestion = (label: string, ...actions: readonly Action[]): Suggestion => ({
  label,
  uuid: label,
  actions,
});

describe('how many suggestions of a card may be chosen', () => {
  it.each([
    ['one update', [suggestion('dose', update('a'))], 'any'],
    ['two new orders', [suggestion('calcium', create), suggestion('vitamin D', create)], 'any'],
    ['two orders changed', [suggestion('dose', update('a')), suggestion('dose', update('b'))], 'any'],
    [
      'one order changed twice',
      [suggestion('dose', update('a')), suggestion('rate', update('a'))],
      'at-most-one',
    ],
    [
      'changed or withdrawn',
      [suggestion('dose', update('a')), suggestion('no', withdraw('no'))],
      'at-most-one',
    ],
    ['one suggestion that changes an order twice', [suggestion('dose', update('a'), update('a'))], 'any'],
  ])('%s', (_, suggestions, expected) => {
    expect(selectionOf(suggestions, false).selectionBehavior).toBe(expected);
  });

  it('is nothing where there are none', () => {
    expect(selectionOf([], true)).toEqual({});
  });

  it('is one of those that the rule calls alternatives, of which one is recommended', () => {
    const both = [suggestion('a', create), suggestion('b', create)].map((each) => ({
      ...each,
      isRecommended: true,
    }));
    const { suggestions, selectionBehavior } = selectionOf(both, true);
    expect(selectionBehavior).toBe('at-most-one');
    expect(suggestions?.map(({ isRecommended }) => isRecommended)).toEqual([true, undefined]);
  });

  it('counts the withdrawal of an order once, whatever its button says', () => {
    const kept = uniqueSuggestions([
      suggestion('Withdraw', withdraw('not needed')),
      suggestion('Withdraw the routine scan', withdraw('routine')),
      suggestion('Order a PET', create),
    ]);
    expect(kept.map(({ label }) => label)).toEqual(['Withdraw', 'Order a PET']);
  });
});

describe('the cards of the rules', () => {
  const behaviours = (id: string): ReadonlySet<string | undefined> => {
    const rule = prepared.knowledge.rules.get(id);
    if (rule === undefined) throw new Error(`no rule ${id}`);
    const cards = rule.examples.flatMap((example) => playRule(prepared, rule, example).cards.en);
    return new Set(
      cards
        .filter(({ card }) => (card.suggestions?.length ?? 0) > 1)
        .map(({ card }) => card.selectionBehavior),
    );
  };

  it.each(['start-antiresorptive', 'start-antiresorptive-on-onset', 'denosumab-dose'])(
    'never let %s be accepted twice over',
    (id) => {
      expect([...behaviours(id)]).toEqual(['at-most-one']);
    },
  );

  it('let calcium and vitamin D be accepted together', () => {
    expect([...behaviours('calcium-vitamin-d-with-denosumab')]).toEqual(['any']);
  });
});

describe('what a card creates', () => {
  const created = (language: 'en' | 'fr'): readonly FhirResource[] =>
    [...prepared.knowledge.rules.values()]
      .flatMap((rule) =>
        rule.examples.flatMap((example) => playRule(prepared, rule, example).cards[language]),
      )
      .flatMap(({ card }) => card.suggestions ?? [])
      .flatMap(({ actions = [] }) => actions)
      .flatMap((action) => (action.type === 'create' ? [action.resource] : []));

  it.each([
    ['en', 'Dental panoramic radiograph'],
    ['fr', 'Panoramique dentaire'],
  ] as const)('has a name that an EHR can show, in %s', (language, panoramic) => {
    const codings = created(language).flatMap(({ code, medicationCodeableConcept }) => {
      const { coding } = (code ?? medicationCodeableConcept) as {
        coding: { code: string; display?: string }[];
      };
      return coding;
    });
    expect(codings.filter(({ display }) => display === undefined)).toEqual([]);
    expect(codings.find(({ code }) => code === 'dental-panoramic')?.display).toBe(panoramic);
  });
});
