import { describe, expect, it } from '@jest/globals';
import { playRule, resourceOf, type Played } from '../../src/engine/examples.js';
import { keyOf, keysOf } from '../../src/engine/needs.js';
import { chartedBy } from '../../src/knowledge/reads.js';
import type { RuleExample } from '../../src/knowledge/types.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const rules = [...prepared.knowledge.rules.values()].filter(({ status }) => status === 'active');

/** Prefetch keys that only its guards read: without them a rule speaks, and says what could not be checked. */
const guardsOf = (id: string): readonly string[] => {
  const compiled = prepared.rules.get(id);
  if (compiled === undefined) return [];
  const types = chartedBy(compiled.criteria, prepared.knowledge.graph, compiled.rule.for === 'lesions');
  const needed = new Set([...types.keys()].map(keyOf));
  return [...keysOf(compiled)].filter((key) => !needed.has(key));
};

/** The example as an EHR gives it that withholds this key: its resources are not there, and it is known that they could not be had. */
function without(example: RuleExample, key: string): RuleExample {
  const chart = (example.chart ?? []).filter(
    (piece) => keyOf(resourceOf(piece, prepared).resourceType) !== key,
  );
  return { ...example, chart, missingData: [...(example.missingData ?? []), key] };
}

const indicators = ({ cards }: Played): readonly string[] => cards.en.map(({ card }) => card.indicator);
const drugsOffered = ({ cards }: Played): boolean =>
  JSON.stringify(cards.en.map(({ card }) => card.suggestions ?? [])).includes('"MedicationRequest"');
const drugKeys = ['medicationRequests', 'medicationStatements', 'medicationAdministrations'];

describe('a guard never silences', () => {
  it.each(rules.map((rule) => [rule.id, guardsOf(rule.id).join(', ')]).filter(([, keys]) => keys !== ''))(
    '%s, without %s',
    (id) => {
      const rule = rules.find((each) => each.id === id);
      if (rule === undefined) throw new Error(id);
      for (const example of rule.examples) {
        const whole = playRule(prepared, rule, example);
        if (whole.outcomes.some(({ withheldBy }) => withheldBy !== undefined)) continue;
        for (const key of guardsOf(id)) {
          const lacking = playRule(prepared, rule, without(example, key));
          const where = `${example.name}, without ${key}`;
          if (whole.kind === 'fires') {
            expect([where, lacking.kind]).toEqual([where, 'fires']);
            // With the list goes an entry in it that could not be read, and that made an info of the card.
            if (whole.outcomes.every(({ unread }) => unread.length === 0))
              expect([where, indicators(lacking)]).toEqual([where, indicators(whole)]);
          }
          const came = lacking.outcomes.filter(({ kind }) => kind === 'fires');
          if (whole.kind === 'silent' && came.length > 0)
            expect([where, came.some(({ unchecked }) => unchecked.includes(key))]).toEqual([where, true]);
          const unchecked = came.flatMap((outcome) => outcome.unchecked);
          if (drugKeys.includes(key) && unchecked.includes(key))
            expect([where, drugsOffered(lacking)]).toEqual([where, false]);
        }
      }
    },
  );
});
