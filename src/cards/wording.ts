import type { Fact } from '../chart/chart.js';
import { toIsoDay, type DaySpan } from '../chart/dates.js';
import { codings as codingsOf, conceptText, text, type CodingValue } from '../chart/element.js';
import type { Lesion } from '../chart/lesions.js';
import type { SiteIndex } from '../chart/sites.js';
import { ownSystemsAt } from '../knowledge/canonical-base.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { translationIn } from '../knowledge/translation.js';
import { typographyOf, type Typography } from '../knowledge/typography.js';
import type { Language, LocalOrder, Text } from '../knowledge/types.js';
import type { Terminology } from '../terminology/value-sets.js';
import { escapeMarkdown, plainText } from './markdown.js';
import { rounded } from './rounding.js';
import type { Pattern, Values } from '../words/elements.js';
import { compilePattern } from '../words/pattern.js';
import { isObject } from '../json.js';
import { defaultLanguage, isComplete, textIn } from '../text.js';

/** Elements in which a type may write what it is in words. */
const wordElements = ['code', 'medicationCodeableConcept', 'serviceType', 'appointmentType', 'type'] as const;

/** Everything that turns facts into words of one language. */
export interface Wording {
  readonly language: Language;
  /** A text of an artifact with its places filled in. A place without a value is a mistake of the artifact. */
  fill(template: Text, values: Values): string;
  /** A text as the language sets it. */
  readonly typeset: Typography['typeset'];
  /** «Acide zolédronique» → «acide zolédronique», «Sacrum» → «sacrum», where the language writes nouns so. */
  readonly asCommonNoun: Typography['asCommonNoun'];
  /** A unit as it stands after its number. */
  readonly afterNumber: Typography['afterNumber'];
  /** A fixed phrase of `phrases.yaml`. */
  phrase(key: string, values?: Values): string;
  hasPhrase(key: string): boolean;
  number(value: number): string;
  quantity(value: number, unit: string | undefined): string;
  /** A measured or computed number as people say it; near a limit of its unit it keeps its decimals. */
  measured(value: number, unit: string | undefined): number;
  /** Whether a lesion lies certainly in these sites or regions. */
  isWithin(lesion: Lesion, sites: readonly string[]): boolean;
  day(span: DaySpan): string;
  list(parts: readonly string[]): string;
  alternatives(parts: readonly string[]): string;
  /** What a drug, act or finding is called: by the value sets, else as its author wrote it, made harmless. */
  nameOf(fact: Fact): string;
  /** A coded answer of an Observation, named in the same way. */
  answerOf(fact: Fact): string | undefined;
  /** Where a fact is, by its body sites; undefined when none of them is known. */
  placeOf(fact: Fact): string | undefined;
  siteOf(lesion: Lesion): string;
  /** How an order of these codes is written: its category, whether once for all lesions, the hospital's own code for it. */
  orderOf(codings: readonly CodingValue[]): OrderWriting;
  /** Whether a code system is ours. */
  isOwnSystem(system: string): boolean;
  /** What the value sets call a code. */
  displayOf(system: string, code: string): string | undefined;
}

/** How an order is written. */
export interface OrderWriting {
  readonly category: Readonly<Record<string, unknown>> | undefined;
  readonly once: boolean;
  readonly local: LocalOrder | undefined;
}

/** A text of an artifact cannot be filled in; names the text, never what stood in the chart. */
export class WordingError extends Error {
  readonly code = 'WORDING_FAILED';
}

/** A weight keeps the decimal that it was charted with: the dose is computed from it. */
const bodyWeight = 'kg';

/** SNOMED CT ends a fully specified name with the kind of concept: «(disorder)». */
const withoutTag = (display: string): string => display.replace(/ \([a-z /]+\)$/, '');

/** The label of a classification («Spondyloplastie de 2 vertèbres, par voie transcutanée avec guidage …») is no name to open a card. */
const longestActName = 40;
const actTypes: ReadonlySet<string> = new Set([
  'ServiceRequest',
  'Procedure',
  'Appointment',
  'DiagnosticReport',
]);

const atc = 'http://www.whocc.no/atc';

/** An ATC code of seven characters is a substance, a shorter one a class of them. */
const substanceLength = 7;

/** One substance has a former ATC code at times, or one for each use (aspirin). */
const codesOfOneDrug = 2;

interface Topic {
  readonly title: string | undefined;
  /** The value set holds one drug, not a class of drugs. */
  readonly isOneDrug: boolean;
}

/** The title of the value set that says most exactly what a fact is. */
function topicOf(
  sets: ReadonlySet<string>,
  language: Language,
  knowledge: Knowledge,
  terminology: Terminology,
): Topic {
  const [narrowest] = [...sets]
    .map((id) => ({ id, size: terminology.codesOf(id).length }))
    .sort((a, b) => a.size - b.size || (a.id < b.id ? -1 : 1));
  if (narrowest === undefined) return { title: undefined, isOneDrug: false };
  const valueSet = knowledge.valueSets.get(narrowest.id);
  const translated = translationIn(valueSet?._title, language);
  // What is English alone (of a hospital’s own) is no French name; what a further language lacks is said in English.
  const isSaidInEnglish = language === defaultLanguage || !isComplete(language);
  const title = translated ?? (isSaidInEnglish ? valueSet?.title : undefined);
  return { title, isOneDrug: isOneDrug(narrowest.id, terminology) };
}

/** Whether two names differ in accents and case alone. */
const isSpelledAlike = (one: string, other: string | undefined, locale: string): boolean =>
  other !== undefined && one.localeCompare(other, locale, { sensitivity: 'base' }) === 0;

function orderOf(
  codes: readonly CodingValue[],
  language: Language,
  { orders, localOrders }: Knowledge,
  terminology: Terminology,
): OrderWriting {
  const sets = codes.flatMap(({ system, code }) => terminology.setsOf(system, code));
  const bySize = [...new Set(sets)].sort(
    (a, b) => terminology.codesOf(a).length - terminology.codesOf(b).length || (a < b ? -1 : 1),
  );
  // A set of the narrowest meaning says best what the order is: whole-spine MRI before any MRI.
  const entry = bySize.map((id) => orders.orders[id]).find((each) => each !== undefined);
  const category = entry === undefined ? undefined : orders.categories[entry.category];
  return {
    category:
      category === undefined
        ? undefined
        : {
            coding: [
              { system: category.system, code: category.code, display: category.display[defaultLanguage] },
            ],
            text: textIn(category.display, language),
          },
    once: entry?.once === true,
    local: bySize.map((id) => localOrders.get(id)).find((each) => each !== undefined),
  };
}

function isOneDrug(id: string, terminology: Terminology): boolean {
  const codes = terminology.codesOf(id).filter(({ system }) => system === atc);
  return codes.length <= codesOfOneDrug && codes.every(({ code }) => code.length === substanceLength);
}

/** More days and numbers than a day's cards hold; neither says whose they are. */
const mostRemembered = 2048;

/** Intl's formats are slow, and cards repeat the same dates and numbers. */
function remembered(format: (value: number) => string): (value: number) => string {
  const known = new Map<number, string>();
  return (value) => {
    let text = known.get(value);
    if (text === undefined) {
      if (known.size >= mostRemembered) known.clear();
      known.set(value, (text = format(value)));
    }
    return text;
  };
}

/** Most lists have one part, and Intl takes its time for it too. */
function joined(parts: readonly string[], format: Intl.ListFormat): string {
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : format.format(parts);
}

/** Where the words come from. */
export interface WordingSource {
  readonly knowledge: Knowledge;
  readonly terminology: Terminology;
  readonly sites: SiteIndex;
}

/** Makes the wording of one language; meant to be made once and kept, since its formats and patterns are slow to make. */
export function wordingIn(language: Language, { knowledge, terminology, sites }: WordingSource): Wording {
  const spoken = knowledge.languages.find(({ code }) => code === language) ?? { locale: language };
  const { locale } = spoken;
  const typography = typographyOf(spoken);
  const { typeset, asCommonNoun } = typography;
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const number = remembered((value) => numbers.format(value));
  const days = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' });
  const disjunction = new Intl.ListFormat(locale, { type: 'disjunction' });

  const patterns = new WeakMap<Text, Pattern>();
  const fill = (template: Text, values: Values): string => {
    let pattern = patterns.get(template);
    try {
      if (pattern === undefined) {
        patterns.set(template, (pattern = compilePattern(textIn(template, language), locale)));
      }
      return typeset(pattern(values));
    } catch (cause) {
      throw new WordingError(`cannot fill in «${template[defaultLanguage]}»`, { cause });
    }
  };
  const phrase = (key: string, values: Values = {}): string => {
    const found = knowledge.phrases.get(key);
    if (found === undefined) throw new WordingError(`phrases.yaml has no «${key}»`);
    return fill(found, values);
  };
  const quantity = (value: number, unit: string | undefined): string => {
    if (unit === undefined) return number(value);
    const key = `unit-${unit}`;
    return knowledge.phrases.has(key)
      ? phrase(key, { n: Number.isInteger(value) ? value : number(value) })
      : `${number(value)}\u00a0${unit}`;
  };
  const limits = new Map<string, number[]>();
  for (const { unit, value } of knowledge.settings.values())
    if (unit !== undefined) limits.set(unit, [...(limits.get(unit) ?? []), value]);
  const measured = (value: number, unit: string | undefined): number =>
    unit === undefined
      ? value
      : unit === bodyWeight
        ? Math.round(value * 10) / 10
        : rounded(value, limits.get(unit) ?? []);
  const wholeDay = remembered((from) => typography.day(days.format(new Date(toIsoDay(from)))));
  const day = ({ from, to }: DaySpan): string => {
    if (from === to) return wholeDay(from);
    const iso = toIsoDay(from);
    return to - from > 31 ? iso.slice(0, 4) : months.format(new Date(iso));
  };
  // Facts of one code share one object of value sets.
  const topics = new WeakMap<ReadonlySet<string>, Topic>();
  const topicFor = (sets: ReadonlySet<string>): Topic => {
    let topic = topics.get(sets);
    if (topic === undefined) topics.set(sets, (topic = topicOf(sets, language, knowledge, terminology)));
    return topic;
  };
  const topicTitle = ({ sets, type }: Fact): string | undefined => {
    const topic = topicFor(sets);
    // The set of a drug's own codes names the drug; a class of drugs says less than the name as it stands.
    return type.startsWith('Medication') && !topic.isOneDrug ? undefined : topic.title;
  };
  const placeOf = (fact: Fact): string | undefined => {
    const places = sites.locate(fact.coded('bodySite').codings);
    return places.length === 0 ? undefined : sites.name(places, language);
  };
  const answerOf = ({ resource }: Fact): string | undefined => {
    const answer = resource['valueCodeableConcept'];
    if (!isObject(answer)) return undefined;
    const codings = codingsOf(answer);
    const sets = new Set(codings.flatMap(({ system, code }) => terminology.setsOf(system, code)));
    const known = codings.map(({ system, code }) => terminology.display(system, code, language));
    const named =
      topicFor(sets).title ?? known.find((display) => display !== undefined) ?? conceptText(answer);
    return named === undefined ? undefined : escapeMarkdown(plainText(named, 60));
  };
  const nameOf = (fact: Fact): string => {
    const name = writtenNameOf(fact);
    const short = name.length > longestActName && actTypes.has(fact.type) ? topicTitle(fact) : undefined;
    return short ?? name;
  };
  const writtenNameOf = (fact: Fact): string => {
    const { codings } = fact.coded('code');
    const place = fact.type === 'BodyStructure' ? placeOf(fact) : undefined;
    if (place !== undefined) return place;
    const topic = topicTitle(fact);
    // A laboratory's long name («Creatinine [Moles/volume] in Serum or Plasma») is not what a clinician reads.
    if (fact.type === 'Observation' && topic !== undefined) return topic;
    for (const { system, code } of codings) {
      const display = terminology.display(system, code, language);
      const isForeign =
        language !== defaultLanguage && display === terminology.display(system, code, defaultLanguage);
      // «paracetamol» is called «paracétamol» by the set of its codes, though that has several.
      const called = topicFor(fact.sets).title;
      if (isForeign && called !== undefined && isSpelledAlike(called, display, locale))
        return asCommonNoun(called);
      if (display !== undefined && !(isForeign && topic !== undefined)) return withoutTag(display);
    }
    if (language !== defaultLanguage && topic !== undefined)
      return fact.type.startsWith('Medication') ? asCommonNoun(topic) : topic;
    const written =
      codings.find(({ display }) => display !== undefined)?.display ??
      wordElements.map((element) => conceptText(fact.resource[element])).find((each) => each !== undefined);
    const medication = fact.resource['medicationReference'];
    const called = isObject(medication) ? medication['display'] : fact.resource['description'];
    const said = written ?? text(called);
    // Nobody named it: the class of drugs or problems says more than «prescription».
    if (said === undefined) return topicFor(fact.sets).title ?? phrase(`type-${fact.type}`);
    return escapeMarkdown(plainText(said, 60));
  };
  return {
    language,
    fill,
    phrase,
    hasPhrase: (key) => knowledge.phrases.has(key),
    number,
    quantity,
    measured,
    isWithin: (lesion, regions) => lesion.locations.some((place) => sites.within(place, regions) === true),
    day,
    list: (parts) => joined(parts, conjunction),
    alternatives: (parts) => joined(parts, disjunction),
    nameOf,
    answerOf,
    placeOf,
    typeset,
    asCommonNoun,
    afterNumber: typography.afterNumber,
    siteOf: (lesion) =>
      lesion.locations.length === 0 ? phrase('lesion-without-site') : sites.name(lesion.locations, language),
    orderOf: (codes) => orderOf(codes, language, knowledge, terminology),
    isOwnSystem: (system) => system.startsWith(ownSystemsAt(knowledge.canonicalBase)),
    displayOf: (system, code) => terminology.display(system, code, language),
  };
}
