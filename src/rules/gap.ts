import { memo } from '../memo.js';

/**
 * Of which kind something is that would have to be known: `data`, a prefetch key that could not be had; `elsewhere`, the key of
 * what the EHR keeps elsewhere; `input` and `score`, by name and id, which the chart does not decide; `item` of a score without an
 * answer, by its id; `element`, which a resource does not say.
 */
type GapKind = 'data' | 'elsewhere' | 'input' | 'score' | 'item' | 'element';

/** Something that would have to be known. There is one object for each, so that lists and sets hold it once. */
export interface Gap {
  readonly kind: GapKind;
  /** Its name in answers and logs. */
  readonly name: string;
}

const gapsOfKind = memo((kind: GapKind) => memo((name: string): Gap => ({ kind, name })));

/** The gap of this name. Names are those of the knowledge, never of a chart. */
export const gap = (kind: GapKind, name: string): Gap => gapsOfKind(kind)(name);

const noGaps: readonly Gap[] = [];

/** The items of a score that have no answer, as gaps. Not kept by the list, which is of a call: V8 holds such keys until it marks the whole heap. */
export const itemGaps = (items: readonly string[]): readonly Gap[] =>
  items.length === 0 ? noGaps : items.map((item) => gap('item', item));

/** The names of gaps, each once: what answers, logs and reports hold. */
export const namesOf = (gaps: readonly Gap[]): readonly string[] => [
  ...new Set(gaps.map(({ name }) => name)),
];

/** The prefetch keys among gaps that could not be had. */
export const keysAmong = (gaps: readonly Gap[]): readonly string[] =>
  gaps.flatMap(({ kind, name }) => (kind === 'data' ? [name] : []));
