import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { dateText } from '../../ui/date-text.js';
import en from './texts/en.json';
import fr from './texts/fr.json';

export type Language = 'en' | 'fr';

/** Keys of the page's own words; `texts/fr.json` is held to the same keys by the type check. */
export type TextKey = keyof typeof en;

const texts: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, fr };
const storageKey = 'sandbox-language';

export interface Wording {
  readonly language: Language;
  readonly choose: (language: Language) => void;
  /** The words for a key; `{name}` is replaced by the value of that name. */
  readonly t: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;
  /** A FHIR status in words; one that has no words here stays the code that it is. */
  readonly status: (code: string) => string;
  /** What became of data, rules and cards in a call, in words that agree with how many there are. */
  readonly state: (code: string, count?: number) => string;
  /** A FHIR date or dateTime as the language writes it, at its own precision. */
  readonly date: (value: string | undefined) => string;
  readonly number: (value: number) => string;
}

function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}

function initialLanguage(): Language {
  const chosen = localStorage.getItem(storageKey) ?? navigator.language;
  return chosen.startsWith('fr') ? 'fr' : 'en';
}

function wordingOf(language: Language, choose: (language: Language) => void): Wording {
  const numbers = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 4 });
  const named = (key: string, code: string): string => (isTextKey(key) ? texts[language][key] : code);
  return {
    language,
    choose,
    t: (key, values = {}) =>
      texts[language][key].replace(/\{(\w+)\}/g, (_place, name: string) => String(values[name] ?? '')),
    status: (code) => named(`state.${code}`, code),
    state: (code, count = 1) => named(`trace.${code}${count < 2 ? '' : '.several'}`, code),
    date: (value) => (value === undefined ? '' : dateText(value, language)),
    number: (value) => numbers.format(value),
  };
}

const LanguageContext = createContext<Wording>(wordingOf('en', () => undefined));

/** The words and formats of the chosen language, for everything below. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, choose] = useState<Language>(initialLanguage);
  const wording = useMemo(() => wordingOf(language, choose), [language]);
  useEffect(() => {
    localStorage.setItem(storageKey, language);
    document.documentElement.lang = language;
  }, [language]);
  return <LanguageContext value={wording}>{children}</LanguageContext>;
}

export function useWording(): Wording {
  return useContext(LanguageContext);
}
