import { describe, expect, it } from '@jest/globals';
import type { Gathered, Provision } from '../../src/data/types.js';
import { answer } from '../../src/engine/answer.js';
import { needsOf } from '../../src/engine/needs.js';
import type { Rule } from '../../src/knowledge/types.js';
import { compileRule } from '../../src/rules/evaluate.js';
import { prepared } from '../chart/charts.js';
import { inventedRule } from '../rules/invented-rule.js';

const none: Provision = { state: 'given', resources: [], incomplete: false };
const lost: Provision = { state: 'missing', reason: 'timeout' };
const cut: Provision = { ...none, incomplete: true };

/** What a service of one invented rule answers, with the same provision for every key. */
function answerWith(provision: Provision, change: Partial<Rule>) {
  const { inputs, knowledge } = prepared;
  const rules = [compileRule({ ...inventedRule, ...change }, inputs, knowledge)];
  const needs = needsOf(rules, prepared);
  const definition = { id: 'x', hooks: [], title: { en: 'x', fr: 'x' }, description: { en: 'x', fr: 'x' } };
  const gathered: Gathered = {
    provisions: new Map(needs.map(({ key }) => [key, provision])),
    companions: [],
    setAside: new Map(),
    requests: 0,
  };
  const context = {
    patientId: 'p',
    today: '2026-10-15',
    publicBaseUrl: 'https://cds.example',
    newId: () => 'id',
  };
  const hook = { drafts: [], selected: 'all', today: context.today } as const;
  const service = { definition: { ...definition, rules: ['invented'] }, rules, needs };
  return answer({ prepared, service, hook, needs, gathered, context, language: 'en' });
}

describe('a service whose data could not be had', () => {
  const condition = '%renalFunctionDone.not()';

  it('cannot answer, and names the key', () => {
    for (const provision of [lost, cut])
      expect(answerWith(provision, { condition })).toMatchObject({
        kind: 'data-unavailable',
        missing: ['observations'],
      });
  });

  it('answers all the same where a card says what is missing', () => {
    const told = answerWith(lost, { condition, whenUnknown: 'card' });
    expect(told).toMatchObject({ kind: 'cards', cards: [{ card: { indicator: 'info' } }] });
  });

  it('answers where it is known that there is nothing', () => {
    expect(answerWith(none, { condition })).toMatchObject({ kind: 'cards', cards: [{}] });
    expect(answerWith(none, { condition: '%renalFunctionDone' })).toMatchObject({ kind: 'cards', cards: [] });
  });
});
