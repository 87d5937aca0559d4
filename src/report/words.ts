import type { Language, Text } from '../knowledge/types.js';
import { textIn } from '../text.js';

/** The words of one language. In French a no-break space stands before the signs that want one. */
export const wordsOf =
  <Key extends string>(texts: Readonly<Record<Key, Text>>) =>
  (language: Language) =>
  (key: Key): string => {
    const text = textIn(texts[key], language);
    return language === 'fr' ? text.replace(/ ([:;?!»%])/g, '\u202f$1').replace(/« /g, '«\u202f') : text;
  };
