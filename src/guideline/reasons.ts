import { withoutEscapes } from '../cards/markdown.js';
import { inWords } from '../cards/values.js';
import { toIsoDay } from '../chart/dates.js';
import { readTree, writeTree } from '../fhirpath/tree.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Rule } from '../knowledge/types.js';
import { condition, type Condition } from '../rules/condition.js';
import type { Outcome } from '../rules/evaluate.js';
import type { Knowing } from './knowing.js';
import { memo } from '../memo.js';

/** One fact for which a rule spoke, kept silent or could not tell. */
export interface Reason {
  readonly input: string;
  readonly title: string;
  /** In words; left out while it is not known. */
  readonly value?: string;
  /** Day of the newest fact that it rests on, `YYYY-MM-DD`. */
  readonly date?: string;
}

/** The expressions of a rule in the order in which they are asked; `silences`: the rule speaks unless it is true. */
export function askedBy({ when, condition: main, unless }: Rule): readonly {
  readonly source: string;
  readonly silences: boolean;
}[] {
  return [
    ...[when, main].flatMap((source) => (source === undefined ? [] : [{ source, silences: false }])),
    ...(unless === undefined ? [] : [{ source: unless, silences: true }]),
  ];
}

/** The same, as they are written. */
export function conditionsOf(rule: Rule): readonly string[] {
  return askedBy(rule).map(({ source }) => source);
}

type Settings = Knowing['prepared']['knowledge']['settings'];

/** Parts of conditions are asked again and again; there are as many as the artifacts hold. */
const compiled = memo((settings: Settings) =>
  memo((source: string): Condition => condition(source, settings)),
);

const conditionFor = (source: string, settings: Settings): Condition => compiled(settings)(source);

/** What decides alone: each part of what has to hold together, or of what silences by itself. */
function partsOf(source: string, kind: 'all' | 'any'): readonly string[] {
  const tree = readTree(source);
  return tree?.kind === kind ? tree.parts.map(writeTree) : [source];
}

/** Names of the inputs that made an outcome what it is: of the parts that failed, or of all where all held. */
function decisive(
  { rule, kind, valueOf, withheldBy }: Outcome,
  { settings, plan }: Knowledge,
): readonly string[] {
  const inputsOf = (source: string): readonly string[] => conditionFor(source, settings).inputs;
  const by = withheldBy === undefined ? undefined : (plan.brakes[withheldBy] ?? plan.exclusions[withheldBy]);
  if (by?.when !== undefined) return inputsOf(by.when);
  const asked = askedBy(rule);
  if (kind === 'fires' || withheldBy !== undefined) return asked.flatMap(({ source }) => inputsOf(source));
  const answerOf = (source: string): boolean | undefined =>
    conditionFor(source, settings).decide(valueOf).answer;
  const isDeciding = ({ source, silences }: (typeof asked)[number]): boolean =>
    kind === 'silent' ? answerOf(source) === silences : !silences && answerOf(source) === undefined;
  const deciding = asked.find(isDeciding);
  if (deciding === undefined) return [];
  const { source, silences } = deciding;
  const parts = partsOf(source, silences ? 'any' : 'all').filter((part) =>
    isDeciding({ source: part, silences }),
  );
  return (parts.length === 0 ? [source] : parts).flatMap(inputsOf);
}

/** Why an outcome is what it is: the facts that decided, with their values and days. */
export function reasonsOf(outcome: Outcome, knowing: Knowing): readonly Reason[] {
  const { knowledge } = knowing.prepared;
  if (outcome.kind === 'failed') return [];
  const names = new Set(decisive(outcome, knowledge));
  return [...names].flatMap((name): readonly Reason[] => {
    const input = knowledge.inputs.get(name);
    if (input === undefined) return [];
    const value = outcome.valueOf(name);
    const words = inWords(input, value, knowledge, knowing.wording);
    const [newest] = value.facts;
    const day = newest?.draft === true ? undefined : (newest?.when().end ?? newest?.when().start);
    return [
      {
        input: name,
        title: knowing.wording.fill(input.title, {}),
        ...(words !== undefined && { value: withoutEscapes(String(words)) }),
        ...(day !== undefined && { date: toIsoDay(day.to) }),
      },
    ];
  });
}
