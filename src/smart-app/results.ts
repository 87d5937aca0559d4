import type { EvidenceReference, ItemResult, ScoreResult } from '../scores/result.js';
import { recordsIn, textsIn } from './element.js';
import { isObject, type JsonObject } from '../json.js';

/** One item of a Result. */
export type ItemJson = Omit<ItemResult<never>, 'answers' | 'facts'>;

/** A Result as `POST /scores` writes it; lists that it leaves out are empty here. */
export type ResultJson = Omit<ScoreResult<never>, 'items'> & { readonly items: readonly ItemJson[] };

/** What `POST /scores` answers. */
export interface ScoresJson {
  readonly results: readonly ResultJson[];
  /** Surgical bands that are still possible, by score. */
  readonly strategy: Readonly<Record<string, readonly string[]>>;
  readonly concordant?: boolean;
  readonly functionalPrognosis: Readonly<Record<string, boolean>>;
}

const numbers = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.filter((member) => typeof member === 'number') : [];

function evidenceIn(value: unknown): readonly EvidenceReference[] {
  return recordsIn(value).flatMap(({ reference, date }) =>
    typeof reference === 'string' ? [{ reference, ...(typeof date === 'string' && { date }) }] : [],
  );
}

function itemIn(value: JsonObject): readonly ItemJson[] {
  const { item, answer, points, from, evidence } = value;
  if (typeof item !== 'string') return [];
  const kind = from === 'answer' || from === 'fact' || from === 'derived' ? from : undefined;
  return [
    {
      item,
      ...(typeof answer === 'string' && { answer }),
      points: numbers(points),
      ...(kind !== undefined && { from: kind }),
      evidence: evidenceIn(evidence),
    },
  ];
}

function lesionIn(value: unknown): ResultJson['lesion'] {
  if (!isObject(value) || typeof value['reference'] !== 'string') return undefined;
  const { reference, site } = value;
  return { reference, ...(typeof site === 'string' && { site }) };
}

function resultIn(value: JsonObject): readonly ResultJson[] {
  const { score, total, recordedTotal } = value;
  if (typeof score !== 'string') return [];
  const lesion = lesionIn(value['lesion']);
  return [
    {
      score,
      ...(lesion !== undefined && { lesion }),
      reachable: numbers(value['reachable']),
      possibleClasses: textsIn(value['possibleClasses']),
      ...(typeof total === 'number' && { total }),
      ...(typeof value['class'] === 'string' && { class: value['class'] }),
      ...(typeof recordedTotal === 'number' && { recordedTotal }),
      missing: textsIn(value['missing']),
      flags: textsIn(value['flags']),
      items: recordsIn(value['items']).flatMap(itemIn),
      unassigned: textsIn(value['unassigned']),
    },
  ];
}

/** The body of `POST /scores`, or undefined when it is something else. */
export function readScores(body: unknown): ScoresJson | undefined {
  if (!isObject(body) || !Array.isArray(body['scores'])) return undefined;
  const strategy = isObject(body['strategy']) ? body['strategy'] : {};
  const prognosis = isObject(body['functionalPrognosis']) ? body['functionalPrognosis'] : {};
  const { concordant } = strategy;
  return {
    results: recordsIn(body['scores']).flatMap(resultIn),
    strategy: Object.fromEntries(
      Object.entries(strategy).flatMap(([score, bands]) =>
        Array.isArray(bands) ? [[score, textsIn(bands)]] : [],
      ),
    ),
    ...(typeof concordant === 'boolean' && { concordant }),
    functionalPrognosis: Object.fromEntries(
      Object.entries(prognosis).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
    ),
  };
}
