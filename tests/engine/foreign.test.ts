import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { exampleCase, resourceOf } from '../../src/engine/examples.js';
import { keyOf, keysOf } from '../../src/engine/needs.js';
import { braked } from '../../src/engine/plan.js';
import type { Rule, RuleExample } from '../../src/knowledge/types.js';
import type { CompiledRule, Outcome } from '../../src/rules/evaluate.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const rules = [...prepared.knowledge.rules.values()].filter(({ status }) => status === 'active');

const compiledOf = ({ id }: Rule): CompiledRule => {
  const compiled = prepared.rules.get(id);
  if (compiled === undefined) throw new Error(id);
  return compiled;
};

function play(rule: Rule, example: RuleExample): readonly Outcome[] {
  const opened = exampleCase(prepared, example);
  return braked(compiledOf(rule).evaluate(opened.of, opened.memory), prepared.plan, opened);
}

/** What the rule is about holds, whatever was done or asked for. */
function criterionHolds(rule: Rule, { kind, applies, valueOf }: Outcome): boolean {
  if (kind === 'fires') return true;
  const { when, condition } = compiledOf(rule);
  const holds = (asked: typeof when): boolean => asked === undefined || asked.decide(valueOf).answer === true;
  return applies && holds(when) && holds(condition);
}

/** Two results of one day that say different things: without one of them the other stands, and the card says what was lost. */
const contradicts = ({ kind, missing }: Outcome): boolean => kind === 'unknown' && missing.length === 0;

interface Variant {
  readonly name: string;
  readonly key: string;
  readonly example: RuleExample;
}

/** The chart as it is read when a resource of another patient came with a key, and when one of its own did not come. */
function variantsOf(rule: Rule, example: RuleExample): readonly Variant[] {
  const chart: readonly FhirResource[] = (example.chart ?? []).map((piece) => resourceOf(piece, prepared));
  const known = example.missingData ?? [];
  return [...keysOf(compiledOf(rule))]
    .filter((key) => !known.includes(key))
    .flatMap((key): readonly Variant[] => {
      const incomplete = { ...example, missingData: [...known, key] };
      return [
        { key, name: `${key} with a refused resource`, example: { ...incomplete, chart } },
        ...chart.flatMap(({ resourceType, id = '' }, index) =>
          keyOf(resourceType) === key
            ? [
                {
                  key,
                  name: `${key} without ${resourceType}/${id}`,
                  example: { ...incomplete, chart: chart.toSpliced(index, 1) },
                },
              ]
            : [],
        ),
      ];
    });
}

let tried = 0;
let marked = 0;

describe('a resource that was refused or lost', () => {
  it.each(rules.map(({ id }) => id))('adds no advice and takes none away: %s', (id) => {
    const rule = rules.find((each) => each.id === id);
    if (rule === undefined) throw new Error(id);
    const wrong: string[] = [];
    for (const example of rule.examples) {
      const whole = play(rule, example);
      const fired = whole.some(({ kind }) => kind === 'fires');
      for (const { key, name, example: lacking } of variantsOf(rule, example)) {
        tried += 1;
        const told = play(rule, lacking);
        const came = told.filter(({ kind }) => kind === 'fires');
        const where = `${example.name}, ${name}`;
        if (!fired && came.length > 0) {
          marked += 1;
          if (!whole.some((outcome) => criterionHolds(rule, outcome) || contradicts(outcome)))
            wrong.push(`${where}: asserted`);
          if (came.some(({ unchecked }) => !unchecked.includes(key))) wrong.push(`${where}: not marked`);
        }
        if (fired && came.length === 0 && rule.card.indicator !== 'info') {
          const held = told.filter((outcome) => criterionHolds(rule, outcome));
          if (held.some(({ withheldBy }) => withheldBy === undefined)) wrong.push(`${where}: taken away`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('was tried many times, and marked some cards', () => {
    expect(tried).toBeGreaterThan(5000);
    expect(marked).toBeGreaterThan(100);
  });
});
