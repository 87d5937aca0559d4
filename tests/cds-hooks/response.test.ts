import { describe, expect, it } from '@jest/globals';

import { checkResponse } from '../../src/cds-hooks/response.js';
import type { Card, CdsResponse } from '../../src/cds-hooks/types.js';

const uuid = (last: number) => `4e0a3a1e-3283-4575-ab82-${String(last).padStart(12, '0')}`;

const order = { resourceType: 'ServiceRequest', status: 'draft', intent: 'order', note: null };

const card = {
  uuid: uuid(1),
  summary: 'No dental check on record before denosumab',
  detail: 'Creatinine clearance **< 30 mL/min**, seen <https://example.org/guide>\n\n| a | b |\n|---|---|',
  indicator: 'warning',
  source: {
    label: 'Guideline 2024',
    url: 'https://example.org/guideline',
    icon: 'https://example.org/icon.png',
    topic: { system: 'https://example.org/recommendation', code: 'T-18', display: 'Dental check' },
  },
  suggestions: [
    {
      label: 'Order a dental check',
      uuid: uuid(2),
      isRecommended: true,
      actions: [
        { type: 'create', description: 'Order a dental check', resource: order },
        { type: 'update', description: 'Delay', resource: { ...order, id: 'draft-1' } },
        { type: 'delete', description: 'Remove', resourceId: 'MedicationRequest/draft-1' },
      ],
    },
    { label: 'Order a panoramic', uuid: uuid(3), isRecommended: true },
  ],
  selectionBehavior: 'any',
  overrideReasons: [{ code: 'urgent', system: 'https://example.org/reason', display: 'Urgent' }],
  links: [
    { label: 'Guideline', url: 'https://example.org/guideline', type: 'absolute' },
    {
      label: 'Form',
      url: 'http://127.0.0.1:3000/smart/launch',
      type: 'smart',
      appContext: '{"a":1}',
      autolaunchable: true,
    },
  ],
  extension: { 'example.bone-metastasis-cds': { rule: 'dental-check', outcome: 'fires' } },
} as const satisfies Card;

const minimal = {
  uuid: uuid(9),
  summary: 'SINS 10: surgical opinion',
  indicator: 'info',
  source: { label: 'Guideline 2024' },
} as const satisfies Card;

const paths = (value: unknown) => checkResponse(value).map((problem) => problem.path);
const cardPaths = (change: object) => paths({ cards: [{ ...card, ...change }] });
const suggestion = card.suggestions[0];
const actionPaths = (action: object) => cardPaths({ suggestions: [{ ...suggestion, actions: [action] }] });
const linkPaths = (link: object) => cardPaths({ links: [link] });

describe('a response that conforms', () => {
  it('may say nothing', () => {
    expect(paths({ cards: [] } satisfies CdsResponse)).toEqual([]);
  });

  it('may use everything the standard has', () => {
    const response: CdsResponse = { cards: [card, minimal] };
    expect(checkResponse(response)).toEqual([]);
  });

  it('may have a null inside a FHIR resource, where FHIR allows it', () => {
    expect(actionPaths({ type: 'create', description: 'Order', resource: order })).toEqual([]);
  });

  it('may leave members undefined, which JSON drops', () => {
    expect(cardPaths({ detail: undefined })).toEqual([]);
  });

  it('may have described system actions', () => {
    const systemActions = [{ type: 'create', description: 'Order', resource: order }];
    expect(paths({ cards: [], systemActions })).toEqual([]);
  });
});

describe('a response', () => {
  it.each([[null], [undefined], [[]], ['text'], [{}], [{ cards: null }], [{ cards: {} }]])(
    'is not %j',
    (value) => {
      expect(checkResponse(value)).not.toEqual([]);
    },
  );

  it('is a failure of our own', () => {
    expect(checkResponse({})).toEqual([
      {
        code: 'INTERNAL',
        reason: 'required',
        path: 'cards',
        message: expect.stringMatching(/^cards is required/),
      },
    ]);
  });

  it.each([
    [{ cards: [], systemActions: [] }, 'systemActions'],
    [{ cards: [], extension: {} }, 'extension'],
    [{ cards: [], other: 1 }, 'other'],
    [{ cards: [], extension: { local: 1 } }, 'extension.local'],
    [{ cards: [], extension: [] }, 'extension'],
  ])('is refused: %j', (value, path) => {
    expect(paths(value)).toEqual([path]);
  });
});

describe('a card', () => {
  it.each(['uuid', 'summary', 'indicator', 'source'])('needs %s', (name) => {
    expect(cardPaths({ [name]: undefined })).toEqual([`cards[0].${name}`]);
  });

  it.each(Object.keys(card))('never has null or "" as %s', (name) => {
    expect(cardPaths({ [name]: null })).toContain(`cards[0].${name}`);
    expect(cardPaths({ [name]: '' })).toContain(`cards[0].${name}`);
  });

  it('has a summary of 1 to 139 characters', () => {
    expect(cardPaths({ summary: 'x' })).toEqual([]);
    expect(cardPaths({ summary: 'x'.repeat(139) })).toEqual([]);
    expect(cardPaths({ summary: 'x'.repeat(140) })).toEqual(['cards[0].summary']);
  });

  it.each(['a\nb', 'a\r', '  ', 'a\u2028b'])('has a summary of one line: not %j', (summary) => {
    expect(cardPaths({ summary })).toEqual(['cards[0].summary']);
  });

  it.each(['hard-stop', 'success', 'Info'])('does not know the indicator %s', (indicator) => {
    expect(cardPaths({ indicator })).toEqual(['cards[0].indicator']);
  });

  it.each(['not-a-uuid', uuid(1).toUpperCase()])('does not have %s as its uuid', (value) => {
    expect(cardPaths({ uuid: value })).toEqual(['cards[0].uuid']);
  });

  it.each([
    [{ source: null }, 'cards[0].source'],
    [{ source: { url: 'https://example.org' } }, 'cards[0].source.label'],
    [{ source: { label: '' } }, 'cards[0].source.label'],
    [{ source: { label: 'G', url: '/guide' } }, 'cards[0].source.url'],
    [{ source: { label: 'G', icon: 'data:image/png;base64,AA' } }, 'cards[0].source.icon'],
    [{ source: { label: 'G', topic: { code: 'T-18' } } }, 'cards[0].source.topic.system'],
    [{ source: { label: 'G', name: 'x' } }, 'cards[0].source.name'],
    [{ selectionBehavior: undefined }, 'cards[0].selectionBehavior'],
    [{ selectionBehavior: 'all' }, 'cards[0].selectionBehavior'],
    [{ selectionBehavior: 'at-most-one' }, 'cards[0].suggestions'],
    [{ suggestions: [] }, 'cards[0].suggestions'],
    [{ links: [] }, 'cards[0].links'],
    [{ overrideReasons: [] }, 'cards[0].overrideReasons'],
    [{ overrideReasons: [{ code: 'a', system: 's' }] }, 'cards[0].overrideReasons[0].display'],
    [{ overrideReasons: [{ code: 'a', display: 'A' }] }, 'cards[0].overrideReasons[0].system'],
    [{ title: 'x' }, 'cards[0].title'],
    [{ extension: { rule: 'x' } }, 'cards[0].extension.rule'],
    [{ extension: { 'example.x': { missing: [] } } }, 'cards[0].extension.example.x.missing'],
    [{ extension: { 'example.x': { resource: null } } }, 'cards[0].extension.example.x.resource'],
    [{ detail: 'a\uD800' }, 'cards[0].detail'],
  ])('is refused with %j', (change, path) => {
    expect(cardPaths(change)).toEqual([path]);
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '<script',
    'a <b>bold</b>',
    '</div>',
    '<!-- x -->',
    '\\\\<b>',
    '<javascript:alert(1)>',
    '[x](javascript:alert(1))',
    '![x]( <DATA:text/html,x>)',
  ])('never has HTML or a script in its detail: %s', (detail) => {
    expect(cardPaths({ detail })).toEqual(['cards[0].detail']);
  });

  it.each([
    'a < b and b > c',
    '<5 mg',
    '\\<b>',
    '&lt;b&gt;',
    '<mailto:a@example.org>',
    '[x](https://example.org)',
  ])('may have Markdown in its detail: %s', (detail) => {
    expect(cardPaths({ detail })).toEqual([]);
  });

  it('never shares its uuid, nor those of its suggestions', () => {
    expect(paths({ cards: [minimal, minimal] })).toEqual(['cards[1].uuid']);
    expect(paths({ cards: [card, { ...minimal, uuid: suggestion.uuid }] })).toEqual(['cards[1].uuid']);
    const suggestions = [suggestion, { label: 'Other', uuid: suggestion.uuid }];
    expect(cardPaths({ suggestions })).toEqual(['cards[0].suggestions[1].uuid']);
  });
});

describe('a suggestion', () => {
  const suggestionPaths = (change: object) => cardPaths({ suggestions: [{ ...suggestion, ...change }] });

  it.each([
    [{ label: undefined }, 'label'],
    [{ label: ' ' }, 'label'],
    [{ uuid: undefined }, 'uuid'],
    [{ isRecommended: 'yes' }, 'isRecommended'],
    [{ actions: [] }, 'actions'],
    [{ actionSelectionBehavior: 'all' }, 'actionSelectionBehavior'],
  ])('is refused with %j', (change, name) => {
    expect(suggestionPaths(change)).toEqual([`cards[0].suggestions[0].${name}`]);
  });

  it('may be the only one recommended when at most one can be chosen', () => {
    const suggestions = [suggestion, { label: 'Other', uuid: uuid(3), isRecommended: false }];
    expect(cardPaths({ suggestions, selectionBehavior: 'at-most-one' })).toEqual([]);
  });
});

describe('an action', () => {
  it.each([
    [{ description: 'x', resource: order }, 'type'],
    [{ type: 'CREATE', description: 'x', resource: order }, 'type'],
    [{ type: 'create', resource: order }, 'description'],
    [{ type: 'create', description: 'x' }, 'resource'],
    [{ type: 'create', description: 'x', resource: 'ServiceRequest/1' }, 'resource'],
    [{ type: 'create', description: 'x', resource: { status: 'draft' } }, 'resource.resourceType'],
    [{ type: 'create', description: 'x', resource: order, resourceId: 'A/1' }, 'resourceId'],
    [{ type: 'update', description: 'x', resource: order }, 'resource.id'],
    [{ type: 'delete', description: 'x' }, 'resourceId'],
    [{ type: 'delete', description: 'x', resourceId: 'draft-1' }, 'resourceId'],
    [{ type: 'delete', description: 'x', resourceId: 'A/1', resource: order }, 'resource'],
  ])('is refused: %j', (action, name) => {
    const found = actionPaths(action);
    expect(found).toContain(`cards[0].suggestions[0].actions[0].${name}`);
    expect(found.filter((path) => !path.includes('.actions[0]'))).toEqual([]);
  });
});

describe('a link', () => {
  const link = { label: 'Guideline', url: 'https://example.org', type: 'absolute' };

  it.each([
    [{ ...link, label: undefined }, 'label'],
    [{ ...link, url: undefined }, 'url'],
    [{ ...link, url: '/relative' }, 'url'],
    [{ ...link, url: 'javascript:alert(1)' }, 'url'],
    [{ ...link, type: 'relative' }, 'type'],
    [{ ...link, appContext: 'x' }, 'appContext'],
    [{ ...link, type: 'smart', appContext: { a: 1 } }, 'appContext'],
    [{ ...link, type: 'smart', url: 'https://example.org/launch?iss=x' }, 'url'],
    [{ ...link, autolaunchable: 'true' }, 'autolaunchable'],
  ])('is refused: %j', (value, name) => {
    expect(linkPaths(value)).toEqual([`cards[0].links[0].${name}`]);
  });
});
