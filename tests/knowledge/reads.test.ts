import { describe, expect, it } from '@jest/globals';
import { chartedBy, graphOf, leaves, madeFirst, readsOfRule, within } from '../../src/knowledge/reads.js';
import type { Input, Score, Setting } from '../../src/knowledge/types.js';
import { shippedPrepared } from '../shared/knowledge.js';
import { inventedRule } from '../rules/invented-rule.js';

const title = { en: 'x', fr: 'x' };
const selected = (type: string, more: object = {}): Input => ({
  kind: 'selected',
  title,
  select: [{ type, codes: [`${type}-set`], within: 'age' }],
  read: 'exists',
  ...more,
});
const formula = (expression: string, more: object = {}): Input => ({
  kind: 'expression',
  title,
  expression,
  ...more,
});
const score: Score = {
  id: 'grade',
  version: '1.0.0',
  title,
  section: '1',
  per: 'lesion',
  when: '%drug',
  items: [{ id: 'grade-item', text: title, answers: [] }],
  classes: [],
  flags: [],
  examples: [],
};
const setting: Setting = { value: 1, min: 0, max: 2, text: title, source: title };

const graph = graphOf({
  inputs: new Map<string, Input>([
    ['sum', formula('%level + %limit')],
    ['level', selected('Observation', { since: 'start', reach: 'reach', max: 'limit' })],
    ['start', { kind: 'elapsed', title, from: 'drug', unit: 'd' }],
    ['drug', selected('MedicationRequest')],
    ['order', selected('ServiceRequest', { scope: 'item' })],
    ['about', formula('%order and %total > 2')],
    ['total', { kind: 'score', title, score: 'grade', part: 'total' }],
    ['egg', formula('%hen')],
    ['hen', formula('%egg')],
  ]),
  scores: new Map([['grade', score]]),
  settings: new Map(['age', 'reach', 'limit'].map((name) => [name, setting])),
});

describe('what inputs read', () => {
  it('is told of inputs and settings apart, wherever an input names them', () => {
    expect(graph.inputs.get('sum')).toMatchObject({ inputs: ['level'], settings: ['limit'] });
    expect(graph.inputs.get('level')).toMatchObject({
      inputs: ['start'],
      settings: ['age', 'reach', 'limit'],
    });
  });

  it('is found behind what they are made of, and no further than an end', () => {
    expect([...within(['sum'], graph)]).toEqual(['sum', 'level', 'start', 'drug']);
    expect(madeFirst(['sum'], graph)).toEqual(['drug', 'start', 'level', 'sum']);
    expect(leaves(['sum', 'about'], graph, ({ kind }) => kind === 'selected')).toEqual([
      'level',
      'order',
      'total',
    ]);
  });

  it('is about what the narrowest of them is about', () => {
    const scopes = ['sum', 'total', 'about'].map((name) => graph.inputs.get(name)?.scope);
    expect(scopes).toEqual(['patient', 'lesion', 'item']);
  });

  it('names the resources of a score and of what the score asks, but none for an order at hand', () => {
    const sets = (names: readonly string[]) =>
      Object.fromEntries([...chartedBy(names, graph, false)].map(([type, ids]) => [type, [...ids]]));
    expect(sets(['order'])).toEqual({});
    expect(sets(['about'])).toEqual({
      Observation: ['grade', 'grade-item'],
      Condition: [],
      BodyStructure: [],
      MedicationRequest: ['MedicationRequest-set'],
    });
  });

  it('comes to an end where inputs are made of each other', () => {
    expect([...within(['egg'], graph)]).toEqual(['egg', 'hen']);
    expect(madeFirst(['egg'], graph)).toEqual(['hen', 'egg']);
  });
});

it('a rule asks for what the words of its card and its acts name', () => {
  const card = {
    indicator: 'info' as const,
    summary: { en: 'x {level} y', fr: 'x' },
    suggestions: [
      {
        id: 'dose',
        label: title,
        actions: [{ type: 'update' as const, description: title, set: { dose: 'sum' } }],
      },
    ],
  };
  const rule = { ...inventedRule, when: '%order', condition: '%drug', card };
  expect(readsOfRule(rule)).toEqual({
    criteria: ['order', 'drug'],
    all: ['order', 'drug'],
    shown: ['level', 'sum'],
  });
});

it('a rule asks the chart for what its words name, and not only for what its conditions do', async () => {
  const { rules } = await shippedPrepared();
  const calcium = rules.get('calcium-with-antiresorptive');
  // Whether vitamin D was given is read by «prescribe …: calcium, vitamin D or both» alone.
  expect(calcium?.charted.has('MedicationAdministration')).toBe(true);
});

it('every input of the artifacts stands in the graph with what its kind reads', async () => {
  const { knowledge } = await shippedPrepared();
  const { graph: whole, inputs } = knowledge;
  expect([...whole.inputs.keys()].sort()).toEqual([...inputs.keys()].sort());
  const empty = [...whole.inputs].filter(
    ([, reads]) =>
      reads.facts.length + reads.inputs.length + reads.scores.length + reads.settings.length === 0 &&
      !reads.lesions &&
      !reads.person &&
      reads.scope !== 'item',
  );
  // A formula without a variable is a fixed word or number of an order.
  expect(empty.filter(([name]) => inputs.get(name)?.kind !== 'expression')).toEqual([]);
});
