import { describe, expect, it } from '@jest/globals';
import { checkResponse } from '../../src/cds-hooks/response.js';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { isObject } from '../../src/chart/element.js';
import { playRule, resourceOf } from '../../src/engine/examples.js';
import type { Rule, RuleExample } from '../../src/knowledge/types.js';
import { loadPrepared } from '../../src/start.js';

/**
 * Every element of every resource that makes a rule speak, replaced in turn by what no chart should hold. Unlike the
 * random calls this reaches the elements that one rule alone reads. `HOSTILE_STEP=1` plays all the values at each place;
 * by default each place gets every fifth, and the places take turns.
 */
const step = Number(process.env['HOSTILE_STEP'] ?? 5);
const hostile: readonly unknown[] = [
  ...['\ud800', '<img src=x onerror=alert(1)>\udc00', '[a](javascript:alert(1))', '', ' ', 'x'.repeat(3000)],
  ...['__proto__', 'constructor', 'toString', '2026-13-40', '9999-12-31T23:59:60Z', 'Condition/\ud800'],
  ...['#\ud800', 'urn:uuid:\ud800', null, true, 0, -1, 1e308, {}, [], [null], [['x']], ['\ud800']],
  ...[{ text: '\ud800' }, { reference: '\ud800/\ud800' }, { extension: [] }, { start: 'constructor' }],
  { coding: [{ system: '__proto__', code: 'constructor', display: '\ud800' }] },
  { value: '1' },
  { value: 1, unit: 'constructor', code: '__proto__' },
  { value: 1, comparator: '\ud800' },
];

type Path = readonly (string | number)[];

function placesIn(value: unknown, path: Path = []): readonly Path[] {
  const inner: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...(value as readonly unknown[]).entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([name, each]) => [[...path, name], ...placesIn(each, [...path, name])]);
}

function replaced(target: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(target))
    return (target as readonly unknown[]).map((each, index) =>
      index === name ? replaced(each, rest, by) : each,
    );
  return isObject(target) ? { ...target, [name]: replaced(target[name], rest, by) } : target;
}

const prepared = await loadPrepared({ localKnowledge: undefined, guidelineEdition: '2024' });

/** An update gives the EHR its own draft back, with all that it holds. */
const withoutDraft = (name: string, value: unknown): unknown => (name === 'resource' ? undefined : value);

/** What is wrong with the cards of an example after the change; empty when nothing is. */
function problemsOf(rule: Rule, example: RuleExample): readonly string[] {
  const { kind, cards } = playRule(prepared, rule, example);
  const all = [...cards.en, ...cards.fr].map(({ card }) => card);
  const said = all.map(({ summary, detail }) => `${summary}\n${detail ?? ''}`).join('\n');
  return [
    ...(kind === 'failed' ? ['the rule fails'] : []),
    ...(['en', 'fr'] as const).flatMap((language) =>
      checkResponse({ cards: cards[language].map(({ card }) => card) }).map(({ message }) => message),
    ),
    ...(JSON.stringify(all, withoutDraft).includes('<img') ? ['HTML of the chart is in the answer'] : []),
    ...(said.includes('](javascript:') ? ['a link of the chart is in the text'] : []),
  ];
}

const spoken = [...prepared.knowledge.rules.values()].flatMap((rule) => {
  const example = rule.examples.find(({ outcome }) => outcome === 'fires');
  return rule.status === 'active' && example !== undefined ? [{ rule, example }] : [];
});

describe('an element of a wrong shape or with a hostile text', () => {
  it.each(spoken.map((each) => [each.rule.id, each] as const))(
    'breaks no card of %s',
    (_, { rule, example }) => {
      const lists = {
        chart: (example.chart ?? []).map((piece) => resourceOf(piece, prepared)),
        drafts: (example.drafts ?? []).map((piece) => resourceOf(piece, prepared)),
      };
      const found: string[] = [];
      let turn = 0;
      for (const list of ['chart', 'drafts'] as const) {
        for (const path of placesIn(lists[list])) {
          // A resource without its type never gets past the guards of the border.
          if (path.length < 2 || path[1] === 'resourceType') continue;
          turn++;
          for (let at = turn % step; at < hostile.length; at += step) {
            const changed = replaced(lists[list], path, hostile[at]) as readonly FhirResource[];
            const problems = problemsOf(rule, { ...example, ...lists, [list]: changed });
            found.push(
              ...problems.map((each) => `${path.join('.')} = ${JSON.stringify(hostile[at])}: ${each}`),
            );
          }
        }
      }
      expect(turn).toBeGreaterThan(0);
      expect(found).toEqual([]);
    },
  );
});
