import type { Pattern, Values } from './elements.js';
import type { places } from './places.js';

/** What has words of its own: the guideline's pages, the SMART app, … Each has a file in `languages/<code>/`. */
export type CatalogueName = keyof typeof places;

type Places<Name extends CatalogueName> = (typeof places)[Name];

/** The keys of a catalogue. */
export type KeyIn<Name extends CatalogueName> = keyof Places<Name> & string;

/** The names of the places of these words. */
type PlaceIn<
  Name extends CatalogueName,
  Key extends KeyIn<Name>,
> = Places<Name>[Key] extends readonly (infer Place)[] ? Place & string : never;

/** The keys of words without a place. */
export type PlainKeyIn<Name extends CatalogueName> = {
  [Key in KeyIn<Name>]: Places<Name>[Key] extends readonly [] ? Key : never;
}[KeyIn<Name>];

/** Says something of a catalogue in one language; what stands in its places is given by name. */
export interface Say<Name extends CatalogueName> {
  (key: PlainKeyIn<Name>): string;
  <Key extends KeyIn<Name>>(
    key: Key,
    values: Values & Readonly<Record<PlaceIn<Name, Key>, string | number>>,
  ): string;
}

/**
 * The words of one language.
 * @param patternOf the words of a key; all keys of the catalogue have some
 */
export function sayWith<Name extends CatalogueName>(patternOf: (key: string) => Pattern): Say<Name> {
  return (key: string, values: Values = {}) => patternOf(key)(values);
}
