import type { Element } from 'fhir/r4.js';
import type { Language } from './types.js';

/** The standard extension that holds a text in another language. */
const translationUrl = 'http://hl7.org/fhir/StructureDefinition/translation';

/** A sibling element (`_title` of `title`) that holds the text in these languages. */
export function translatedTo(texts: readonly (readonly [Language, string])[]): Element {
  return {
    extension: texts.map(([language, content]) => ({
      url: translationUrl,
      extension: [
        { url: 'lang', valueCode: language },
        { url: 'content', valueString: content },
      ],
    })),
  };
}

/** All translations that a sibling element holds, by language. */
export function translationsIn(element: Element | undefined): Readonly<Record<Language, string>> {
  const translations = (element?.extension ?? []).filter(({ url }) => url === translationUrl);
  return Object.fromEntries(
    translations.flatMap(({ extension = [] }) => {
      const language = extension.find(({ url }) => url === 'lang')?.valueCode;
      const content = extension.find(({ url }) => url === 'content')?.valueString;
      return language === undefined || content === undefined ? [] : [[language, content] as const];
    }),
  );
}

/** The translation that a sibling element (`_title` of `title`) holds; undefined when it holds none in this language. */
export function translationIn(element: Element | undefined, language: Language): string | undefined {
  return element?.extension
    ?.filter(({ url }) => url === translationUrl)
    .map(({ extension = [] }) => extension)
    .find((parts) => parts.some(({ url, valueCode }) => url === 'lang' && valueCode === language))
    ?.find(({ url }) => url === 'content')?.valueString;
}
