import type { Language } from '../knowledge/types.js';
import en from './strings/en.json';
import fr from './strings/fr.json';

export type MessageKey = keyof typeof en;

/** A sentence of the app in the reader's language; `{name}` is replaced by the value of that name. */
export type Say = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

const texts: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = { en, fr };

/** The sentences of one language. */
export function sayIn(language: Language): Say {
  return (key, values = {}) =>
    (texts[language] ?? en)[key].replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}
