import type { TYPE } from '@formatjs/icu-messageformat-parser';
import type { IntlMessageFormat } from 'intl-messageformat';

export type Values = Readonly<Record<string, string | number>>;

/** An ICU pattern ready to be filled in. Throws when a place has no value. */
export type Pattern = (values: Values) => string;

/** A parsed ICU message: plain data, that can be sent to a browser which has no parser. */
export type Elements = ReturnType<IntlMessageFormat['getAst']>;

/**
 * ICU's kinds of element by the numbers of its parser. The compiler holds them against the parser's enum; its values would bring the
 * parser into the pages.
 */
const kinds = { words: 0, place: 1, select: 5, plural: 6, count: 7 } as const satisfies {
  readonly words: NumberOf<TYPE.literal>;
  readonly place: NumberOf<TYPE.argument>;
  readonly select: NumberOf<TYPE.select>;
  readonly plural: NumberOf<TYPE.plural>;
  readonly count: NumberOf<TYPE.pound>;
};

type NumberOf<Kind extends TYPE> = `${Kind}` extends `${infer Value extends number}` ? Value : never;

/** Whether a part of a message is what is said whatever is filled in. */
export function isWords(
  element: Elements[number],
): element is Extract<Elements[number], { readonly type: TYPE.literal }> {
  const kind: number = element.type;
  return kind === kinds.words;
}

function valueOf(values: Values, name: string): string | number {
  const value = values[name];
  if (value === undefined) throw new RangeError(`no value for {${name}}`);
  return value;
}

/**
 * A message of words, places, choices and plurals, ready to be filled in; `undefined` for one that has anything else.
 * @param counted the place that `#` stands for
 */
export function compileElements(elements: Elements, locale: string, counted?: string): Pattern | undefined {
  const parts: Pattern[] = [];
  for (const element of elements) {
    const part = compileElement(element, locale, counted);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return (values) => {
    let filled = '';
    for (const part of parts) filled += part(values);
    return filled;
  };
}

function compileElement(element: Elements[number], locale: string, counted?: string): Pattern | undefined {
  const kind: number = element.type;
  if (kind === kinds.count) return counted === undefined ? undefined : numberOf(counted, locale);
  if (!('value' in element)) return undefined;
  const { value } = element;
  if (kind === kinds.words) return () => value;
  if (kind === kinds.place) return (values) => String(valueOf(values, value));
  if ((kind !== kinds.select && kind !== kinds.plural) || !('options' in element)) return undefined;
  if ('offset' in element && element.offset !== 0) return undefined;
  const options = new Map<string, Pattern>();
  for (const [name, option] of Object.entries(element.options)) {
    const compiled = compileElements(option.value, locale, kind === kinds.plural ? value : counted);
    if (compiled === undefined) return undefined;
    options.set(name, compiled);
  }
  const category = kind === kinds.plural ? pluralOf(element, locale) : String;
  return (values) => {
    const given = valueOf(values, value);
    const exact = kind === kinds.plural ? options.get(`=${given}`) : undefined;
    const chosen = exact ?? options.get(category(given)) ?? options.get('other');
    if (chosen === undefined) throw new RangeError(`no choice for {${value}}`);
    return chosen(values);
  };
}

function pluralOf(element: object, locale: string): (given: string | number) => string {
  const type = 'pluralType' in element && element.pluralType === 'ordinal' ? 'ordinal' : 'cardinal';
  const rules = new Intl.PluralRules(locale, { type });
  return (given) => rules.select(Number(given));
}

function numberOf(name: string, locale: string): Pattern {
  const numbers = new Intl.NumberFormat(locale);
  return (values) => {
    const value = valueOf(values, name);
    return typeof value === 'number' ? numbers.format(value) : value;
  };
}
