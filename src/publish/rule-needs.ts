import type { Knowledge, NamedInput } from '../knowledge/knowledge.js';
import { madeFirst, readsOfRule } from '../knowledge/reads.js';
import type { CodedElement, Rule, Selection, Text } from '../knowledge/types.js';

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

/** Elements that are named otherwise than `code`, or are several; a medication's is a choice element. */
const codePaths: Readonly<Record<string, readonly string[]>> = {
  Appointment: ['serviceType', 'appointmentType'],
  Encounter: ['type', 'serviceType'],
  DocumentReference: ['type', 'category', 'context.event', 'context.practiceSetting'],
  Composition: ['type', 'category', 'event.code'],
  DiagnosticReport: ['code', 'category'],
  Goal: ['description'],
  MedicationRequest: ['medication'],
  MedicationAdministration: ['medication'],
  MedicationStatement: ['medication'],
};

/** Where R4 holds what an input selects by; several paths are alternatives. */
function pathsOf(type: string, element: CodedElement): readonly string[] {
  if (element === 'reason') return ['reasonCode'];
  return element === 'code' ? (codePaths[type] ?? ['code']) : [element];
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
      : sets.flatMap((valueSet) => pathsOf(type, element).map((path) => ({ type, path, valueSet })));
  });
  return needed.map((each, index) => ({
    id: needed.length === 1 ? input : `${input}-${index + 1}`,
    input,
    ...each,
  }));
}
