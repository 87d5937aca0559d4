import { describe, expect, it } from '@jest/globals';
import { checkResponse } from '../../src/cds-hooks/response.js';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { playRule, resourceOf } from '../../src/engine/examples.js';
import type { Rule, RuleExample } from '../../src/knowledge/types.js';
import { shippedPrepared } from '../shared/knowledge.js';
import { reportAttack } from '../security/report.js';
import { spoilt } from './hostile.js';

/**
 * Every element of every resource that makes a rule speak, replaced in turn by what no chart should hold. Unlike the
 * random calls this reaches the elements that one rule alone reads.
 */
const prepared = await shippedPrepared();

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
      let played = 0;
      for (const list of ['chart', 'drafts'] as const) {
        // A resource without its type never gets past the guards of the border.
        for (const { changed, how } of spoilt(
          lists[list],
          ([, name]) => name === undefined || name === 'resourceType',
        )) {
          played++;
          const problems = problemsOf(rule, {
            ...example,
            ...lists,
            [list]: changed as readonly FhirResource[],
          });
          found.push(...problems.map((each) => `${how}: ${each}`));
        }
      }
      expect(played).toBeGreaterThan(0);
      expect(found).toEqual([]);
      reportAttack({
        suite: 'Hostile values, one element at a time',
        kind: 'a resource of a chart that makes a rule speak',
        outcome: 'answered',
        detail: 'cards as the standard says, or none',
        times: played,
      });
    },
  );
});
