import { IntlMessageFormat } from 'intl-messageformat';

/** `TYPE.literal` of the ICU parser, which is no dependency of ours. */
const isLiteral = ({ type }: { readonly type: number }): boolean => type === 0;

const known = new Map<string, readonly string[]>();

/** Names of the places of an ICU pattern; patterns come from the artifacts alone. */
export function placeNames(pattern: string): readonly string[] {
  let names = known.get(pattern);
  if (names === undefined) {
    const found = new Set<string>();
    collect(new IntlMessageFormat(pattern, 'en', undefined, { ignoreTag: true }).getAst(), found);
    known.set(pattern, (names = [...found]));
  }
  return names;
}

type Elements = ReturnType<IntlMessageFormat['getAst']>;

function collect(elements: Elements, found: Set<string>): void {
  for (const element of elements) {
    if ('value' in element && !isLiteral(element) && typeof element.value === 'string')
      found.add(element.value);
    if ('options' in element) {
      for (const option of Object.values(element.options)) collect(option.value, found);
    }
  }
}
