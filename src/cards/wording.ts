import { IntlMessageFormat } from 'intl-messageformat';
import type { Fact } from '../chart/chart.js';
import { toIsoDay, type DaySpan } from '../chart/dates.js';
import { conceptText, isObject, text } from '../chart/element.js';
import type { Lesion } from '../chart/lesions.js';
import type { SiteIndex } from '../chart/sites.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Language, Text } from '../knowledge/types.js';
import type { Terminology } from '../terminology/value-sets.js';
import { escapeMarkdown, plainText } from './markdown.js';

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

export type Values = Readonly<Record<string, string | number>>;

/** Everything that turns facts into words of one language. */
export interface Wording {
  readonly language: Language;
  /** A text of an artifact with its places filled in. A place without a value is a mistake of the artifact. */
  fill(template: Text, values: Values): string;
  /** A fixed phrase of `phrases.yaml`. */
  phrase(key: string, values?: Values): string;
  hasPhrase(key: string): boolean;
  number(value: number): string;
  quantity(value: number, unit: string | undefined): string;
  day(span: DaySpan): string;
  list(parts: readonly string[]): string;
  alternatives(parts: readonly string[]): string;
  /** What a drug, act or finding is called: by the value sets, else as its author wrote it, made harmless. */
  nameOf(fact: Fact): string;
  siteOf(lesion: Lesion): string;
}

export class WordingError extends Error {
  readonly code = 'WORDING_FAILED';
}

type Format = (values: Values) => string;

const formats = new Map<string, Format>();

function format(pattern: string, language: Language): Format {
  const key = `${language}\u0000${pattern}`;
  let compiled = formats.get(key);
  // Patterns come from the artifacts alone, so the map cannot grow with requests.
  if (compiled === undefined) formats.set(key, (compiled = compileFormat(pattern, language)));
  return compiled;
}

/** The kind as a number: the enum is of a package that is no dependency of ours. */
const kindOf = ({ type }: { readonly type: number }): number => type;

/** Of ICU's kinds of element: plain words, and a place that is filled in as it is. */
const words = 0;
const plainPlace = 1;

/** Most patterns have no plural and no choice: their places are filled in directly. */
function compileFormat(pattern: string, language: Language): Format {
  const message = new IntlMessageFormat(pattern, locales[language], undefined, { ignoreTag: true });
  const parts = message
    .getAst()
    .map((element) => ({ kind: kindOf(element), text: 'value' in element ? element.value : '' }));
  if (parts.some(({ kind }) => kind !== words && kind !== plainPlace)) {
    return (values) => String(message.format({ ...values }));
  }
  return (values) => {
    let filled = '';
    for (const { kind, text } of parts) {
      const value = kind === words ? text : values[text];
      if (value === undefined) throw new RangeError(`no value for {${text}}`);
      filled += String(value);
    }
    return filled;
  };
}

/** SNOMED CT ends a fully specified name with the kind of concept: «(disorder)». */
const withoutTag = (display: string): string => display.replace(/ \([a-z /]+\)$/, '');

/** Two addresses of ATC, RxNorm, and a former code or two. */
const codesOfOneDrug = 6;

/** The title of the value set that says most exactly what the fact is. */
function titleOfNarrowest(
  { sets, type }: Fact,
  language: Language,
  knowledge: Knowledge,
  terminology: Terminology,
): string | undefined {
  const [narrowest] = [...sets]
    .map((id) => ({ id, size: terminology.codesOf(id).length }))
    .sort((a, b) => a.size - b.size || (a.id < b.id ? -1 : 1));
  // The set of a drug's own codes names the drug; a class of drugs says less than the name as it stands.
  if (narrowest === undefined || (type.startsWith('Medication') && narrowest.size > codesOfOneDrug))
    return undefined;
  const valueSet = knowledge.valueSets.get(narrowest.id);
  const translations = valueSet?._title?.extension ?? [];
  const translated = translations
    .map(({ extension }) => ({
      lang: extension?.find(({ url }) => url === 'lang')?.valueCode,
      content: extension?.find(({ url }) => url === 'content')?.valueString,
    }))
    .find(({ lang }) => lang === language)?.content;
  return translated ?? (language === 'en' ? valueSet?.title : undefined);
}

export interface WordingSource {
  readonly knowledge: Knowledge;
  readonly terminology: Terminology;
  readonly sites: SiteIndex;
}

export function wordingIn(language: Language, { knowledge, terminology, sites }: WordingSource): Wording {
  const locale = locales[language];
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const days = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' });
  const disjunction = new Intl.ListFormat(locale, { type: 'disjunction' });

  const fill = (template: Text, values: Values): string => {
    try {
      return format(template[language], language)(values);
    } catch (cause) {
      throw new WordingError(`cannot fill in «${template.en}»`, { cause });
    }
  };
  const phrase = (key: string, values: Values = {}): string => {
    const found = knowledge.phrases.get(key);
    if (found === undefined) throw new WordingError(`phrases.yaml has no «${key}»`);
    return fill(found, values);
  };
  const quantity = (value: number, unit: string | undefined): string => {
    if (unit === undefined) return numbers.format(value);
    const key = `unit-${unit}`;
    return knowledge.phrases.has(key)
      ? phrase(key, { n: Number.isInteger(value) ? value : numbers.format(value) })
      : `${numbers.format(value)}\u00a0${unit}`;
  };
  const day = ({ from, to }: DaySpan): string => {
    const iso = toIsoDay(from);
    if (from === to) return days.format(new Date(iso));
    return to - from > 31 ? iso.slice(0, 4) : months.format(new Date(iso));
  };
  const nameOf = (fact: Fact): string => {
    const { codings } = fact.coded('code');
    const topic = titleOfNarrowest(fact, language, knowledge, terminology);
    // A laboratory's long name («Creatinine [Moles/volume] in Serum or Plasma») is not what a clinician reads.
    if (fact.type === 'Observation' && topic !== undefined) return topic;
    for (const { system, code } of codings) {
      const display = terminology.display(system, code, language);
      const isForeign = language !== 'en' && display === terminology.display(system, code, 'en');
      if (display !== undefined && !(isForeign && topic !== undefined)) return withoutTag(display);
    }
    if (language !== 'en' && topic !== undefined) return topic;
    const written =
      codings.find(({ display }) => display !== undefined)?.display ?? conceptText(fact.resource['code']);
    const medication = fact.resource['medicationReference'];
    const named = written ?? (isObject(medication) ? text(medication['display']) : undefined);
    return named === undefined ? phrase(`type-${fact.type}`) : escapeMarkdown(plainText(named, 60));
  };
  return {
    language,
    fill,
    phrase,
    hasPhrase: (key) => knowledge.phrases.has(key),
    number: (value) => numbers.format(value),
    quantity,
    day,
    list: (parts) => conjunction.format(parts),
    alternatives: (parts) => disjunction.format(parts),
    nameOf,
    siteOf: (lesion) =>
      lesion.locations.length === 0 ? phrase('lesion-without-site') : sites.name(lesion.locations, language),
  };
}
