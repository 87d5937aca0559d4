import { variablesOf } from '../fhirpath/syntax.js';
import { selectionsOf, selectionsOfParts } from '../knowledge/acts.js';
import type { Knowledge, NamedInput } from '../knowledge/knowledge.js';
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
export function needsOfRule(knowledge: Knowledge, rule: Rule): RuleNeeds {
  const conditions = [
    rule.when,
    rule.condition,
    rule.unless,
    ...(rule.card.suggestions ?? []).flatMap(({ when, unless }) => [when, unless]),
  ].filter((source) => source !== undefined);
  const inputs = new Map<string, NamedInput>();
  const settings = new Set<string>();
  const scores = new Set<string>();
  const look = (name: string): void => {
    if (knowledge.settings.has(name)) settings.add(name);
    const input = knowledge.inputs.get(name);
    if (input === undefined || inputs.has(name)) return;
    if (input.kind === 'score') scores.add(input.score);
    if (input.kind === 'selected' && input.plus !== undefined) settings.add(input.plus);
    for (const { within } of selectionsIn(input)) if (within !== undefined) settings.add(within);
    if (input.kind === 'answered') {
      const { within, earlierWithin, unsitedWithin, parts } = input;
      for (const limit of [within, earlierWithin, unsitedWithin, parts?.within])
        if (limit !== undefined) settings.add(limit);
    }
    insideOf(input).forEach(look);
    // After what it is made of: a variable may use only what stands before it.
    inputs.set(name, input);
  };
  conditions.flatMap(variablesOf).forEach(look);
  if (rule.for !== undefined && rule.for !== 'lesions') look(rule.for);
  rule.evidence?.forEach(look);
  const all = [...inputs.values()];
  return {
    inputs: all,
    settings: [...settings],
    scores: [...scores],
    expressions: all.flatMap((input) =>
      input.kind === 'expression'
        ? [{ name: input.name, title: input.title, expression: input.expression }]
        : [],
    ),
    selections: all.flatMap(factsOf),
  };
}

function selectionsIn(input: NamedInput): readonly Selection[] {
  if (input.kind === 'answered') return [...selectionsOf(input), ...selectionsOfParts(input).flat()];
  return input.kind === 'selected' ? input.select : [];
}

function insideOf(input: NamedInput): readonly string[] {
  if (input.kind === 'expression') return variablesOf(input.expression);
  if (input.kind === 'undecided') return [input.of];
  if (input.kind === 'answered') return input.finding ?? [];
  if (input.kind !== 'elapsed') return [];
  return [input.from, ...(input.to === undefined ? [] : [input.to])];
}

/** One entry per path and value set: the filters of one DataRequirement all have to hold, ours are alternatives. */
function factsOf(input: NamedInput): readonly NeededFacts[] {
  const needed = selectionsIn(input).flatMap(({ type, codes = [], possibly = [], element = 'code' }) => {
    const sets = [...new Set([...codes, ...possibly])];
    return sets.length === 0
      ? [{ type }]
      : sets.flatMap((valueSet) => pathsOf(type, element).map((path) => ({ type, path, valueSet })));
  });
  return needed.map((facts, index) => ({
    id: needed.length === 1 ? input.name : `${input.name}-${index + 1}`,
    input: input.name,
    ...facts,
  }));
}
