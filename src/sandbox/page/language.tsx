import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Language, SpokenLanguage } from '../../knowledge/types.js';
import { dateText } from '../../ui/date-text.js';
import { firstSpoken, speechIn, type Speech } from '../../ui/speech.js';
import type { PlainKeyIn, Say } from '../../words/say.js';
import { built } from './built.js';

/** Keys of the page's own words that have no place. */
export type TextKey = PlainKeyIn<'sandbox'>;

const storageKey = 'sandbox-language';

export interface Wording {
  readonly language: Language;
  readonly languages: readonly SpokenLanguage[];
  readonly choose: (language: Language) => void;
  readonly t: Say<'sandbox'>;
  /** A FHIR status in words; one that has no words here stays the code that it is. */
  readonly status: (code: string) => string;
  /** What became of data, rules and cards in a call, in words that agree with how many there are. */
  readonly state: (code: string, count?: number) => string;
  /** A FHIR date or dateTime as the language writes it, at its own precision. */
  readonly date: (value: string | undefined) => string;
  readonly number: (value: number) => string;
}

/** What the reader chose before, else what the browser asks for. */
export const firstSpeech = (): Promise<Speech<'sandbox'>> =>
  speechIn(
    built,
    firstSpoken([localStorage.getItem(storageKey) ?? undefined, navigator.language], built.languages),
  );

function wordingOf({ spoken, say, keyOf }: Speech<'sandbox'>, choose: (language: Language) => void): Wording {
  const numbers = new Intl.NumberFormat(spoken.locale, { maximumFractionDigits: 4 });
  return {
    language: spoken.code,
    languages: built.languages,
    choose,
    t: say,
    status: (code) => {
      const key = keyOf('state.', code);
      return key === undefined ? code : say(key);
    },
    state: (code, count = 1) => {
      const key = keyOf('trace.', code);
      return key === undefined ? code : say(key, { count });
    },
    date: (value) => (value === undefined ? '' : dateText(value, spoken)),
    number: (value) => numbers.format(value),
  };
}

const LanguageContext = createContext<Wording | undefined>(undefined);

interface LanguageProviderProps {
  readonly first: Speech<'sandbox'>;
  readonly children: ReactNode;
}

/** The words and formats of the chosen language, for everything below. */
export function LanguageProvider({ first, children }: LanguageProviderProps): ReactNode {
  const [speech, setSpeech] = useState(first);
  const wording = useMemo(
    () =>
      wordingOf(speech, (language) => {
        void speechIn(built, language).then(setSpeech, () => undefined);
      }),
    [speech],
  );
  const { language } = wording;
  useEffect(() => {
    localStorage.setItem(storageKey, language);
    document.documentElement.lang = language;
  }, [language]);
  return <LanguageContext value={wording}>{children}</LanguageContext>;
}

/** The wording; only below `LanguageProvider`. */
export function useWording(): Wording {
  const wording = useContext(LanguageContext);
  if (wording === undefined) throw new Error('LanguageProvider is missing');
  return wording;
}
