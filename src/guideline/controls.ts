import { inWords } from '../cards/values.js';
import type { Prepared } from '../engine/prepare.js';
import type { CompiledRule, Outcome } from '../rules/evaluate.js';
import { variablesOf } from '../fhirpath/syntax.js';
import { readTree, type Tree } from '../fhirpath/tree.js';
import { withoutEscapes } from '../cards/markdown.js';
import { toIsoDay } from '../chart/dates.js';
import type { NamedInput } from '../knowledge/knowledge.js';
import { unitOfInput, type Knowing } from './knowing.js';
import { conditionsOf } from './reasons.js';
import { textIn } from '../text.js';

/** A fact that a reader may move, and what the chart says of it. */
export type Control = {
  /** Name of an input, or id of a score's item. */
  readonly name: string;
  readonly title: string;
  /** What the chart says, in words; left out while it is not known. */
  readonly charted?: string;
} & (
  | {
      readonly kind: 'number';
      readonly unit: string | undefined;
      readonly min: number;
      readonly max: number;
      readonly step: number;
      /** What the chart says, where it is one number. */
      readonly value?: number;
    }
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'date'; readonly value?: string }
  | { readonly kind: 'choice'; readonly options: readonly (readonly [string, string])[] }
);

/** A form has at most so many facts: its address, without a script, names them all. */
const mostControls = 20;

const yesNo: ReadonlySet<string> = new Set(['exists', 'ongoing', 'boolean']);
const numbers: ReadonlySet<string> = new Set(['number', 'count', 'interval']);

/** The facts that a rule rests on: scores by their items, the rest as they are read from the chart. */
export function controlsOf(
  { inputs }: CompiledRule,
  outcome: Outcome | undefined,
  knowing: Knowing,
): readonly Control[] {
  const { knowledge } = knowing.prepared;
  const named = [...inputs].flatMap((name) => knowledge.inputs.get(name) ?? []);
  const scores = new Set(named.flatMap((input) => (input.kind === 'score' ? [input.score] : [])));
  const items = [...scores].flatMap((id) => itemControls(id, knowing));
  const read = named.flatMap((input) => inputControl(input, named, outcome, knowing) ?? []);
  const numbersFirst = (control: Control): number =>
    ['number', 'choice', 'date', 'yes-no'].indexOf(control.kind);
  return [...items, ...read.sort((a, b) => numbersFirst(a) - numbersFirst(b))].slice(0, mostControls);
}

function itemControls(id: string, { prepared, language, say }: Knowing): readonly Control[] {
  const score = prepared.knowledge.scores.get(id);
  return (score?.items ?? []).map((item) => ({
    name: item.id,
    title: `${textIn(score?.title, language) ?? id}${say('words.colon')}${textIn(item.text, language)}`,
    kind: 'choice',
    options: item.answers.map(({ code, display, points }) => [
      code,
      score?.grade === true ? textIn(display, language) : `${textIn(display, language)} (${points})`,
    ]),
  }));
}

function inputControl(
  input: NamedInput,
  all: readonly NamedInput[],
  outcome: Outcome | undefined,
  knowing: Knowing,
): Control | undefined {
  const { prepared, language, wording } = knowing;
  const value = outcome?.valueOf(input.name);
  const words = value === undefined ? undefined : inWords(input, value, prepared.knowledge, wording);
  const about = {
    name: input.name,
    title: textIn(input.title, language),
    ...(words !== undefined && { charted: withoutEscapes(String(words)) }),
  };
  const [only, ...others] = value?.possible ?? [];
  const single = others.length === 0 && typeof only === 'number' ? only : undefined;
  if (input.kind === 'person' && input.part === 'age') {
    return {
      ...about,
      kind: 'number',
      unit: 'a',
      min: 18,
      max: 100,
      step: 1,
      ...(single !== undefined && { value: single }),
    };
  }
  if (input.kind === 'answered') return { ...about, kind: 'yes-no' };
  if (input.kind !== 'selected') return undefined;
  // What is being ordered is chosen as an order, not as a fact.
  if (input.select.every(({ from }) => from === 'request') && yesNo.has(input.read)) return undefined;
  if (yesNo.has(input.read)) return { ...about, kind: 'yes-no' };
  if (input.read === 'date' || input.read === 'first-date') {
    return { ...about, kind: 'date', ...(single !== undefined && { value: toIsoDay(single) }) };
  }
  if (input.read === 'answer') {
    const options = optionsOf(input.name, all, knowing);
    return options.length === 0 ? undefined : { ...about, kind: 'choice', options };
  }
  if (!numbers.has(input.read)) return undefined;
  const { max, step } = rangeOf(input, all, single, prepared);
  return {
    ...about,
    kind: 'number',
    unit: unitOfInput(input),
    min: boundOf(input.min, prepared) ?? 0,
    max,
    step,
    ...(single !== undefined && { value: single }),
  };
}

/** Twice as far as the highest number that decides, so that both sides of it can be reached. */
function rangeOf(
  input: NamedInput,
  all: readonly NamedInput[],
  single: number | undefined,
  prepared: Prepared,
): { readonly max: number; readonly step: number } {
  const { knowledge, rules } = prepared;
  const unit = unitOfInput(input);
  const bound = 'max' in input ? boundOf(input.max, prepared) : undefined;
  const compared = sourcesAbout(input.name, all, rules)
    .flatMap(variablesOf)
    .flatMap((name) => knowledge.settings.get(name) ?? [])
    .filter((setting) => setting.unit === unit)
    .map(({ value }) => value);
  const highest = Math.max(single ?? 0, ...compared, 0);
  const max =
    highest === 0 ? (bound ?? 10) : Math.min(bound ?? Number.POSITIVE_INFINITY, niceAbove(2 * highest));
  return { max, step: max <= 5 ? 0.01 : max <= 20 ? 0.1 : 1 };
}

/** A bound beyond which a value cannot be true: a number, or that of a setting. */
function boundOf(bound: number | string | undefined, { knowledge }: Prepared): number | undefined {
  return typeof bound === 'string' ? knowledge.settings.get(bound)?.value : bound;
}

/** Formulas and conditions that name an input. */
function sourcesAbout(name: string, all: readonly NamedInput[], rules: Prepared['rules']): readonly string[] {
  return [
    ...all.flatMap((each) => (each.kind === 'expression' ? [each.expression] : [])),
    ...[...rules.values()].flatMap(({ rule }) => conditionsOf(rule)),
  ].filter((source) => variablesOf(source).includes(name));
}

/** 1, 2 or 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

/** The answers that some condition of the knowledge tells apart. */
function optionsOf(
  name: string,
  all: readonly NamedInput[],
  knowing: Knowing,
): readonly (readonly [string, string])[] {
  const sources = sourcesAbout(name, all, knowing.prepared.rules);
  const codes = new Set(sources.flatMap((source) => answersIn(readTree(source), name)));
  return [...codes].map((code) => [code, knowing.literal(code, name)]);
}

function answersIn(tree: Tree | undefined, name: string): readonly string[] {
  if (tree === undefined) return [];
  const strings = (trees: readonly Tree[]): readonly string[] =>
    trees.flatMap((each) => (each.kind === 'literal' && typeof each.value === 'string' ? [each.value] : []));
  const isIt = (each: Tree): boolean => each.kind === 'variable' && each.name === name;
  switch (tree.kind) {
    case 'compare':
      return isIt(tree.left) || isIt(tree.right) ? strings([tree.left, tree.right]) : [];
    case 'one-of':
      return isIt(tree.of) ? strings(tree.options) : [];
    case 'all':
    case 'any':
      return tree.parts.flatMap((part) => answersIn(part, name));
    case 'not':
    case 'rounded':
      return answersIn(tree.of, name);
    case 'choice':
      return [tree.when, tree.then, tree.otherwise].flatMap((part) => answersIn(part, name));
    default:
      return [];
  }
}
