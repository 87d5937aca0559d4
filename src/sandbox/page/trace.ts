import { jsonOf, listOf, textOf } from './json.js';
import { isObject, type JsonObject } from '../../json.js';

/** What one call was made of, as the sandbox kept it. Lists are empty where it says nothing of them. */
export interface Trace {
  readonly milliseconds: JsonObject;
  readonly fhirRequests: number;
  readonly data: readonly DataRow[];
  readonly facts: readonly FactRow[];
  readonly rules: readonly RuleRow[];
  readonly cards: readonly CardRow[];
}

export interface DataRow {
  readonly key: string;
  readonly query: string;
  readonly state: string;
  readonly resources: number;
  readonly because: string | undefined;
}

export interface FactRow {
  readonly input: string;
  readonly title: string;
  readonly value: string | undefined;
  readonly date: string | undefined;
}

export interface RuleRow {
  readonly rule: string;
  readonly title: string;
  readonly outcome: string;
  readonly because: readonly FactRow[];
  readonly missing: readonly string[];
  readonly unchecked: readonly string[];
}

export interface CardRow {
  readonly uuid: string;
  readonly rule: string;
  readonly summary: string;
  readonly state: string;
}

const objectsIn = (value: unknown): readonly JsonObject[] => listOf(value).filter(isObject);
const textsIn = (value: unknown): readonly string[] => listOf(value).flatMap((one) => textOf(one) ?? []);
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

const factOf = (row: JsonObject): FactRow => ({
  input: textOf(row.input) ?? '',
  title: textOf(row.title) ?? '',
  value: textOf(row.value),
  date: textOf(row.date),
});

/** The stages of a call by the id of its request; undefined where the sandbox has none. */
export async function loadTrace(requestId: string): Promise<Trace | undefined> {
  const response = await fetch(`/sandbox/traces/${requestId}`).catch(() => undefined);
  const found = response?.ok === true ? await jsonOf(response) : undefined;
  if (!isObject(found)) return undefined;
  return {
    milliseconds: isObject(found.milliseconds) ? found.milliseconds : {},
    fhirRequests: numberOf(found.fhirRequests),
    data: objectsIn(found.data).map((row) => ({
      key: textOf(row.key) ?? '',
      query: textOf(row.query) ?? '',
      state: textOf(row.state) ?? '',
      resources: numberOf(row.resources),
      because: textOf(row.because),
    })),
    facts: objectsIn(found.facts).map(factOf),
    rules: objectsIn(found.rules).map((row) => ({
      rule: textOf(row.rule) ?? '',
      title: textOf(row.title) ?? '',
      outcome: textOf(row.outcome) ?? '',
      because: objectsIn(row.because).map(factOf),
      missing: textsIn(row.missing),
      unchecked: textsIn(row.unchecked),
    })),
    cards: objectsIn(found.cards).map((row) => ({
      uuid: textOf(row.uuid) ?? '',
      rule: textOf(row.rule) ?? '',
      summary: textOf(row.summary) ?? '',
      state: textOf(row.state) ?? '',
    })),
  };
}
