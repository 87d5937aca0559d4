import { IntlMessageFormat } from 'intl-messageformat';
import { isWords, type Elements } from '../words/elements.js';
import { memo } from '../memo.js';

/**
 * Names of the places of an ICU message (`{lesion}`), each once; markup is text: `< 30 mL/min` is no tag. Messages come
 * from the artifacts alone, so all of them are remembered.
 * @throws the parser's error for what is no ICU message
 */
export const placeholdersOf: (message: string) => readonly string[] = memo((message) => {
  const found = new Set<string>();
  collect(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst(), found);
  return [...found];
});

function collect(elements: Elements, found: Set<string>): void {
  for (const element of elements) {
    if ('value' in element && !isWords(element) && typeof element.value === 'string')
      found.add(element.value);
    if ('options' in element) {
      for (const option of Object.values(element.options)) collect(option.value, found);
    }
  }
}

/** Characters of the words of an ICU message: what stands in its places is not counted, and of its choices the longest is. */
export function wordsOf(message: string): number {
  return longest(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
}

function longest(elements: Elements): number {
  return elements.reduce((sum, element) => {
    if ('options' in element)
      return sum + Math.max(...Object.values(element.options).map(({ value }) => longest(value)));
    return isWords(element) ? sum + element.value.length : sum;
  }, 0);
}
