import type { Knowledge, NamedInput } from '../knowledge/knowledge.js';
import { madeFirst, readsOfRule } from '../knowledge/reads.js';
import type { Rule, Selection, Text } from '../knowledge/types.js';
import { elementsOf, pathOf } from '../resource-table.js';

/** Facts of one type that an input is made of. */
export interface NeededFacts {
  /** The input's name; with a number where several kinds of facts make the input. */
  readonly id: string;
  readonly input: string;
  readonly type: string;
  /** With a value set: the element that it is about. */
  readonly path?: string;
  readonly valueSet?: string;
}

/** All that the conditions of a rule look at, found through the inputs that they are made of. */
export interface RuleNeeds {
  readonly inputs: readonly NamedInput[];
  readonly settings: readonly string[];
  readonly scores: readonly string[];
  readonly expressions: readonly {
    readonly name: string;
    readonly title: Text;
    readonly expression: string;
  }[];
  readonly selections: readonly NeededFacts[];
}

/** Finds them; variables stand after those that they are made of. */
export function needsOfRule({ graph, inputs, settings }: Knowledge, rule: Rule): RuleNeeds {
  const { all } = readsOfRule(rule);
  const made = madeFirst(all, graph);
  const reads = made.flatMap((name) => graph.inputs.get(name) ?? []);
  const named = made.flatMap((name) => inputs.get(name) ?? []);
  return {
    inputs: named,
    settings: [
      ...new Set([...all.filter((name) => settings.has(name)), ...reads.flatMap((each) => each.settings)]),
    ],
    scores: [...new Set(reads.flatMap(({ scores }) => scores))],
    expressions: named.flatMap((input) =>
      input.kind === 'expression'
        ? [{ name: input.name, title: input.title, expression: input.expression }]
        : [],
    ),
    selections: made.flatMap((name) => factsOf(name, graph.inputs.get(name)?.facts ?? [])),
  };
}

/** One entry per path and value set: the filters of one DataRequirement all have to hold, ours are alternatives. */
function factsOf(input: string, facts: readonly Selection[]): readonly NeededFacts[] {
  const needed = facts.flatMap(({ type, codes = [], possibly = [], element = 'code' }) => {
    const sets = [...new Set([...codes, ...possibly])];
    return sets.length === 0
      ? [{ type }]
      : sets.flatMap((valueSet) =>
          elementsOf(type, element).map((each) => ({ type, path: pathOf(each), valueSet })),
        );
  });
  return needed.map((each, index) => ({
    id: needed.length === 1 ? input : `${input}-${index + 1}`,
    input,
    ...each,
  }));
}
