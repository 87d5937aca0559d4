import { IntlMessageFormat } from 'intl-messageformat';
import { compileElements, type Elements, type Pattern } from './elements.js';

/**
 * The library parses a pattern anew into parts whenever it formats one; the kinds of element that the artifacts use
 * (words, places, choices, plurals) are put together directly. A pattern with any other kind is left to the library.
 * @throws the parser's error for what is no ICU message
 */
export function compilePattern(pattern: string, locale: string): Pattern {
  const message = new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true });
  return compileElements(message.getAst(), locale) ?? ((values) => String(message.format({ ...values })));
}

/**
 * The parts of an ICU message; `< 30 mL/min` is no tag.
 * @throws the parser's error for what is no ICU message
 */
export function elementsOf(pattern: string): Elements {
  return new IntlMessageFormat(pattern, 'en', undefined, { ignoreTag: true }).getAst();
}
