import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from '../../src/cds-hooks/types.js';
import { playRule, resourceOf } from '../../src/engine/examples.js';
import type { RuleExample } from '../../src/knowledge/types.js';
import { shippedPrepared } from '../shared/knowledge.js';

const prepared = await shippedPrepared();
const rules = [...prepared.knowledge.rules.values()].filter(({ status }) => status === 'active');

/** What a clinician is shown and told by machine, as text. */
function shown(ruleId: string, example: RuleExample): string {
  const rule = rules.find(({ id }) => id === ruleId);
  if (rule === undefined) throw new Error(ruleId);
  const { kind, cards } = playRule(prepared, rule, example);
  return JSON.stringify([kind, [...cards.en, ...cards.fr].map(({ card }) => ({ ...card, uuid: '' }))]);
}

type Pieces = NonNullable<RuleExample['chart']>;
const asPieces = (resources: readonly FhirResource[]): Pieces => resources;

const resourcesOf = (pieces: RuleExample['chart']): readonly FhirResource[] =>
  (pieces ?? []).map((piece) => resourceOf(piece, prepared));

/** Other ids, in the opposite order of the alphabet, in every reference too; and the way back. */
function renaming(resources: readonly FhirResource[]): {
  readonly rename: (text: string) => string;
  readonly back: (text: string) => string;
} {
  const ids = [
    ...new Set(
      resources.flatMap(({ resourceType, id }) => (id === undefined ? [] : [`${resourceType}/${id}`])),
    ),
  ].sort();
  const names = ids.map((reference, index) => {
    const [type = ''] = reference.split('/');
    return [reference, `${type}/z${String(9000 - index)}x`] as const;
  });
  const swap = (text: string, pairs: readonly (readonly [string, string])[]): string =>
    pairs.reduce((sofar, [from, to]) => sofar.replace(new RegExp(`\\b${from}(?![\\w-])`, 'g'), to), text);
  return {
    rename: (text) => swap(text, names),
    back: (text) =>
      swap(
        text,
        names.map(([from, to]) => [to, from]),
      ),
  };
}

function renamed(
  resources: readonly FhirResource[],
  rename: (text: string) => string,
): readonly FhirResource[] {
  return resources.map((resource) => {
    const { resourceType, id } = resource;
    const other = rename(JSON.stringify(`${resourceType}/${id ?? ''}`))
      .slice(1, -1)
      .split('/')[1];
    return {
      ...(JSON.parse(rename(JSON.stringify(resource))) as FhirResource),
      ...(id !== undefined && { id: other }),
    };
  });
}

const rotated = <Each>(all: readonly Each[]): readonly Each[] => [...all.slice(1), ...all.slice(0, 1)];

describe('what is said does not depend on the order or the ids of resources', () => {
  it.each(rules.map(({ id }) => id))('%s', (id) => {
    const rule = rules.find((each) => each.id === id);
    for (const example of rule?.examples ?? []) {
      const chart = resourcesOf(example.chart);
      if (chart.length < 2) continue;
      const expected = shown(id, { ...example, chart: asPieces(chart) });
      for (const order of [[...chart].reverse(), rotated(chart)])
        expect([example.name, shown(id, { ...example, chart: asPieces(order) })]).toEqual([
          example.name,
          expected,
        ]);
      const { rename, back } = renaming(chart);
      const drafts = resourcesOf(example.drafts).map(
        (draft) => JSON.parse(rename(JSON.stringify(draft))) as FhirResource,
      );
      const others = shown(id, {
        ...example,
        chart: asPieces(renamed(chart, rename)),
        drafts: asPieces(drafts),
      });
      expect([example.name, back(others)]).toEqual([example.name, expected]);
    }
  });
});
