import type { Fact } from '../chart/chart.js';
import { isDated } from '../knowledge/dated.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Input, ScoreItem, Text } from '../knowledge/types.js';
import type { Outcome } from '../rules/evaluate.js';
import type { Gap } from '../rules/gap.js';
import { isInterval, type Possibility, type Value } from '../rules/value.js';
import { escapeMarkdown, plainText } from './markdown.js';
import type { Wording } from './wording.js';
import type { Values } from '../words/elements.js';
import { isObject } from '../json.js';
import { textIn } from '../text.js';

/** The words for what an input is; undefined while it is unknown. */
export function inWords(
  input: Input,
  value: Value,
  knowledge: Knowledge,
  wording: Wording,
): string | number | undefined {
  const { possible } = value;
  const [only, ...others] = possible;
  if (only === undefined) return undefined;
  if (input.kind === 'score') return scoreInWords(input.score, input.part, possible, knowledge, wording);
  const unit = 'unit' in input ? input.unit : undefined;
  const isDate = isDated(input);
  const words = possible.map((each) =>
    isDate ? dateInWords(each, wording) : oneInWords(each, unit, wording),
  );
  // ICU plurals want a number; with a unit or a fraction it is already a text of the language.
  if (
    others.length === 0 &&
    unit === undefined &&
    typeof only === 'number' &&
    Number.isInteger(only) &&
    !isDate
  )
    return only;
  return wording.alternatives([...new Set(words)]);
}

function dateInWords(value: Possibility, wording: Wording): string {
  if (typeof value === 'number') return wording.day({ from: value, to: value });
  return isInterval(value) ? wording.day({ from: value.min, to: value.max }) : String(value);
}

function oneInWords(value: Possibility, unit: string | undefined, wording: Wording): string {
  if (typeof value === 'number') return wording.quantity(wording.measured(value, unit), unit);
  if (typeof value === 'boolean') return wording.phrase(value ? 'yes' : 'no');
  if (typeof value === 'string') {
    const key = `answer-${value}`;
    return wording.hasPhrase(key) ? wording.phrase(key) : escapeMarkdown(plainText(value));
  }
  const { min, max, minOpen, maxOpen } = value;
  if (!Number.isFinite(max)) return `${minOpen ? '>' : '≥'}\u00a0${wording.quantity(min, unit)}`;
  if (!Number.isFinite(min) || min < 0) return `${maxOpen ? '<' : '≤'}\u00a0${wording.quantity(max, unit)}`;
  return `${wording.number(min)}–${wording.quantity(max, unit)}`;
}

function scoreInWords(
  id: string,
  part: 'total' | 'class',
  possible: readonly Possibility[],
  knowledge: Knowledge,
  wording: Wording,
): string | number {
  if (part === 'class') {
    const { classes, items } = knowledge.scores.get(id) ?? { classes: [], items: [] };
    const displays = possible.map((code) => {
      const found = [...classes, ...items.flatMap(({ answers }) => answers)].find(
        (each) => each.code === code,
      );
      return textIn(found?.display, wording.language) ?? (typeof code === 'string' ? code : '');
    });
    return wording.alternatives(displays);
  }
  const totals = possible.filter((total) => typeof total === 'number');
  const [total] = totals;
  if (totals.length === 1 && total !== undefined) return total;
  return `${wording.number(Math.min(...totals))}–${wording.number(Math.max(...totals))}`;
}

/** What is missing, in the words of the artifacts; what goes by one name is named once. */
export function missingInWords(
  missing: readonly Gap[],
  knowledge: Knowledge,
  wording: Wording,
): readonly string[] {
  const words = missing.map((each) => {
    const named = titleOf(each, knowledge);
    return named === undefined ? keyInWords(each.name, wording) : wording.fill(named, {});
  });
  return [...new Set(words)];
}

/** How the artifacts call what is missing; undefined for what is no artifact. */
function titleOf({ kind, name }: Gap, { inputs, scores }: Knowledge): Text | undefined {
  switch (kind) {
    case 'input':
      return inputs.get(name)?.title;
    case 'item':
      return itemNamed(name, scores)?.text;
    case 'score':
      // A grade goes by the words of the one item that it is.
      return itemNamed(name, scores)?.text ?? scores.get(name)?.title;
    default:
      return undefined;
  }
}

const itemNamed = (item: string, scores: Knowledge['scores']): ScoreItem | undefined =>
  [...scores.values()].flatMap(({ items }) => items).find(({ id }) => id === item);

/** Prefetch keys in words, each once. */
export function keysInWords(keys: readonly string[], wording: Wording): readonly string[] {
  return [...new Set(keys.map((key) => keyInWords(key, wording)))];
}

function keyInWords(key: string, wording: Wording): string {
  return wording.hasPhrase(`key-${key}`) ? wording.phrase(`key-${key}`) : key;
}

/** Values for the places of a rule's texts: its inputs and settings by name, the lesion, the order, what is missing. */
export function placesOf(
  outcome: Outcome,
  names: readonly string[],
  knowledge: Knowledge,
  wording: Wording,
): Values {
  const places: Record<string, string | number> = {};
  for (const name of names) {
    const place = placeOf(name, outcome, knowledge, wording);
    if (place !== undefined) places[name] = place;
  }
  return places;
}

/** Names of things found in one sentence. */
const mostNamed = 3;

function placeOf(
  name: string,
  { rule, subject, missing, unread, inWordsOnly, valueOf }: Outcome,
  knowledge: Knowledge,
  wording: Wording,
): string | number | undefined {
  if (name === 'level') return levelOf(subject, rule, valueOf, knowledge, wording);
  if (name === 'lesion')
    return subject.lesion === undefined ? undefined : wording.asCommonNoun(wording.siteOf(subject.lesion));
  if (name === 'order') return subject.item === undefined ? undefined : wording.nameOf(subject.item);
  if (name === 'missing') return wording.list(missingInWords(missing, knowledge, wording));
  if (name === 'missingCount') return missing.length;
  if (name === 'entries') return unread.length > 0 ? 'unread' : 'read';
  if (name === 'entry') {
    const [entry = inWordsOnly?.[0]] = unread;
    return entry === undefined ? undefined : wording.nameOf(entry);
  }
  const setting = knowledge.settings.get(name);
  if (setting !== undefined) return wording.quantity(setting.value, setting.unit);
  const input = knowledge.inputs.get(name);
  if (input === undefined) return undefined;
  const { possible, facts } = valueOf(name);
  // Where something was found, what it is says more than that it is.
  if (input.kind === 'selected' && input.read === 'exists' && possible[0] === true && facts.length > 0)
    return wording.list([...new Set(facts.map((fact) => wording.nameOf(fact)))].slice(0, mostNamed));
  return inWords(input, valueOf(name), knowledge, wording) ?? wording.phrase('not-documented');
}

/** Where advice about the patient lies: where its finding does, else at the lesions of the sites that the plan names; «none» unless known. */
function levelOf(
  { eligible }: Outcome['subject'],
  { id, kind }: Outcome['rule'],
  valueOf: Outcome['valueOf'],
  { plan }: Knowledge,
  wording: Wording,
): string {
  const { finding, sites = [] } = plan.places[id] ?? plan.places[kind ?? ''] ?? {};
  const found =
    finding === undefined ? [] : valueOf(finding).facts.flatMap((fact) => wording.placeOf(fact) ?? []);
  const lesions = eligible.filter((lesion) => wording.isWithin(lesion, sites));
  const names = found.length > 0 ? found : lesions.map((lesion) => wording.siteOf(lesion));
  return names.length === 0
    ? 'none'
    : wording.list([...new Set(names.map(wording.asCommonNoun))].slice(0, mostNamed));
}

/**
 * Whether a result was written in this unit, under whatever spelling («mois»): the number is then the same, and it is
 * no news beside the value in words.
 */
export function isWrittenIn(
  unit: string | undefined,
  number: number | undefined,
  { resource }: Fact,
): boolean {
  const quantity = resource['valueQuantity'];
  if (!isObject(quantity)) return false;
  if (number !== undefined) return quantity['value'] === number;
  return unit !== undefined && [quantity['code'], quantity['unit']].includes(unit);
}

/** A result as its author wrote it, for evidence: value and unit unconverted. */
export function asWritten({ resource }: Fact, wording: Wording): string | undefined {
  const quantity = resource['valueQuantity'];
  if (isObject(quantity) && typeof quantity['value'] === 'number') {
    const sign = quantity['comparator'];
    const comparator = typeof sign === 'string' ? `${escapeMarkdown(plainText(sign, 30))}\u00a0` : '';
    const unit = typeof quantity['unit'] === 'string' ? quantity['unit'] : quantity['code'];
    // «{score}» and «1» are no units that a reader knows.
    const isUnit = typeof unit === 'string' && !/^(?:1|\{.*\})$/.test(unit);
    const shown = isUnit ? escapeMarkdown(wording.afterNumber(plainText(unit, 30))) : '';
    // Only a unit that is surely the one of the limits can be near them.
    const { code } = quantity;
    const value = typeof code === 'string' ? wording.measured(quantity['value'], code) : quantity['value'];
    return `${comparator}${wording.number(value)}${shown}`;
  }
  const integer = resource['valueInteger'];
  if (typeof integer === 'number') return wording.number(integer);
  const flag = resource['valueBoolean'];
  return typeof flag === 'boolean' ? wording.phrase(flag ? 'yes' : 'no') : undefined;
}
