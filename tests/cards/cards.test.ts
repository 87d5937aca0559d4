import { describe, expect, it } from '@jest/globals';
import type { Card, FhirResource } from '../../src/cds-hooks/types.js';
import type { CardContext } from '../../src/cards/actions.js';
import { makeCards } from '../../src/cards/cards.js';
import { wordingOf } from '../../src/engine/answer.js';
import type { CaseSource } from '../../src/engine/case.js';
import type { ActionTemplate, CardTemplate, Rule } from '../../src/knowledge/types.js';
import { prepared, result } from '../chart/charts.js';
import { outcomesOf } from '../rules/invented-rule.js';

const text = { en: 'x', fr: 'x' };
const context: CardContext = {
  patientId: 'p',
  userId: 'Practitioner/u',
  today: '2026-10-15',
  publicBaseUrl: 'https://cds.example',
  newId: () => 'id',
};

interface Asked {
  readonly rule?: Partial<Rule>;
  readonly card?: Partial<CardTemplate>;
  readonly source?: Partial<CaseSource>;
  readonly userId?: string;
}

/** The cards of a rule that stands in no artifact. */
function cardsOf({ rule, card, source = {}, userId = 'Practitioner/u' }: Asked): readonly Card[] {
  const outcomes = outcomesOf({ ...rule, card: { indicator: 'warning', summary: text, ...card } }, source);
  const wording = wordingOf(prepared, 'en');
  return makeCards(outcomes, { ...context, userId }, prepared.knowledge, wording).map((made) => made.card);
}

const offer = (...actions: readonly ActionTemplate[]) => [{ id: 'offer', label: text, actions }];
const create: ActionTemplate = {
  type: 'create',
  description: text,
  resource: {
    resourceType: 'ServiceRequest',
    subject: { reference: '{{patient}}' },
    requester: { reference: '{{user}}' },
  },
};

describe('the summary of a card', () => {
  it('has at most 139 characters, and says that it was cut', () => {
    const summaryOf = (length: number) => {
      const words = 'a'.repeat(length);
      return cardsOf({ card: { summary: { en: words, fr: words } } })[0]?.summary ?? '';
    };
    expect(summaryOf(139)).toBe('a'.repeat(139));
    expect(summaryOf(140)).toBe(`${'a'.repeat(138)}…`);
  });
});

describe('a card about what is not known', () => {
  const rule = { condition: '%personAge > 50', whenUnknown: 'card' } as const;
  const card = { indicator: 'critical', suggestions: offer(create) } as const;

  it('informs, whatever the rule would say for certain, and offers nothing', () => {
    const [unknown] = cardsOf({ rule, card });
    expect(unknown).toMatchObject({ indicator: 'info' });
    expect(unknown).not.toHaveProperty('suggestions');
  });

  it('is only made where the rule asks for it and applies to the patient', () => {
    expect(cardsOf({ rule: { condition: '%personAge > 50' }, card })).toEqual([]);
    expect(cardsOf({ rule: { ...rule, when: '%personAge > 50' }, card })).toEqual([]);
  });
});

describe('what a card proposes', () => {
  const draft: FhirResource = {
    resourceType: 'MedicationRequest',
    id: 'd',
    status: 'draft',
    medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'M05BX04' }] },
    dispenseRequest: { numberOfRepeatsAllowed: 1 },
  };
  const update = (input: string): ActionTemplate => ({
    type: 'update',
    description: text,
    set: { 'dispenseRequest.numberOfRepeatsAllowed': input },
  });
  const offered = (actions: readonly ActionTemplate[], asked: Asked = {}) =>
    cardsOf({ ...asked, card: { suggestions: offer(...actions) } }).flatMap(
      ({ suggestions = [] }) => suggestions,
    );
  const forDrafts = (resources: readonly FhirResource[] = [], drafts = [draft]): Asked => ({
    rule: { for: 'antiresorptiveOrders' },
    source: { resources, drafts },
  });
  const patient = (birthDate: string) => ({ resourceType: 'Patient', id: 'p', birthDate });

  it.each([
    ['Practitioner/u', { reference: 'Practitioner/u' }],
    ['PractitionerRole/u', { reference: 'PractitionerRole/u' }],
    ['Patient/p', undefined],
    ['RelatedPerson/r', undefined],
  ])('is requested by %s as %j: only a professional orders', (userId, requester) => {
    const [suggestion] = offered([create], { userId });
    const resource = suggestion?.actions?.[0] as { readonly resource: FhirResource };
    expect(resource.resource['requester']).toEqual(requester);
  });

  it('corrects the order at hand with a value that is known', () => {
    expect(offered([update('personAge')], forDrafts([patient('1961-01-01')]))).toMatchObject([
      {
        actions: [{ type: 'update', resource: { id: 'd', dispenseRequest: { numberOfRepeatsAllowed: 65 } } }],
      },
    ]);
  });

  it.each([
    ['is not known', []],
    ['is known within bounds only', [patient('1961')]],
  ])('is left out as a whole where a value %s', (_, resources) => {
    expect(offered([create, update('personAge')], forDrafts(resources))).toEqual([]);
  });

  it('is left out where two values are possible', () => {
    const clearance = (id: string, value: number) => result(id, '35591-7', value, 'mL/min');
    const of = (...values: readonly number[]) =>
      offered(
        [update('creatinineClearance')],
        forDrafts(values.map((value, index) => clearance(`c${index}`, value))),
      );
    expect(of(50, 50)).toHaveLength(1);
    expect(of(50, 60)).toEqual([]);
  });

  it('never changes or withdraws what is not an order of this request', () => {
    const stored = { ...draft, status: 'active' };
    const asked = (drafts: readonly FhirResource[], resources: readonly FhirResource[]): Asked => ({
      rule: { for: 'antiresorptiveEver' },
      source: { drafts, resources },
    });
    const withdraw: ActionTemplate = { type: 'delete', description: text };
    expect(offered([withdraw], asked([], [stored]))).toEqual([]);
    expect(offered([withdraw], forDrafts())).toMatchObject([
      { actions: [{ type: 'delete', resourceId: 'MedicationRequest/d' }] },
    ]);
    const { resourceType, status, medicationCodeableConcept } = draft;
    const nameless = { resourceType, status, medicationCodeableConcept };
    expect(offered([withdraw], forDrafts([], [nameless]))).toEqual([]);
  });
});

describe('the evidence of a card', () => {
  it('names the three newest facts, and how many more there are', () => {
    const results = ['01', '02', '03', '04', '05'].map((day) =>
      result(`c${day}`, '35591-7', 50, 'mL/min', { effectiveDateTime: `2026-10-${day}` }),
    );
    const [card] = cardsOf({
      rule: { condition: '%renalFunctionDone', evidence: ['renalFunctionDone'] },
      source: { resources: results },
    });
    const days = ['5', '4', '3', '2', '1'].map((day) => card?.detail?.includes(`${day} Oct 2026`));
    expect(days).toEqual([true, true, true, false, false]);
    expect(card?.detail).toMatch(/2 more/);
  });
});
