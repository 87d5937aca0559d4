import { IntlMessageFormat } from 'intl-messageformat';

type Elements = ReturnType<IntlMessageFormat['getAst']>;

/** `TYPE.literal` of the ICU parser, which is no dependency of ours. */
const isLiteral = ({ type }: { readonly type: number }): boolean => type === 0;

const known = new Map<string, readonly string[]>();

/**
 * Names of the places of an ICU message (`{lesion}`), each once; markup is text: `< 30 mL/min` is no tag. Messages come
 * from the artifacts alone, so all of them are remembered.
 * @throws the parser's error for what is no ICU message
 */
export function placeholdersOf(message: string): readonly string[] {
  let names = known.get(message);
  if (names === undefined) {
    const found = new Set<string>();
    collect(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst(), found);
    known.set(message, (names = [...found]));
  }
  return names;
}

function collect(elements: Elements, found: Set<string>): void {
  for (const element of elements) {
    if ('value' in element && !isLiteral(element) && typeof element.value === 'string')
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
    return isLiteral(element) && 'value' in element ? sum + element.value.length : sum;
  }, 0);
}
