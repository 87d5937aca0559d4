import type { FhirResource } from '../cds-hooks/types.js';
import type { ExamplePiece, Language, Rule, RuleExample, Score, ScoreExample } from '../knowledge/types.js';
import { lookedAt, type Outcome } from '../rules/evaluate.js';
import { namesOf } from '../rules/gap.js';
import { makeCards } from '../cards/cards.js';
import type { MadeCard } from '../cards/made-card.js';
import { wordingOf } from './answer.js';
import { epochDayOf, openCase, type OpenCase } from './case.js';
import { prefetchKeys } from './needs.js';
import { braked } from './plan.js';
import type { Prepared } from './prepare.js';
import { isObject } from '../json.js';
import type { completeLanguages } from '../text.js';

/** The day on which every example is played. */
export const exampleDay = '2026-10-15';

/** Builds the FHIR resource of an example from a fragment, with elements set or dropped by path (`component[1].code`). */
export function resourceOf(piece: ExamplePiece, { knowledge }: Pick<Prepared, 'knowledge'>): FhirResource {
  // fhirpath.js notes the path on objects that it returns, and the artifacts are frozen.
  if (typeof piece === 'string') return structuredClone(fragment(piece, knowledge));
  if ('resourceType' in piece) return structuredClone(piece);
  let resource: unknown = structuredClone(fragment(piece.use, knowledge));
  for (const [path, value] of Object.entries(piece.set ?? {}))
    resource = change(resource, steps(path), structuredClone(value));
  for (const path of piece.drop ?? []) resource = change(resource, steps(path), undefined);
  if (!isObject(resource)) throw new TypeError(`the fragment ${piece.use} is no resource`);
  return { ...resource, resourceType: String(resource['resourceType']) };
}

function fragment(name: string, knowledge: Prepared['knowledge']): FhirResource {
  const found = knowledge.fragments.get(name);
  if (found === undefined) throw new TypeError(`there is no fragment ${name}`);
  return found;
}

const steps = (path: string): readonly string[] => path.split(/[.[\]]+/).filter((step) => step !== '');

/** A copy with the element at the end of the steps set, or dropped where the value is undefined. */
export function change(target: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(target)) {
    const copy: unknown[] = [...(target as readonly unknown[])];
    const index = Number(step);
    if (rest.length === 0 && value === undefined) copy.splice(index, 1);
    else copy[index] = change(copy[index], rest, value);
    return copy;
  }
  const object: Record<string, unknown> = isObject(target) ? { ...target } : {};
  if (rest.length === 0 && value === undefined) Reflect.deleteProperty(object, step);
  else object[step] = change(object[step], rest, value);
  return object;
}

/** What came of an example. */
export interface Played {
  readonly outcomes: readonly Outcome[];
  readonly kind: RuleExample['outcome'] | 'failed';
  /** What a clinician would be shown, in the languages in which every rule is complete. */
  readonly cards: Readonly<Record<(typeof completeLanguages)[number], readonly MadeCard[]>>;
  /** The same in any language. */
  readonly cardsIn: (language: Language) => readonly MadeCard[];
  /** The words of the cards in English and French. */
  readonly text: string;
  /** Inputs that had a value. */
  readonly seen: ReadonlySet<string>;
}

const strongest = ['failed', 'fires', 'unknown', 'silent'] as const;

/** The chart of an example, opened on the day of the examples. */
export function exampleCase(prepared: Prepared, example: RuleExample): OpenCase {
  return openCase(prepared, {
    resources: (example.chart ?? []).map((piece) => resourceOf(piece, prepared)),
    drafts: (example.drafts ?? []).map((piece) => resourceOf(piece, prepared)),
    missingKeys: new Set(example.missingData ?? []),
    today: epochDayOf(exampleDay),
  });
}

/** Plays one example of a rule, with the real engine: chart → outcome → cards in both languages. */
export function playRule(prepared: Prepared, rule: Rule, example: RuleExample): Played {
  const compiled = prepared.rules.get(rule.id);
  if (compiled === undefined) {
    return {
      outcomes: [],
      kind: 'silent',
      cards: { en: [], fr: [] },
      cardsIn: () => [],
      text: '',
      seen: new Set(),
    };
  }
  const opened = exampleCase(prepared, example);
  const outcomes = braked(compiled.evaluate(opened.of, opened.memory), prepared.plan, opened);
  const kind = strongest.find((each) => outcomes.some((outcome) => outcome.kind === each)) ?? 'silent';
  let id = 0;
  const context = {
    patientId: 'p',
    userId: 'Practitioner/example',
    today: exampleDay,
    publicBaseUrl: 'https://cds.example.org',
    newId: () => `00000000-0000-4000-8000-${String(++id).padStart(12, '0')}`,
  };
  const cardsIn = (language: Language): readonly MadeCard[] =>
    makeCards(outcomes, context, prepared.knowledge, wordingOf(prepared, language));
  const cards = { en: cardsIn('en'), fr: cardsIn('fr') };
  const seen = new Set(
    [...compiled.inputs].filter((name) =>
      outcomes.some(({ valueOf }) => {
        const value = valueOf(name);
        return value.possible.length > 0 && (value.facts.length > 0 || value.possible[0] !== false);
      }),
    ),
  );
  return {
    outcomes,
    kind,
    cards,
    cardsIn,
    text: [...cards.en, ...cards.fr].map(({ card }) => `${card.summary}\n${card.detail ?? ''}`).join('\n'),
    seen,
  };
}

/** An example may be written with plain spaces where French typography has others. */
const spaced = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

/** What an example of a rule expects and does not get; empty when it holds. */
export function ruleExampleProblems(prepared: Prepared, rule: Rule, example: RuleExample): readonly string[] {
  if (rule.status !== 'active') return [];
  const played = playRule(prepared, rule, example);
  const missing = new Set(played.outcomes.flatMap((outcome) => namesOf(outcome.missing)));
  const unchecked = new Set(played.outcomes.flatMap((outcome) => outcome.unchecked));
  return [
    ...(played.kind === example.outcome
      ? []
      : [`is ${played.kind}, not ${example.outcome}${reasonOf(played)}`]),
    ...(example.missing ?? []).filter((name) => !missing.has(name)).map((name) => `does not miss ${name}`),
    ...(example.unchecked ?? [])
      .filter((key) => !unchecked.has(key))
      .map((key) => `does not leave ${key} unchecked`),
    ...(example.unchecked === undefined ? [...unchecked] : [])
      .filter((key) => example.missingData?.includes(key) === true)
      .map((key) => `leaves ${key} unchecked, and does not say so (unchecked)`),
    ...(example.says ?? [])
      .filter((words) => !spaced(played.text).includes(spaced(words)))
      .map((words) => `does not say «${words}»`),
    ...(example.missingData ?? [])
      .filter((key) => !prefetchKeys.has(key))
      .map((key) => `${key} is no prefetch key (${[...prefetchKeys].join(', ')})`),
  ];
}

function reasonOf({ outcomes }: Played): string {
  const [first] = outcomes;
  if (first === undefined) return ' (it was asked about nothing)';
  const looked = [...lookedAt(first)].map(([name, { possible }]) => `${name}=${JSON.stringify(possible)}`);
  return ` (${first.error ?? looked.join(', ')})`;
}

/** What an example of a score expects and does not get; empty when it holds. */
export function scoreExampleProblems(
  prepared: Prepared,
  score: Score,
  example: ScoreExample,
): readonly string[] {
  const { expect } = example;
  const opened = openCase(prepared, {
    resources: example.chart.map((piece) => resourceOf(piece, prepared)),
    drafts: [],
    missingKeys: new Set(),
    today: epochDayOf(exampleDay),
  });
  const results = opened.scores().filter((result) => result.score === score.id);
  if (expect.none === true) return results.length === 0 ? [] : ['gives a result'];
  const [result] = results;
  if (result === undefined) return ['gives no result'];
  const differs = (what: string, found: unknown, wanted: unknown): readonly string[] =>
    wanted === undefined || JSON.stringify(found) === JSON.stringify(wanted)
      ? []
      : [`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
  return [
    ...differs('total', result.total, expect.total),
    ...(expect.reachable !== undefined && result.total !== undefined && expect.total === undefined
      ? [`has the total ${result.total}`]
      : []),
    ...differs('reachable', result.reachable, expect.reachable),
    ...differs('class', result.class, expect.class),
    ...differs('missing', result.missing, expect.missing),
    ...differs('flags', result.flags, expect.flags),
  ];
}
