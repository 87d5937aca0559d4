import type { Language, SpokenLanguage } from './types.js';

/** How a language sets what is put together: what `Intl` does not know of it stands in its `language.yaml`. */
export interface Typography {
  /** A text with the spaces that the language wants: a no-break space before a French colon. */
  readonly typeset: (text: string) => string;
  /** A name as it stands within a sentence: «sacrum», and in German «Kreuzbein»; an abbreviation stays as it is. */
  readonly asCommonNoun: (name: string) => string;
  /** A day as `Intl` writes it, with the first of a month as the language has it: «1er mai». */
  readonly day: (written: string) => string;
  /** A unit after its number, with the space between them and the decimal sign of the language: `mL/min/1,73 m²`. */
  readonly afterNumber: (unit: string) => string;
}

/** A colon, with the space before it where the language wants one. */
export function colonIn(languages: readonly SpokenLanguage[], language: Language): string {
  return languages.find(({ code }) => code === language)?.typeset?.[' :'] ?? ':';
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The typography of a language; meant to be made once and kept. */
export function typographyOf({
  locale,
  typeset = {},
  firstOfMonth,
  capitalNouns = false,
}: Omit<SpokenLanguage, 'code' | 'name'>): Typography {
  const places = Object.keys(typeset);
  const pattern = places.length === 0 ? undefined : new RegExp(places.map(escaped).join('|'), 'g');
  const decimal = partOf(new Intl.NumberFormat(locale).formatToParts(0.5), 'decimal') ?? '.';
  const touches =
    partOf(new Intl.NumberFormat(locale, { style: 'percent' }).formatToParts(0.5), 'literal') === undefined;
  return {
    typeset:
      pattern === undefined
        ? (text) => text
        : (text) => text.replace(pattern, (found) => typeset[found] ?? found),
    asCommonNoun: capitalNouns
      ? (name) => name
      : (name) => name.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase()),
    day: firstOfMonth === undefined ? (text) => text : (text) => text.replace(/^1(?= )/, firstOfMonth),
    afterNumber: (unit) =>
      unit === '%' && touches ? unit : `\u00a0${unit.replace(/(\d)\.(\d)/g, `$1${decimal}$2`)}`,
  };
}

function partOf(
  parts: readonly Intl.NumberFormatPart[],
  type: Intl.NumberFormatPartTypes,
): string | undefined {
  return parts.find((part) => part.type === type)?.value;
}
