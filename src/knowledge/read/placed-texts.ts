import type { ValueSet, ValueSetComposeIncludeConcept } from 'fhir/r4.js';
import { isObject } from '../../json.js';
import { translatedTo, translationIn } from '../translation.js';
import type { Language } from '../types.js';
import type { Path } from './artifact-file.js';
import type { ArtifactKind } from './artifacts.js';

/** A text of an artifact that can be said in a further language. */
export interface PlacedText {
  /** What a translation calls it by: `card.summary`; an item of a list by its id, its code or its place from 0. Empty: the entry is the text. */
  readonly address: string;
  /** Keys from the top of its file. */
  readonly path: Path;
  readonly english: string;
  readonly has: (language: Language) => boolean;
  readonly add: (language: Language, content: string) => void;
}

/** What a translation calls by one name: a rule, an input, a phrase. */
export interface Entry {
  readonly id: string;
  readonly texts: readonly PlacedText[];
}

/** What is told of former versions is for who follows the work, and stays as it is; examples are charts. */
const untold: ReadonlySet<string> = new Set(['changes', 'examples', 'version']);

/** The entries of a file, as its schema has accepted it, and their texts. */
export function entriesWithTexts(kind: ArtifactKind, value: unknown): readonly Entry[] {
  if (kind === 'rule' || kind === 'score' || kind === 'service') {
    return isObject(value) ? [{ id: nameOf(value) ?? '', texts: textsIn(value, [], []) }] : [];
  }
  if (kind === 'value-set') return isValueSet(value) ? [textsOfValueSet(value)] : [];
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => ({
      id: nameOf(each) ?? '',
      texts: textsIn(each, [index], []),
    }));
  }
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([key]) => !untold.has(key))
    .map(([key, each]) => ({ id: key, texts: textsIn(each, [key], []) }));
}

function nameOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  return [value['id'], value['use'], value['code']].find((each) => typeof each === 'string');
}

function textsIn(value: unknown, path: Path, address: readonly string[]): readonly PlacedText[] {
  if (Array.isArray(value)) {
    return value.flatMap((each: unknown, index) =>
      textsIn(each, [...path, index], [...address, nameOf(each) ?? String(index)]),
    );
  }
  if (!isObject(value)) return [];
  const { en, fr } = value;
  if (typeof en === 'string' && typeof fr === 'string') {
    const has = (language: Language): boolean => typeof value[language] === 'string';
    const add = (language: Language, content: string): void => {
      Object.assign(value, { [language]: content });
    };
    return [{ address: address.join('.'), path, english: en, has, add }];
  }
  return Object.entries(value)
    .filter(([key]) => !untold.has(key))
    .flatMap(([key, each]) => textsIn(each, [...path, key], [...address, key]));
}

function isValueSet(value: unknown): value is ValueSet {
  return isObject(value) && value['resourceType'] === 'ValueSet';
}

/** Its title, and what it calls codes for which no publisher has French words: `concept.<code>`. */
function textsOfValueSet(valueSet: ValueSet): Entry {
  const { id = '', title, compose } = valueSet;
  const concepts = (compose?.include ?? []).flatMap(({ concept = [] }, include) =>
    concept.flatMap((each, index) =>
      textsOfConcept(each, ['compose', 'include', include, 'concept', index, 'display']),
    ),
  );
  if (title === undefined) return { id, texts: concepts };
  const has = (language: Language): boolean => translationIn(valueSet._title, language) !== undefined;
  const add = (language: Language, content: string): void => {
    const others = valueSet._title?.extension ?? [];
    const { extension = [] } = translatedTo([[language, content]]);
    valueSet._title = { ...valueSet._title, extension: [...others, ...extension] };
  };
  return { id, texts: [{ address: 'title', path: ['title'], english: title, has, add }, ...concepts] };
}

function textsOfConcept(concept: ValueSetComposeIncludeConcept, path: Path): readonly PlacedText[] {
  const { code, display } = concept;
  const has = (language: Language): boolean =>
    concept.designation?.some((each) => each.language === language) === true;
  if (display === undefined || !has('fr')) return [];
  const add = (language: Language, value: string): void => {
    concept.designation = [...(concept.designation ?? []), { language, value }];
  };
  return [{ address: `concept.${code}`, path, english: display, has, add }];
}
